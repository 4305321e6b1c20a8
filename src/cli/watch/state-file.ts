import { reasonOf } from '../../logs/sources/file/input.ts';
import { readState, type State, stateText } from '../../watch/state.ts';
import type { Io } from '../io.ts';
import { Failed, Misuse } from '../misuse.ts';
import type { Settings } from './settings.ts';

/** The file of `--state`, or nothing at all where none was asked for. */
export interface StateFile {
  /** What a watch before this one left. */
  readonly kept: State | undefined;
  readonly instance: string;
  /** Throws when it can't be written, or when another watch has taken the file. */
  save(now: Pick<State, 'next' | 'totals' | 'files'>): void;
}

/** Another watch writes the same state: one of the two must end, or each would undo the other. */
export class Taken extends Failed {}

export function openState({ state: path, instance: named }: Settings, of: string, io: Io): StateFile {
  // POD_NAME is set where the chart runs it; a state goes on under the name that it began with.
  const fallback = io.env['POD_NAME'] || io.env['HOSTNAME'] || crypto.randomUUID();
  if (path === undefined) return { kept: undefined, instance: named ?? fallback, save: () => {} };
  const kept = stateIn(path, io);
  if (kept && kept.of !== of)
    throw new Misuse(`--state ${path}: of another watch (${kept.of})`, 'name another file to begin anew');
  const writer = crypto.randomUUID();
  const instance = named ?? kept?.instance ?? fallback;
  let mine = false;
  return {
    kept,
    instance,
    save(now) {
      if (mine && stateIn(path, io)?.writer !== writer)
        throw new Taken(`--state ${path}: another vigia watch has taken it, so this one ends`);
      try {
        io.writeFile(path, stateText({ version: 'vigia.watch/v1', of, writer, instance, ...now }));
      } catch (error) {
        throw new Failed(`--state ${path}: could not be written: ${reasonOf(error)}`);
      }
      mine = true;
    },
  };
}

function stateIn(path: string, io: Io): State | undefined {
  let text: string | undefined;
  try {
    text = io.readFile(path);
  } catch (error) {
    throw new Failed(`--state ${path}: ${reasonOf(error)}`);
  }
  if (text === undefined) return undefined;
  const state = readState(text);
  if ('problem' in state)
    throw new Failed(
      `--state ${path}: not a state of vigia watch (${state.problem})`,
      'name another file to begin anew',
    );
  return state;
}
