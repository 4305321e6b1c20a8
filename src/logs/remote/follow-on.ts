import type { ReadRequest } from '../sources/source.ts';
import { following, lookedBackTo, type Pace } from './follow.ts';
import type { Window } from './from-question.ts';
import { Shown } from './shown.ts';
import type { recordTaker } from './take-records.ts';

type Following = Parameters<typeof following>;

/** What was shown of a window's lines, as far as whoever follows on from it must know. */
export const shownOf = (
  { follow }: ReadRequest,
  window: Window,
  pace: Pace,
  options?: { readonly repeats: boolean },
): Shown => new Shown(follow ? lookedBackTo(window.to, pace) : Number.POSITIVE_INFINITY, options);

/** Follows on from a window that has been read, where the request asks for it. */
export async function followOn(
  clocked: Following[0],
  on: Pick<Following[1], 'pace' | 'shown' | 'show' | 'push' | 'warn'> & {
    readonly request: ReadRequest;
    readonly window: Window;
    readonly taker: ReturnType<typeof recordTaker>;
  },
): Promise<void> {
  const { request, window, taker, ...how } = on;
  if (!request.follow) return;
  const { enough, pushed } = taker;
  await following(clocked, { ...how, stop: request.follow, from: window.to, enough, pushed, room: request.room });
}
