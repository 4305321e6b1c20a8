import type { LogCondition } from './board.ts';

/**
 * The line that asks the log behind a panel whose fault it was, in the flags of `vigia triage`. Of a flag that takes one value none is
 * written where the condition names several: wider, never another question. `failed` needs no flag, as triage tells of failures alone.
 */
export function triageCommand({ status, side, flag }: LogCondition, since = '1h'): string {
  return [
    `vigia triage --since ${since}`,
    ...(status === undefined ? [] : [`--status ${status}`]),
    ...(side?.length === 1 ? [`--side ${side[0]}`] : []),
    ...(flag?.length === 1 ? [`--where flags=${flag[0]}`] : []),
  ].join(' ');
}
