import { Misuse } from './misuse.ts';

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `90m`, `1h30m`, `2d` in milliseconds. */
export function parseSpan(text: string, flag: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)];
  if (parts.length === 0 || parts.map((p) => p[0]).join('') !== text)
    throw new Misuse(`${flag} ${text}: not a span of time`, 'write it as 90m, 1h30m or 2d');
  return parts.reduce((sum, p) => sum + Number(p[1]) * (units[p[2] ?? ''] ?? 0), 0);
}

/** An instant in epoch ms: ISO 8601 (UTC unless it names a zone), `2026-11-20`, or `14:05` today in UTC. */
export function parseInstant(text: string, flag: string, now: number): number {
  const clock = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (clock) {
    const [h, m, s] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
    if (h < 24 && m < 60 && s < 60) return Math.floor(now / 86_400_000) * 86_400_000 + ((h * 60 + m) * 60 + s) * 1000;
  }
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  const parsed = iso
    ? Date.parse(
        `${iso[1]}T${iso[2] ?? '00:00'}${iso[3] ?? ':00'}${iso[4]?.replace(/^(.\d\d)(\d\d)$/, '$1:$2') ?? 'Z'}`,
      )
    : Number.NaN;
  // JavaScript rolls 30 February over to March; a user who writes it made a slip.
  if (Number.isNaN(parsed) || !dayExists(iso?.[1] ?? ''))
    throw new Misuse(
      `${flag} ${text}: not a time`,
      'write it as 2026-11-20T14:05:00Z, 2026-11-20 14:05 or 14:05 (today), all UTC',
    );
  return parsed;
}

/** The window [from, to) that --since, --from and --to ask for. */
export function parseWindow(
  options: { since?: string | undefined; from?: string | undefined; to?: string | undefined },
  now: number,
): { from: number | undefined; to: number | undefined } {
  if (options.since !== undefined && options.from !== undefined)
    throw new Misuse('--since and --from both say where to begin', 'give one of them');
  const from =
    options.since !== undefined
      ? now - parseSpan(options.since, '--since')
      : options.from !== undefined
        ? parseInstant(options.from, '--from', now)
        : undefined;
  const to = options.to !== undefined ? parseInstant(options.to, '--to', now) : undefined;
  if (from !== undefined && to !== undefined && from >= to) {
    throw new Misuse(
      `the window ends (${new Date(to).toISOString()}) before it begins (${new Date(from).toISOString()})`,
      'times are UTC; --from must be before --to',
    );
  }
  return { from, to };
}

/** What a remote store is asked about: the last hour, or the hour before --to, where no beginning is given; until now, where no end is. */
export function bounded(
  { from, to }: { from: number | undefined; to: number | undefined },
  now: number,
): { from: number; to: number } {
  const end = to ?? now;
  return { from: from ?? end - 3_600_000, to: end };
}

function dayExists(day: string): boolean {
  const [y = 0, m = 0, d = 0] = day.split('-').map(Number);
  return d <= new Date(Date.UTC(y, m, 0)).getUTCDate();
}
