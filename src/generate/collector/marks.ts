import { set } from './ottl.ts';

/**
 * What the first steps found out about a record, where later conditions see it without a search through its forty attributes: in its severity
 * number. Envoy leaves that at 0, and it gets its real value last (store.ts).
 */
const number = 'log.severity_number';
const [odd, failing, asked] = ['SEVERITY_NUMBER_TRACE', 'SEVERITY_NUMBER_TRACE2', 'SEVERITY_NUMBER_TRACE3'];

/** No plain success: the only records that anything has to be decoded of. */
export const markOdd = set(number, odd);
/** One that something is known against, a side or a flag: what a store groups by is made for these. */
export const markFailing = (...when: readonly string[]): string => set(number, failing, ...when);

/** One whose side is asked for. The groups of side.ts turn it into one of the others, so that those after the right one see a number and go on. */
export const markAsked = (...when: readonly string[]): string => set(number, asked, ...when);
export const answered: readonly string[] = [set(number, odd, `${number} == ${asked}`)];

export const isAsked = `${number} == ${asked}`;
export const isMarked = `${number} != SEVERITY_NUMBER_UNSPECIFIED`;
export const isFailing = `${number} == ${failing}`;
export const isNotFailing = `${number} != ${failing}`;
