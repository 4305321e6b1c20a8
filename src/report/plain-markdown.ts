import { clean } from './clean.ts';

/** Text that may hold what Markdown reads: a name from a manifest or a contract. */
export const plain = (text: string): string => clean(text).replace(/[\\`*_[\]<>|#]/g, (c) => `\\${c}`);
