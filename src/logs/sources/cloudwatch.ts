import type { Answer } from '../answer.ts';
import type { Question } from '../question.ts';
import type { Overrides } from '../read/key-map.ts';
import { type Clock, systemClock } from '../remote/back-off.ts';
import { type Window, windowOf } from '../remote/from-question.ts';
import { onceThere } from '../remote/once-there.ts';
import { bytesInWords, dollarsInWords } from '../remote/words.ts';
import { openClient } from './cloudwatch/client.ts';
import { countIn } from './cloudwatch/count.ts';
import { discover } from './cloudwatch/discover.ts';
import { estimate, findGroups, type Group, outsideOf } from './cloudwatch/groups.ts';
import { limits, priceOf } from './cloudwatch/limits.ts';
import { readLines } from './cloudwatch/lines.ts';
import { type Asked, nativeQueries } from './cloudwatch/native.ts';
import { Meter } from './cloudwatch/run-query.ts';
import { type RemoteSource, SourceError } from './source.ts';

export interface CloudWatchOptions {
  /** Names, ARNs (another account's), or globs. */
  readonly groups: readonly string[];
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly role: string | undefined;
  /** Bytes that all queries of an answer may scan. */
  readonly maxScan: number | undefined;
  readonly overrides: Overrides;
  readonly signal: AbortSignal;
  readonly progress?: ((words: string) => void) | undefined;
  readonly warn?: (message: string) => void;
  readonly clock?: Clock;
}

/**
 * Access logs in CloudWatch Logs, asked with Logs Insights: one scan of the window counts, grouped by the signature's parts; short ones, over
 * a few minutes that together hold every kind of failure, bring lines of each. Takes what the generated pipeline stores (by the exporter, nested
 * or flat, or by the OTLP endpoint) and other JSON with the fields' usual names or those of `--map`. Time is CloudWatch's own of the event.
 */
export function cloudwatchSource(options: CloudWatchOptions): RemoteSource {
  const clock = options.clock ?? systemClock;
  const maxScan = options.maxScan ?? limits.maxScan;
  return {
    name: 'cloudwatch',
    count: (question) => opened(question, async (asked) => countIn(asked, question)),
    queries: (question) => opened(question, async (asked) => nativeQueries(asked, question)),
    read: (request) =>
      onceThere(request, { clock, signal: options.signal, warn: options.warn }, (now) =>
        opened(now.question, async (asked) => readLines(asked, now)),
      ),
  };

  async function opened<T extends Answer | object>(question: Question, use: (asked: Asked) => Promise<T>): Promise<T> {
    const window = windowOf(question);
    // What fails on one side must end what runs on the other.
    const stop = new AbortController();
    const signal = AbortSignal.any([options.signal, stop.signal]);
    const client = await openClient({ ...options, signal, clock });
    try {
      const { groups, missing } = await findGroups(client, options.groups, clock.now());
      if (groups.length === 0)
        throw new SourceError(`${options.groups.join(', ')}: no such log group in ${client.region}`);
      const layout = await discover(client, groups, window, options.overrides);
      return await use({
        run: { client, clock, signal, meter: new Meter(maxScan) },
        stop: () => stop.abort(),
        window,
        groups,
        missing,
        layout,
        overrides: options.overrides,
        progress: options.progress,
        warn: options.warn,
        guard: (scanned) => guard(groups, scanned, client.region),
      });
    } finally {
      client.end();
    }
  }

  /** Says what a scan is about to cost, and does not begin one that is beyond what was allowed. */
  function guard(groups: readonly Group[], window: Window, region: string): readonly string[] {
    const bytes = estimate(groups, window);
    const outside = outsideOf(groups, window, clock.now());
    if (bytes === undefined) return [...outside, 'no estimate was made: the size of the log group is not known'];
    const words = `about ${bytesInWords(bytes)} to scan (${dollarsInWords(priceOf(bytes, region))}), judged by the size of ${groups.length === 1 ? 'the log group' : 'the log groups'}`;
    if (bytes > maxScan)
      throw new SourceError(
        `${words}: more than --max-scan allows (${bytesInWords(maxScan)}); nothing was asked`,
        'a shorter window, fewer log groups, or a greater --max-scan',
      );
    options.warn?.(words);
    return outside;
  }
}
