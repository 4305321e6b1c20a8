import type { Alignment } from '../../align/align.ts';

/** All of it. A limit of `null` ms is none: nothing ends it. */
export const json = (alignment: Alignment): string => `${JSON.stringify(alignment, null, 2)}\n`;
