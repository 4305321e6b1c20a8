import type { Question } from '../question.ts';
import type { Overrides } from '../read/key-map.ts';
import { type Clock, systemClock } from '../remote/back-off.ts';
import { all } from '../remote/expression.ts';
import { aggregationOf, windowOf } from '../remote/from-question.ts';
import { onceThere } from '../remote/once-there.ts';
import { bucketWidth } from '../remote/window.ts';
import type { Asked } from './datadog/asked.ts';
import { openClient } from './datadog/client.ts';
import { countIn } from './datadog/count.ts';
import { discover } from './datadog/discover.ts';
import { LogSearch } from './datadog/language.ts';
import { readLines } from './datadog/lines.ts';
import type { NativeQuery, RemoteSource } from './source.ts';

export interface DatadogOptions {
  readonly site: string;
  readonly url: string | undefined;
  readonly apiKey: string;
  readonly appKey: string;
  /** Tags and reserved attributes, and the values that one of them must have (`*` is any run of characters); never empty. */
  readonly scope: Readonly<Record<string, readonly string[]>>;
  readonly overrides: Overrides;
  readonly signal: AbortSignal;
  readonly progress?: ((words: string) => void) | undefined;
  readonly warn?: (message: string) => void;
  readonly clock?: Clock;
}

/**
 * Access logs in Datadog, asked with its aggregate and search calls: failing records are grouped by `vigia.signature`, which the generated
 * pipeline writes, because Datadog groups by few attributes at once; other records by route. Takes foreign records with the fields' usual names
 * or those of `--map` too, in less detail.
 */
export function datadogSource(options: DatadogOptions): RemoteSource {
  const clock = options.clock ?? systemClock;
  const plain = new LogSearch({ name: () => undefined, fields: [], routeIs: 'route' });
  const base = Object.entries(options.scope)
    .map(
      ([key, values]) =>
        `${key}:(${values.map((v) => (v.includes('*') ? plain.regex(v) : plain.literal(v))).join(' OR ')})`,
    )
    .join(' AND ');
  return {
    name: 'datadog',
    count: (question) => opened(question, (asked) => countIn(asked, question)),
    queries: (question) => opened(question, async (asked) => nativeQueries(asked, question)),
    read: (request) =>
      onceThere(request, { clock, signal: options.signal, warn: options.warn }, (now) =>
        opened(now.question, async (asked) => readLines(asked, now)),
      ),
  };

  async function opened<T>(question: Question, use: (asked: Asked) => Promise<T>): Promise<T> {
    const window = windowOf(question);
    const client = await openClient({ ...options, clock });
    options.progress?.('Datadog: what the records carry');
    const records = await discover(client, base, window, options.overrides);
    options.progress?.('Datadog: counting');
    return use({
      client,
      clock,
      signal: options.signal,
      window,
      records,
      overrides: options.overrides,
      base,
      warn: options.warn,
      about: options.site,
    });
  }
}

/** What to paste into the log explorer; its grouping is chosen beside the query there. */
function nativeQueries({ records, window, base, about }: Asked, question: Question): readonly NativeQuery[] {
  const search = new LogSearch(records.layout);
  const aggregation = aggregationOf(question, window, bucketWidth(window), records.layout);
  const beside = [
    `site: ${about}`,
    `time: ${new Date(window.from).toISOString()} to ${new Date(window.to).toISOString()} (UTC)`,
  ];
  const failing = `${base} AND ${search.test(all(aggregation.where, aggregation.failing))}`;
  return [
    {
      title: 'counts by signature',
      beside: [...beside, `group by: ${records.signature ?? 'route, status, flags'}, count`],
      text: failing,
    },
    { title: 'the failing requests themselves', beside, text: failing },
  ];
}
