import type { Model } from '../contract/model.ts';
import { type Path, type Place, problemText } from '../contract/problem.ts';
import { readContract } from '../contract/read.ts';
import { resolve } from '../contract/resolve.ts';
import type { Io } from './io.ts';
import { Failed, Misuse } from './misuse.ts';

export interface OpenedContract {
  readonly model: Model;
  readonly file: string;
  /** Where a path of the contract stands, for what only a later step can object to. */
  placeOf(path: Path): Place;
}

/** The contract in a file, checked and resolved; all its problems at once when it is not right. */
export function openContract(file: string, io: Pick<Io, 'readFile'>): OpenedContract {
  const text = readable(file, io);
  if (text === undefined)
    throw new Failed(`${file}: no such file`, '`vigia init` writes a contract; -c names another file');
  return checkedContract(text, file);
}

function readable(file: string, io: Pick<Io, 'readFile'>): string | undefined {
  try {
    return io.readFile(file);
  } catch (error) {
    throw new Failed(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function checkedContract(text: string, file: string): OpenedContract {
  const reading = readContract(text);
  if (reading.ok) return { model: resolve(reading.contract), file, placeOf: reading.placeOf };
  const { problems } = reading;
  const many = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw new Misuse(
    `${many} in ${file}`,
    'docs/contract.md has every key',
    problems.flatMap((p) => problemText(file, p).split('\n')),
  );
}
