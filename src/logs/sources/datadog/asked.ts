import type { Overrides } from '../../read/key-map.ts';
import type { Clock } from '../../remote/back-off.ts';
import type { Client, Window } from './client.ts';
import type { Records } from './discover.ts';

/** A question on its way: where it is asked and what the records carry. */
export interface Asked {
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly window: Window;
  readonly records: Records;
  readonly overrides: Overrides;
  /** The scope that all queries have, in Datadog's own words: built, never the user's text unless it was checked. */
  readonly base: string;
  readonly warn: ((message: string) => void) | undefined;
  /** The account in words. */
  readonly about: string;
}
