import { ownLabels, watchIdentity } from '../../signals/verdicts.ts';
import type { Cut } from '../../watch/windows.ts';
import { Misuse } from '../misuse.ts';
import { oneOf } from '../options.ts';
import { parseSpan } from '../time.ts';

/** What `vigia watch` was told, checked. */
export interface Settings {
  readonly cut: Cut;
  readonly timeout: number;
  /** Undefined for `none`. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  readonly otlp: string | undefined;
  readonly state: string | undefined;
  readonly instance: string | undefined;
  /** By attribute, all of them. */
  readonly identity: Readonly<Record<string, string>>;
  readonly maxSeries: number;
}

type IdentityId = (typeof watchIdentity)[number];

export function settingsOf(
  options: Readonly<Record<string, unknown>>,
  delay: string,
  known: Readonly<Partial<Record<IdentityId, string>>>,
): Settings {
  const text = (key: string) => options[key] as string | undefined;
  const span = (key: string, flag: string, fallback: string, least: number): number => {
    const ms = parseSpan(text(key) ?? fallback, flag);
    if (ms < least) throw new Misuse(`${flag} ${text(key)}: less than ${least / 1000} s`);
    return ms;
  };
  const every = span('every', '--every', '1m', 1000);
  if (every > 86_400_000) throw new Misuse(`--every ${text('every')}: more than a day`, 'windows are minutes or hours');
  const maxSeries = Number(options['maxSeries']);
  if (!Number.isInteger(maxSeries) || maxSeries < 1)
    throw new Misuse(`--max-series ${text('maxSeries')}: not a whole number above 0`);
  return {
    cut: { every, delay: span('delay', '--delay', delay, 0), catchUp: span('catchUp', '--catch-up', '1h', 0) },
    timeout: span('timeout', '--timeout', '5m', 1000),
    listen: listenOf(text('listen') ?? 'none'),
    otlp: urlOf(text('otlp')),
    state: text('state'),
    instance: text('instance'),
    identity: identityOf((options['identity'] as string[] | undefined) ?? [], known),
    maxSeries,
  };
}

function listenOf(text: string): Settings['listen'] {
  if (text === 'none') return undefined;
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  if (!found || port > 65_535)
    throw new Misuse(`--listen ${text}: not HOST:PORT`, 'for example 127.0.0.1:9464, 0.0.0.0:9464, [::1]:9464 or none');
  return { host: found[1] ?? found[2] ?? '', port };
}

function urlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol)) return text;
  throw new Misuse(`--otlp ${text}: not a URL`, "the Collector's gRPC port, for example http://collector:4317");
}

function identityOf(
  labels: readonly string[],
  known: Readonly<Partial<Record<IdentityId, string>>>,
): Readonly<Record<string, string>> {
  const given = new Map<IdentityId, string>(Object.entries(known) as [IdentityId, string][]);
  for (const label of labels) {
    const at = label.indexOf('=');
    if (at < 1 || at === label.length - 1)
      throw new Misuse(`--identity ${label}: not NAME=VALUE`, 'for example --identity gateway=public.edge');
    given.set(oneOf(label.slice(0, at), watchIdentity, '--identity'), label.slice(at + 1));
  }
  return Object.fromEntries(
    watchIdentity.map((id) => [ownLabels[id].attribute, given.get(id) ?? ownLabels[id].absent]),
  );
}
