import type { Answer } from '../../answer.ts';
import type { Condition, Question } from '../../question.ts';
import { isInterim } from '../../record.ts';
import { Tally } from '../../scan/tally.ts';
import type { Source } from '../source.ts';
import { Followed, type FollowOptions, type Generation, type LineAt, type Mark } from './followed.ts';

export interface TailOptions extends FollowOptions {
  readonly names: readonly string[];
  /** Width of the windows that will be asked about, ms, and the first of them. */
  readonly every: number;
  readonly next: number;
  readonly where: readonly Condition[];
  readonly now: () => number;
  /** Where a watch before this one came to. */
  readonly resume: TailState | undefined;
}

/** What a restart needs to read on: where counting began, and how far each file was read. */
export interface TailState {
  readonly since: number;
  readonly generations: readonly Mark[];
}

/** A window that is not answered yet, and the first line of each file that is in it. */
interface Pending {
  readonly tally: Tally;
  readonly first: Map<Generation, number>;
}

/** So many windows are held at once; a file that is ahead of them is read on when they are answered. */
const mostPending = 6;

/**
 * Growing files, read once. Each request belongs to the window in which it began; one whose window has been answered is late and goes into
 * the next, so every line is in exactly one answer. Questions must come window by window, in order.
 */
export class Tail implements Source {
  readonly #o: TailOptions;
  readonly #since: number;
  readonly #files: readonly Followed[];
  readonly #pending = new Map<number, Pending>();
  #next: number;
  #bytes = 0;
  #lines = 0;
  #late = 0;
  /** Of the last answer. */
  late = 0;

  constructor(options: TailOptions) {
    this.#o = options;
    this.#next = options.next;
    this.#since = options.resume?.since ?? options.next;
    this.#files = options.names.map(
      (name) =>
        new Followed(
          name,
          options,
          options.resume?.generations.filter((g) => g.path === name),
        ),
    );
  }

  /** Reads what is there. */
  idle(): void {
    for (const file of this.#files) this.#bytes += file.read((line) => this.#take(line));
  }

  async count({ from, to }: Question): Promise<Answer> {
    if (from !== this.#next || to !== from + this.#o.every) throw new Error('windows are asked about in their order');
    this.idle();
    const { tally } = this.#pending.get(from) ?? { tally: this.#fresh() };
    tally.bytes = this.#bytes;
    tally.lines = this.#lines;
    this.late = this.#late;
    this.#bytes = 0;
    this.#lines = 0;
    this.#late = 0;
    return tally.answer([]);
  }

  /** Forgets what is before `next`, because it is counted and saved. Until then a window can be asked about again. */
  settle(next: number): void {
    for (const start of this.#pending.keys()) if (start < next) this.#pending.delete(start);
    this.#next = next;
    const held = new Set([...this.#pending.values()].flatMap((p) => [...p.first.keys()]));
    for (const file of this.#files) file.forget((g) => !held.has(g));
  }

  /** Where to read on when everything before `next` is counted. */
  state(next: number): TailState {
    const generations = this.#files.flatMap((f) =>
      f.generations().map((g): Mark => {
        const firsts = [...this.#pending].flatMap(([start, p]) => (start < next ? [] : (p.first.get(g) ?? [])));
        return {
          path: f.path,
          ...g.file.identity,
          low: Math.min(g.file.offset, ...firsts),
          closed: g.file.offset,
        };
      }),
    );
    return { since: this.#since, generations };
  }

  close(): void {
    for (const file of this.#files) file.close();
  }

  /** Counts one line towards its window; false when that is too far ahead. */
  #take({ generation, start, text }: LineAt): boolean {
    const again = start < generation.counted;
    const parsed = generation.parser.parse(text);
    if ('records' in parsed) {
      const windows = parsed.records.map((r) => this.#windowOf(r.time));
      if (Math.max(...windows.map((w) => w ?? this.#next)) >= this.#next + mostPending * this.#o.every) return false;
      for (const [i, record] of parsed.records.entries()) {
        const own = windows[i];
        if (again && (own === undefined || own < this.#o.next)) continue;
        // It began before anybody watched, when other requests of its window had gone by.
        if (own !== undefined && own < this.#since) continue;
        if (own !== undefined && own < this.#next && !isInterim(record.logType)) this.#late++;
        const pending = this.#window(Math.max(own ?? this.#next, this.#next), generation, start);
        pending.tally.routeIs = generation.routeIs;
        pending.tally.add(record, { file: generation.file.path, line: 0 }, text);
      }
    } else if (!again) {
      const { tally } = this.#window(this.#next, generation, start);
      if ('application' in parsed) tally.applicationLines++;
      else if ('reject' in parsed) tally.reject({ file: generation.file.path, line: 0 }, parsed.reject, text);
    }
    if (!again) this.#lines++;
    return true;
  }

  /** The window in which a request began; a time that is still to come is taken for now. */
  #windowOf(time: number | null | undefined): number | undefined {
    if (time === undefined || time === null) return undefined;
    return Math.floor(Math.min(time, this.#o.now()) / this.#o.every) * this.#o.every;
  }

  #window(start: number, generation: Generation, line: number): Pending {
    let pending = this.#pending.get(start);
    if (!pending) {
      pending = { tally: this.#fresh(), first: new Map() };
      this.#pending.set(start, pending);
    }
    if (!pending.first.has(generation)) pending.first.set(generation, line);
    return pending;
  }

  #fresh(): Tally {
    return new Tally({ from: undefined, to: undefined, where: this.#o.where });
  }
}
