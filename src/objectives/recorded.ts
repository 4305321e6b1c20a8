import { duration } from '../boards/query/promql-text.ts';
import { burnWindowsMs } from '../contract/burn-rates.ts';
import type { Objective } from '../contract/model.ts';
import type { Indicator } from './indicator.ts';

/**
 * Requests per second that count for an objective, those that were bad, and of these what the gateway's people have to mend. Of a latency the
 * gateway's own time can be told of some requests alone, so they are counted apart.
 */
export type RecordedPart = 'requests' | 'bad' | 'requests_by_gateway' | 'bad_by_gateway';

/**
 * The series that an objective is recorded in, one for each window (ms), labelled `objective`, `environment` and `gateway`. Rates, not a ratio:
 * rates may be added up over gateways. Boards ask for the same names (boards/query/objective.ts).
 */
export const recordedName = (part: RecordedPart, windowMs: number): string =>
  `gateway:objective_${part}:rate${duration(windowMs)}`;

export const badPart = (blame: Indicator['blame']): RecordedPart => (blame === 'gateway' ? 'bad_by_gateway' : 'bad');

export const validPart = ({ indicator }: Pick<Objective, 'indicator'>, blame: Indicator['blame']): RecordedPart =>
  indicator.kind === 'latency' && blame === 'gateway' ? 'requests_by_gateway' : 'requests';

/** The window of which the longer ones are made, and how often it is. */
export const baseWindowMs = 300_000;
export const everyMs = 60_000;
/** The whole of an objective is looked at less often: it holds tens of thousands of points. */
export const wholeEveryMs = 300_000;

const dayMs = 86_400_000;

/** Windows that alerts and boards ask for, and the objective's own. */
export const windowsOf = ({
  windowDays,
}: Pick<Objective, 'windowDays'>): { readonly burn: readonly number[]; readonly whole: number } => ({
  burn: burnWindowsMs.filter((w) => w < windowDays * dayMs),
  whole: windowDays * dayMs,
});
