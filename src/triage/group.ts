import type { Signature } from '../logs/signature.ts';

/** Everything that one cause explains, summed up: what evidence and next steps are written from. */
export interface Group {
  readonly count: number;
  readonly statuses: readonly Named[];
  readonly flags: readonly Named[];
  readonly details: readonly Named[];
  readonly routes: readonly Named[];
  readonly backends: readonly Named[];
  readonly hosts: readonly Named[];
  readonly attempts: readonly Named[];
  readonly durationMin: number | undefined;
  readonly durationMax: number | undefined;
  readonly ageMin: number | undefined;
  readonly ageMax: number | undefined;
  readonly idleGaps: readonly number[];
  readonly signatures: readonly Signature[];
}

export interface Named {
  readonly name: string;
  readonly count: number;
}

/** Sums signatures by a property; most first, ties by name. Unset is left out. */
export function countBy(
  signatures: readonly Signature[],
  of: (s: Signature) => string | number | null | undefined,
): readonly Named[] {
  const counts = new Map<string, number>();
  // No iterator here and below: thousands of signatures are summed up eight times each.
  signatures.forEach((s) => {
    const name = of(s);
    if (name !== null && name !== undefined) counts.set(String(name), (counts.get(String(name)) ?? 0) + s.count);
  });
  return ranked(counts);
}

function hostsOf(signatures: readonly Signature[]): readonly Named[] {
  const counts = new Map<string, number>();
  signatures.forEach(({ hosts }) => {
    hosts.forEach((n, host) => {
      counts.set(host, (counts.get(host) ?? 0) + n);
    });
  });
  return ranked(counts);
}

const ranked = (counts: ReadonlyMap<string, number>): readonly Named[] =>
  [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));

export function groupOf(signatures: readonly Signature[], idleGaps: readonly number[]): Group {
  const extreme = (pick: (a: number, b: number) => number, of: (s: Signature) => number) => {
    let found: number | undefined;
    signatures.forEach((s) => {
      const value = of(s);
      if (!Number.isNaN(value)) found = found === undefined ? value : pick(found, value);
    });
    return found;
  };
  return {
    count: signatures.reduce((sum, s) => sum + s.count, 0),
    statuses: countBy(signatures, (s) => s.status),
    flags: countBy(signatures, (s) => s.flags),
    details: countBy(signatures, (s) => s.details),
    routes: countBy(signatures, (s) => s.route),
    backends: countBy(signatures, (s) => s.backend),
    hosts: hostsOf(signatures),
    attempts: countBy(signatures, (s) => s.attempts),
    durationMin: extreme(Math.min, (s) => s.durationMin),
    durationMax: extreme(Math.max, (s) => s.durationMax),
    ageMin: extreme(Math.min, (s) => s.ageMin),
    ageMax: extreme(Math.max, (s) => s.ageMax),
    idleGaps,
    signatures,
  };
}

/** The name most of it happened at, for commands. */
export const most = (names: readonly Named[]): string | undefined => names[0]?.name;
