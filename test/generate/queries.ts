import type { Artefact } from '../../src/generate/artefact.ts';
import { generateQueries } from '../../src/generate/queries/index.ts';
import { sideOf } from '../../src/signals/request.ts';
import { type Recorded, recorded, storedAttributes } from '../contract/traffic.ts';
import { modelOf } from './model.ts';

/** The window of the recorded incident that the questions are asked over. */
export const window = { from: Date.parse('2026-11-20T09:00:00Z'), to: Date.parse('2026-11-20T09:30:00Z') } as const;

/** The files for one environment, `prod`, with such logs; by the question's number. */
export function queriesFor(logs: string, more = ''): ReadonlyMap<number, Artefact> {
  const contract = `
version: 1
kgateway: { version: "2.4" }
environments: { prod: { metrics: { to: prometheus }, logs: ${logs}, traces: { to: none } ${more.startsWith(',') ? more : ''} } }
clusters: { c: { environment: prod, region: eu-west-1 } }
gateways: [{ name: edge, namespace: gateways }]
${more.startsWith(',') ? '' : more}`;
  return new Map(generateQueries(modelOf(contract)).map((a) => [Number(a.path.split('/')[2]?.[0]), a]));
}

export type Stored = Readonly<Record<string, string | number>>;

/** A record's attributes as the Collector stores them, with whose fault it was. */
export function stored({ record }: Recorded): Stored {
  const side = sideOf(record);
  return { ...storedAttributes(record), ...(side === 'none' ? {} : { side }) };
}

export const traffic = (): readonly Recorded[] => recorded(window.from, window.to);

const flagged = (r: Stored, flag: string): boolean => String(r['envoy.response_flags']).split(',').includes(flag);

/** What each question counts, said a second time and in another way: the condition, and the attributes grouped by. */
const meant: Readonly<Record<number, readonly [(r: Stored) => boolean, readonly string[]]>> = {
  1: [(r) => r['side'] !== undefined, ['side', 'vigia.signature']],
  2: [(r) => r['side'] !== undefined, ['envoy.route_name', 'envoy.upstream_cluster', 'side']],
  3: [
    (r) => r['http.response.status_code'] === 503,
    ['envoy.response_flags', 'vigia.details', 'envoy.upstream_cluster'],
  ],
  4: [(r) => flagged(r, 'UC'), ['envoy.upstream_cluster', 'vigia.age_bucket']],
  5: [(r) => r['http.response.status_code'] === 0 || flagged(r, 'DC'), ['vigia.duration_bucket', 'envoy.route_name']],
};

/** Requests by the question's keys, joined by tabs; unset is `-`. */
export function counted(question: number, records: readonly Stored[]): Readonly<Record<string, number>> {
  const [is, by] = meant[question] ?? [() => false, []];
  const counts: Record<string, number> = {};
  for (const r of records.filter(is)) {
    const key = by.map((name) => r[name] ?? '-').join('\t');
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The attributes that a question groups by. */
export const keysOf = (question: number): readonly string[] => meant[question]?.[1] ?? [];
