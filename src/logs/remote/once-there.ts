import { NoRecords, type ReadRequest, type RecordsReport, SourceError } from '../sources/source.ts';
import type { Clock } from './back-off.ts';

/** How often a place without records is looked at again, ms; that costs a store a call or two. */
const pauseMs = 10_000;

/**
 * Reads; where nothing is there yet, a follower waits for the first record, which says what the fields are: at night that is what quiet looks
 * like. Without `follow` nothing there is an error.
 */
export async function onceThere(
  request: ReadRequest,
  o: { readonly clock: Clock; readonly signal: AbortSignal; readonly warn: ((message: string) => void) | undefined },
  read: (request: ReadRequest) => Promise<RecordsReport>,
): Promise<RecordsReport> {
  let asked = request;
  for (let told = false; ; told = true) {
    try {
      return await read(asked);
    } catch (error) {
      if (!(error instanceof NoRecords) || !request.follow) throw error;
      if (!told) o.warn?.(`${error.message}: waiting for the first`);
    }
    await Promise.race([request.follow, o.clock.sleep(pauseMs, o.signal).catch(() => undefined)]);
    if (o.signal.aborted || (await over(request.follow))) throw new SourceError('stopped before there was a record');
    asked = { ...request, question: { ...request.question, to: Math.max(request.question.to ?? 0, o.clock.now()) } };
  }
}

/** Whether it has resolved by now. */
const over = (promise: Promise<void>): Promise<boolean> =>
  Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
