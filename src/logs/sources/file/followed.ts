import type { Answer } from '../../answer.ts';
import type { Overrides } from '../../read/key-map.ts';
import { type FormatName, LineParser } from '../../read/line-parser.ts';
import { routeKind } from '../file.ts';
import { SourceError } from '../source.ts';
import { type GrowingFile, type Identity, inodeAt, openAgain, openBetween, openGrowing } from './growing.ts';
import { learnLines } from './prepare.ts';

/** A line on its way: which file it is in and where it starts there. */
export interface LineAt {
  readonly generation: Generation;
  readonly start: number;
  readonly text: string;
}

/** A file under the followed name, from its start until the next one took its place. */
export interface Generation {
  readonly file: GrowingFile;
  readonly parser: LineParser;
  learned: boolean;
  routeIs: Answer['routeIs'];
  /** Lines that start before this were counted with a window that is answered (tail.ts). */
  counted: number;
}

/** How far one file was read, for a restart: lines before `low` are done with; those before `closed` only if their window was answered. */
export interface Mark extends Identity {
  readonly path: string;
  readonly low: number;
  readonly closed: number;
}

export interface FollowOptions {
  readonly format: FormatName;
  readonly overrides: Overrides;
  readonly warn: (message: string) => void;
}

/** After a rotation the writer goes on with the old file until it opens the new one: so long is waited for it to write there, in looks. */
const patience = 5;

/** One name, through rotations and truncations: every line of every file under it, once, in order. */
export class Followed {
  readonly path: string;
  readonly #o: FollowOptions;
  #current: Generation | undefined;
  /** Files before the current one that a restart has still to read. */
  #before: Generation[] = [];
  /** Files read to their end, with lines of windows that are not answered yet. */
  #drained: Generation[] = [];
  #looks = 0;

  constructor(path: string, options: FollowOptions, marks: readonly Mark[] | undefined) {
    this.path = path;
    this.#o = options;
    if (marks && marks.length > 0) this.#resume(marks);
    else {
      const file = openGrowing(path);
      if (!file) throw new SourceError(`${path}: no such file`);
      // From now on, and from the start of a line.
      file.offset = file.size;
      this.#current = this.#generation(file);
    }
  }

  #generation(file: GrowingFile, counted = 0): Generation {
    return {
      file,
      parser: new LineParser(this.#o.format, this.#o.overrides),
      learned: false,
      routeIs: 'route',
      counted,
    };
  }

  #resume(marks: readonly Mark[]): void {
    const found = marks.flatMap((mark) => {
      const file = openAgain(this.path, mark);
      if (!file) this.#o.warn(`${this.path}: the file read last is gone; what was written to it since is in no count`);
      if (!file) return [];
      file.offset = Math.min(mark.low, file.size);
      return [this.#generation(file, mark.closed)];
    });
    this.#before = found;
    const last = found.at(-1);
    if (last && last.file.identity.inode === inodeAt(this.path)) {
      this.#current = this.#before.pop();
      return;
    }
    const between = openBetween(
      this.path,
      found.map((g) => g.file),
    );
    if (found.length > 0) this.#before.push(...between.files.map((file) => this.#generation(file)));
    if (between.unread.length > 0)
      this.#o.warn(
        `${between.unread.join(', ')}: compressed while nobody watched; what is in no other file is in no count`,
      );
  }

  /** Reads on to the end of what is there, or until `take` says false. Returns the bytes read. */
  read(take: (line: LineAt) => boolean): number {
    let bytes = 0;
    for (let first = this.#before[0]; first !== undefined; first = this.#before[0]) {
      const { bytes: read, all } = this.#drain(first, take, true);
      bytes += read;
      if (!all) return bytes;
      this.#drained.push(first);
      this.#before.shift();
    }
    for (;;) {
      const current = this.#opened();
      if (!current) return bytes;
      if (!current.file.intact()) {
        this.#o.warn(
          `${this.path} was truncated; what was written to it between the last look and that is in no count`,
        );
        current.file.close();
        this.#next();
        continue;
      }
      const replaced = this.#replaced(current);
      const { bytes: read, all } = this.#drain(current, take, replaced);
      bytes += read;
      if (!replaced || !all) return bytes;
      this.#drained.push(current);
      this.#next();
    }
  }

  /** Every file that holds lines not read or not counted, oldest first. */
  generations(): readonly Generation[] {
    return [...this.#drained, ...this.#before, ...(this.#current ? [this.#current] : [])];
  }

  /** Lets go of files read to their end that nothing is held of. */
  forget(unheld: (generation: Generation) => boolean): void {
    for (const generation of this.#drained) if (unheld(generation)) generation.file.close();
    this.#drained = this.#drained.filter((g) => !unheld(g));
  }

  close(): void {
    for (const { file } of this.generations()) file.close();
  }

  #opened(): Generation | undefined {
    if (this.#current) return this.#current;
    const file = openGrowing(this.path);
    if (file) this.#current = this.#generation(file);
    return this.#current;
  }

  /** Another file has the name, and the writer has turned to it. */
  #replaced(current: Generation): boolean {
    const inode = inodeAt(this.path);
    if (inode === undefined || inode === current.file.identity.inode) {
      this.#looks = 0;
      return false;
    }
    const next = openGrowing(this.path);
    const written = (next?.size ?? 0) > 0;
    next?.close();
    return written || ++this.#looks > patience;
  }

  #next(): void {
    this.#current = undefined;
    this.#looks = 0;
  }

  #drain(
    generation: Generation,
    take: (line: LineAt) => boolean,
    last: boolean,
  ): { readonly bytes: number; readonly all: boolean } {
    if (!generation.learned) {
      const lines = generation.file.firstLines(learnLines);
      generation.parser.learn(lines);
      generation.routeIs = routeKind(generation.parser, lines);
      generation.learned = lines.length > 0;
    }
    let all = true;
    const bytes = generation.file.read((text, start) => {
      all = take({ generation, start, text });
      return all;
    }, last);
    return { bytes, all };
  }
}
