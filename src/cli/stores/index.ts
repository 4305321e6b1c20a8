import type { StoreName } from '../../logs/answer.ts';
import { cloudwatch } from './cloudwatch.ts';
import { datadog } from './datadog.ts';
import { loki } from './loki.ts';
import type { Store } from './store.ts';

/** Every remote store: its name in `storeNames` (logs/answer.ts) and in the contract's `logs.to`, one line here. */
export const stores: { readonly [Name in StoreName]: Store<Name> } = { cloudwatch, loki, datadog };
