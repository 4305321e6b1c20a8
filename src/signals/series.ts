import { type Signal, type SignalId, signals } from './catalogue.ts';
import { identityLabels, type LabelId, labels } from './labels.ts';
import { type ScrapedId, type ScrapedSeries, scraped } from './scraped.ts';

/** What a query may ask for: a signal made of access logs, or a series that is scraped. */
export type SeriesId = SignalId | ScrapedId;

/** On a board a flag is a flag, the primary one or each of a request's. */
type Named<L extends LabelId> = L extends 'nthFlag' ? 'flag' : L;
type LogLabels<S> = S extends Signal<infer L> ? Named<L> | (typeof identityLabels)[number] : never;
type ScrapedLabels<S> = S extends ScrapedSeries<infer L> ? L : never;

/** The labels of a series by id; another one does not compile. */
export type LabelOf<S extends SeriesId> = S extends SignalId
  ? LogLabels<(typeof signals)[S]>
  : S extends ScrapedId
    ? ScrapedLabels<(typeof scraped)[S]>
    : never;

export type SeriesLabel = LabelOf<SeriesId>;

/** A label of the contract, `custom:<name>`; on signals made of access logs only. Whether the environment has it is checked by the compiler. */
export type CustomLabel = `custom:${string}`;

/** A series in one form, whatever it comes from. */
export interface Series {
  readonly id: SeriesId;
  readonly origin: 'access-log' | ScrapedSeries['origin'];
  readonly name: string;
  readonly unit: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Label id to the attribute at the source. */
  readonly labels: Readonly<Partial<Record<SeriesLabel, string>>>;
  readonly not: Readonly<Record<string, readonly string[]>>;
  readonly since: string | undefined;
  readonly description: string;
}

export function seriesOf(id: SeriesId): Series {
  return id in signals ? fromLogs(id as SignalId) : fromScrape(id as ScrapedId);
}

function fromLogs(id: SignalId): Series {
  const signal: Signal = signals[id];
  const own = [...identityLabels, ...signal.labels].map((l) => [l === 'nthFlag' ? 'flag' : l, labels[l].attribute]);
  const { name, unit, type, description } = signal;
  return {
    id,
    origin: 'access-log',
    name,
    unit,
    type,
    labels: Object.fromEntries(own),
    not: {},
    since: undefined,
    description,
  };
}

function fromScrape(id: ScrapedId): Series {
  const { not, since, ...rest }: ScrapedSeries = scraped[id];
  return { id, ...rest, not: not ?? {}, since };
}

export const seriesIds: readonly SeriesId[] = [
  ...(Object.keys(signals) as SignalId[]),
  ...(Object.keys(scraped) as ScrapedId[]),
];
