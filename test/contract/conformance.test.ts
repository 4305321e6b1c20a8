import { entries } from './sources.ts';
import { conforms } from './suite.ts';

for (const entry of entries) conforms(entry);
