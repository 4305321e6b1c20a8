import type { Command } from 'commander';
import type { Cluster, Environment, Logs } from '../../contract/model.ts';
import type { Overrides } from '../../logs/read/key-map.ts';
import type { RemoteSource } from '../../logs/sources/source.ts';
import type { Io } from '../io.ts';

/** What the contract says of the cluster that is asked about. */
export interface Told<To extends Logs['to']> {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly logs: Extract<Logs, { readonly to: To }>;
}

/** All that a store is opened with: the user's flags win over what the contract says. */
export interface Opening<To extends Logs['to']> {
  readonly options: Readonly<Record<string, unknown>>;
  /** Undefined when no contract was named: then flags must say where. */
  readonly told: Told<To> | undefined;
  readonly overrides: Overrides;
  readonly io: Io;
  /** Aborted on Ctrl-C: what runs in the store is ended first. */
  readonly signal: AbortSignal;
  /** One line for the user while it goes on; nothing when nobody watches. */
  readonly progress: ((words: string) => void) | undefined;
  /** What does not stop the reading, and what it is about to cost. */
  readonly warn: (message: string) => void;
}

/** A store of logs as the command line knows it: its own flags, and how it is opened. Its SDK is loaded by `open`, never before. */
export interface Store<To extends Logs['to'] = Logs['to']> {
  /** Adds its flags to a command; a flag that two stores share is added by the first and is the same for both. */
  flags(command: Command): void;
  /** Throws Misuse when flags and contract do not say enough. Asks nothing of the network yet. */
  open(opening: Opening<To>): Promise<RemoteSource>;
}
