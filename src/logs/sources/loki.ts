import type { Question } from '../question.ts';
import type { Overrides } from '../read/key-map.ts';
import { type Clock, systemClock } from '../remote/back-off.ts';
import { all } from '../remote/expression.ts';
import { aggregationOf, windowOf } from '../remote/from-question.ts';
import { onceThere } from '../remote/once-there.ts';
import { bucketWidth, stillArriving } from '../remote/window.ts';
import type { Asked } from './loki/asked.ts';
import { type ClientOptions, Meter, openClient } from './loki/client.ts';
import { countIn } from './loki/count.ts';
import { discover } from './loki/discover.ts';
import { LogQl, type Records } from './loki/language.ts';
import { limits } from './loki/limits.ts';
import { readLines } from './loki/lines.ts';

export { trustAlso } from './loki/trust.ts';

import { type NativeQuery, type RemoteSource, SourceError } from './source.ts';

export interface LokiOptions extends Pick<ClientOptions, 'url' | 'tenant' | 'auth' | 'signal'> {
  /** Labels of the streams, and the values that one of them must have (`*` is any run of characters); never empty. */
  readonly selector: Records['selector'];
  /** Bytes that Loki may read for an answer. */
  readonly maxScan: number | undefined;
  readonly overrides: Overrides;
  readonly progress?: ((words: string) => void) | undefined;
  readonly warn?: (message: string) => void;
  readonly clock?: Clock;
}

/**
 * Access logs in Loki: metric queries count, grouped by the signature's parts over structured metadata or JSON lines; one log query brings
 * lines. Takes what the generated pipeline stores (OTLP) and JSON lines with the fields' usual names or those of `--map`.
 */
export function lokiSource(options: LokiOptions): RemoteSource {
  const clock = options.clock ?? systemClock;
  const maxScan = options.maxScan ?? limits.maxScan;
  const about = Object.entries(options.selector)
    .map(([label, values]) => `${label}=${values.join('|')}`)
    .join(', ');
  return {
    name: 'loki',
    count: (question) => opened(question, (asked) => countIn(asked, question)),
    queries: (question) => opened(question, async (asked) => nativeQueries(asked, question)),
    read: (request) =>
      onceThere(request, { clock, signal: options.signal, warn: options.warn }, (now) =>
        opened(now.question, async (asked) => readLines(asked, now)),
      ),
  };

  async function opened<T>(question: Question, use: (asked: Asked) => Promise<T>): Promise<T> {
    const window = windowOf(question);
    const stop = new AbortController();
    const signal = AbortSignal.any([options.signal, stop.signal]);
    const client = openClient({ ...options, signal, clock }, new Meter(maxScan));
    const records = await discover(client, options.selector, window, options.overrides);
    const blind = new LogQl({ ...records, layout: { name: () => undefined, fields: [], routeIs: 'route' } });
    return use({
      client,
      at: { ...options, clock },
      clock,
      signal,
      stop: () => stop.abort(),
      window,
      records,
      overrides: options.overrides,
      about: `${options.url} ${about}`,
      progress: options.progress,
      warn: options.warn,
      async guard() {
        const bytes = await client.volume(blind.lines(all()), window.from, window.to);
        const late = stillArriving(window, clock.now());
        if (bytes === undefined) return [...late, 'no estimate was made: this Loki tells no volumes'];
        const words = `about ${(bytes / 1e9).toFixed(2)} GB are stored for the window, and some ten queries read them`;
        if (bytes > maxScan)
          throw new SourceError(
            `${words}: more than --max-scan allows (${(maxScan / 1e9).toFixed(0)} GB); nothing was asked`,
            'a shorter window, a narrower --label, or a greater --max-scan',
          );
        if (bytes > 1e9) options.warn?.(words);
        return late;
      },
    });
  }
}

/** The queries of a triage for Grafana's Explore; the range is chosen beside them. */
function nativeQueries({ records, window, about }: Asked, question: Question): readonly NativeQuery[] {
  const logql = new LogQl(records);
  const aggregation = aggregationOf(question, window, bucketWidth(window), records.layout);
  const beside = [
    `Loki: ${about}`,
    `time: ${new Date(window.from).toISOString()} to ${new Date(window.to).toISOString()} (UTC)`,
  ];
  return [
    { title: 'counts by signature', beside, text: logql.counting(aggregation) },
    {
      title: 'the failing requests themselves',
      beside,
      text: logql.lines(all(aggregation.where, aggregation.failing)),
    },
  ];
}
