import { set } from './ottl.ts';

/**
 * What the first steps found out about a record, where later conditions see it without a search through its forty attributes: in its severity
 * number. Envoy leaves that at 0, and it gets its real value last (store.ts).
 */
const number = 'log.severity_number';
const [odd, failing] = ['SEVERITY_NUMBER_TRACE', 'SEVERITY_NUMBER_TRACE2'];

/** No plain success: the only records that anything has to be decoded of. */
export const markOdd = set(number, odd);
/** One that something is known against, a side or a flag: what a store groups by is made for these. */
export const markFailing = (...when: readonly string[]): string => set(number, failing, ...when);

export const isMarked = `${number} != SEVERITY_NUMBER_UNSPECIFIED`;
export const isFailing = `${number} == ${failing}`;
export const isNotFailing = `${number} != ${failing}`;
