import type { LabRecord } from '../records.ts';
import type { Random } from './random.ts';
import { parse, read } from './retell.ts';

/** The recorded lines by what they are lines of; a race is a run of lines that share a connection. */
export class Pools {
  readonly #pools = new Map<string, LabRecord[][]>();

  constructor(records: readonly LabRecord[]) {
    const runs = new Map<string, LabRecord[]>();
    for (const record of records) {
      const { name } = record.scenario;
      if (name.startsWith('race-')) {
        const run = runs.get(name) ?? [];
        run.push(record);
        runs.set(name, run);
        continue;
      }
      // Of a rescued request only the rescued line is wanted; companions of other scenarios are not what the pool is for.
      if (record.main) this.#add(name.startsWith('rescued-') ? 'rescued' : name, [record]);
    }
    for (const run of runs.values()) {
      run.sort((a, b) => String(read(parse(a), 'time')).localeCompare(String(read(parse(b), 'time'))));
      this.#add('race', run);
    }
  }

  #add(pool: string, run: LabRecord[]): void {
    const runs = this.#pools.get(pool) ?? [];
    runs.push(run);
    this.#pools.set(pool, runs);
  }

  take(pool: string, random: Random): readonly LabRecord[] {
    const runs = this.#pools.get(pool);
    if (!runs) throw new Error(`nothing was recorded for ${pool}`);
    return random.pick(runs);
  }
}
