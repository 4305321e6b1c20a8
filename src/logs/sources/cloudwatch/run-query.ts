import type { ResultField } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../remote/back-off.ts';
import type { Window } from '../../remote/from-question.ts';
import { bytesInWords } from '../../remote/words.ts';
import type { Client } from './client.ts';
import { CloudWatchError, inWords } from './errors.ts';
import type { Group } from './groups.ts';
import { limits } from './limits.ts';

/** What all queries of one answer have read so far, and when it is too much. */
export class Meter {
  readonly #running = new Map<string, number>();
  readonly #maxScan: number;
  queries = 0;
  bytes = 0;
  records = 0;
  reported = false;

  constructor(maxScan: number) {
    this.#maxScan = maxScan;
  }

  /** Notes what a running query has scanned; throws when all of them together have scanned more than allowed. */
  running(id: string, bytes: number): void {
    this.#running.set(id, bytes);
    const sum = this.bytes + [...this.#running.values()].reduce((a, b) => a + b, 0);
    if (sum > this.#maxScan)
      throw new CloudWatchError(
        'other',
        `stopped after ${bytesInWords(sum)}: more than --max-scan allows`,
        'a shorter window, fewer log groups, or a greater --max-scan',
      );
  }

  ended(id: string, bytes: number | undefined, records: number | undefined): void {
    this.#running.delete(id);
    if (bytes === undefined) return;
    this.reported = true;
    this.bytes += bytes;
    this.records += records ?? 0;
  }
}

export interface Run {
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly meter: Meter;
}

/** How a query ended: all rows were given; there are more than may be taken and none was given; or as many as may be taken were given. */
export type Ended = 'complete' | 'too-many' | 'cut';

/** `Timeout` and `Failed` of one query; its window may be asked again in halves. */
export class QueryFailed extends CloudWatchError {}

/**
 * Runs one query over the window and gives its rows, a page at a time, when all of it has been scanned: rows of a running query are partial
 * sums. A query that is not waited for to its end, whatever the reason, is stopped there: it would run on, and be billed.
 */
export async function runQuery(
  run: Run,
  query: { readonly text: string; readonly window: Window; readonly groups: readonly Group[]; readonly rows: number },
  /** Nothing narrower can be asked: too many rows are better than none. */
  { last }: { readonly last: boolean },
  page: (rows: readonly (readonly ResultField[])[]) => void,
): Promise<Ended> {
  const { client, clock, signal, meter } = run;
  const { text, window, groups, rows } = query;
  const about = groups.map((g) => g.id).join(', ');
  const ids = groups.map((g) => g.id);
  const started = await client.call(
    (c) =>
      // Never cut off on its way: a query that began without our learning its id could not be stopped.
      c.send(
        new client.sdk.StartQueryCommand({
          ...(ids.some((id) => id.startsWith('arn:')) ? { logGroupIdentifiers: ids } : { logGroupNames: ids }),
          queryString: text,
          // Whole seconds, both ends included; the text has the exact edges.
          startTime: Math.floor(window.from / 1000),
          endTime: Math.floor((window.to - 1) / 1000),
          limit: rows,
        }),
      ),
    about,
  );
  const queryId = started.queryId ?? '';
  meter.queries++;
  let over = false;
  try {
    for (let wait = 500; ; wait = Math.min(5000, wait * 1.6)) {
      const got = await client.call(
        (c, abortSignal) =>
          c.send(
            new client.sdk.GetQueryResultsCommand({ queryId, maxItems: limits.page }),
            abortSignal ? { abortSignal } : {},
          ),
        about,
      );
      const { status, statistics } = got;
      if (status === 'Complete') {
        over = true;
        meter.ended(queryId, statistics?.bytesScanned, statistics?.recordsScanned);
        if (got.nextToken === undefined) {
          const found = got.results ?? [];
          if (found.length >= rows && !last) return 'too-many';
          page(found);
          return found.length >= rows ? 'cut' : 'complete';
        }
        return await pages(run, queryId, got.results ?? [], got.nextToken, { rows, last }, about, page);
      }
      if (status === 'Failed' || status === 'Timeout' || status === 'Cancelled') {
        over = true;
        meter.ended(queryId, statistics?.bytesScanned, statistics?.recordsScanned);
        throw new QueryFailed(
          'other',
          `${about}: CloudWatch ended the query: ${status}`,
          'a shorter window scans less',
          { passing: true },
        );
      }
      meter.running(queryId, statistics?.bytesScanned ?? 0);
      await clock.sleep(wait, signal);
    }
  } catch (error) {
    throw inWords(error, { about });
  } finally {
    if (!over) await stopQuery(client, queryId);
  }
}

/** Pages wait until their number is known to fit: what was cut off would be counted as if it were all. */
async function pages(
  run: Run,
  queryId: string,
  first: readonly (readonly ResultField[])[],
  token: string,
  { rows, last }: { readonly rows: number; readonly last: boolean },
  about: string,
  page: (rows: readonly (readonly ResultField[])[]) => void,
): Promise<Ended> {
  const { client } = run;
  const held = [first];
  let count = first.length;
  for (let nextToken: string | undefined = token; nextToken !== undefined; ) {
    const from: string = nextToken;
    const got = await client.call(
      (c, abortSignal) =>
        c.send(
          new client.sdk.GetQueryResultsCommand({ queryId, maxItems: limits.page, nextToken: from }),
          abortSignal ? { abortSignal } : {},
        ),
      about,
    );
    held.push(got.results ?? []);
    count += got.results?.length ?? 0;
    if (count >= rows && !last) return 'too-many';
    nextToken = got.nextToken;
  }
  for (const some of held) page(some);
  return count >= rows ? 'cut' : 'complete';
}

/** A query that is over by now can't be stopped, which is fine. */
async function stopQuery(client: Client, queryId: string): Promise<void> {
  try {
    await client.call((c) => c.send(new client.sdk.StopQueryCommand({ queryId })), 'stopping a query', {
      always: true,
    });
  } catch {
    // Nothing more can be done about it, and what led here says more.
  }
}
