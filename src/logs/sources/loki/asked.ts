import type { Overrides } from '../../read/key-map.ts';
import type { Clock } from '../../remote/back-off.ts';
import type { Window } from '../../remote/from-question.ts';
import type { Client, ClientOptions } from './client.ts';
import type { Records } from './language.ts';

/** A question on its way: where it is asked, what the records carry, and what it may cost. */
export interface Asked {
  readonly client: Client;
  /** Where the client asks, and as whom. */
  readonly at: Omit<ClientOptions, 'signal'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Ends everything that runs. */
  stop(): void;
  readonly window: Window;
  readonly records: Records;
  readonly overrides: Overrides;
  /** The selector in words. */
  readonly about: string;
  readonly progress: ((words: string) => void) | undefined;
  readonly warn: ((message: string) => void) | undefined;
  /** Throws when reading the window is beyond what was allowed; what the user must know of the estimate otherwise. */
  guard(): Promise<readonly string[]>;
}
