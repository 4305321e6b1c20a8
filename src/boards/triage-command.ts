import type { LogCondition } from './board.ts';

/** Which log and which time; the last hour where no time is said. A vendor that can fill in what is on the screen gives its own words for it. */
export interface Asked {
  readonly cluster?: string | undefined;
  readonly from?: string;
  readonly to?: string;
}

/**
 * The line that asks the log behind a panel whose fault it was, in the flags of `vigia triage`. Of a flag that takes one value none is
 * written where the condition names several: wider, never another question. `failed` needs no flag, as triage tells of failures alone.
 */
export function triageCommand({ status, side, flag }: LogCondition, when: Asked = {}): string {
  return [
    'vigia triage',
    ...(when.cluster === undefined ? [] : [`--cluster ${when.cluster}`]),
    ...(when.from === undefined ? ['--since 1h'] : [`--from ${when.from}`]),
    ...(when.to === undefined ? [] : [`--to ${when.to}`]),
    ...(status === undefined ? [] : [`--status ${status}`]),
    ...(side?.length === 1 ? [`--side ${side[0]}`] : []),
    ...(flag?.length === 1 ? [`--where flags=${flag[0]}`] : []),
  ].join(' ');
}
