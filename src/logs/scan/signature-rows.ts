import { HostCounts, otherHost } from './host-counts.ts';

// A row's numbers lie together, 64 bytes: counting one more request is one look at memory.
const width = 8;
const count = 0;
const durationMin = 1;
const durationMax = 2;
const ageMin = 3;
const ageMax = 4;
const hostNumber = 5;
const hostCount = 6;
const code = 7;

/** No host was logged. */
export const noHost = -1;

/** What is counted of a group of requests: NaN where a least or greatest value (ms) is not known. */
export interface Counted {
  readonly count: number;
  readonly durationMin: number;
  readonly durationMax: number;
  readonly ageMin: number;
  readonly ageMax: number;
}

/** Counted groups of requests by number. A code says what a group is, for whoever makes it. */
export class SignatureRows {
  #at: Float64Array;
  /** Of rows with several hosts: all but the first. */
  readonly #more = new Map<number, HostCounts>();
  size = 0;

  /** Room for so many rows at first. */
  constructor(room = 64) {
    this.#at = new Float64Array(room * width);
  }

  make(of: number): number {
    const row = this.size++;
    const at = row * width;
    if (at === this.#at.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.#at);
      this.#at = larger;
    }
    this.#at.fill(Number.NaN, at, at + width);
    this.#at[at + count] = 0;
    this.#at[at + hostNumber] = noHost;
    this.#at[at + hostCount] = 0;
    this.#at[at + code] = of;
    return row;
  }

  codeOf(row: number): number {
    return this.#at[row * width + code] as number;
  }

  countOf(row: number): number {
    return this.#at[row * width + count] as number;
  }

  /** Counts requests that took so long and whose connection was that old (ms; NaN where it is not known). */
  add(row: number, requests: number, duration: number, age: number): void {
    const rows = this.#at;
    const at = row * width;
    rows[at + count] = (rows[at + count] as number) + requests;
    // Said at length: of a million failures this is most of the work, and hardly one widens anything.
    if (!(duration >= (rows[at + durationMin] as number) && duration <= (rows[at + durationMax] as number)))
      widen(rows, at + durationMin, duration, duration);
    if (!(age >= (rows[at + ageMin] as number) && age <= (rows[at + ageMax] as number)))
      widen(rows, at + ageMin, age, age);
  }

  addCounted(row: number, of: Counted): void {
    const at = row * width;
    this.#at[at + count] = (this.#at[at + count] as number) + of.count;
    widen(this.#at, at + durationMin, of.durationMin, of.durationMax);
    widen(this.#at, at + ageMin, of.ageMin, of.ageMax);
  }

  addHost(row: number, host: number, requests: number): void {
    const rows = this.#at;
    const at = row * width;
    const first = rows[at + hostNumber] as number;
    if (first === noHost) rows[at + hostNumber] = host;
    if (first === noHost || first === host) rows[at + hostCount] = (rows[at + hostCount] as number) + requests;
    else if (host !== otherHost && (host < first || first === otherHost)) {
      // The least number is here, so that it does not matter which came first.
      this.#moreOf(row).add(first, rows[at + hostCount] as number);
      rows[at + hostNumber] = host;
      rows[at + hostCount] = requests;
    } else this.#moreOf(row).add(host, requests);
  }

  /** Adds another's row to this one. */
  addRow(row: number, from: SignatureRows, other: number): void {
    const rows = this.#at;
    const at = row * width;
    const others = from.#at;
    const it = other * width;
    rows[at + count] = (rows[at + count] as number) + (others[it + count] as number);
    widen(rows, at + durationMin, others[it + durationMin] as number, others[it + durationMax] as number);
    widen(rows, at + ageMin, others[it + ageMin] as number, others[it + ageMax] as number);
    from.eachHost(other, (host, requests) => this.addHost(row, host, requests));
  }

  counted(row: number): Counted {
    const at = row * width;
    return {
      count: this.#at[at + count] as number,
      durationMin: this.#at[at + durationMin] as number,
      durationMax: this.#at[at + durationMax] as number,
      ageMin: this.#at[at + ageMin] as number,
      ageMax: this.#at[at + ageMax] as number,
    };
  }

  /** How many requests went where. */
  eachHost(row: number, take: (host: number, requests: number) => void): void {
    const at = row * width;
    const first = this.#at[at + hostNumber] as number;
    if (first === noHost) return;
    take(first, this.#at[at + hostCount] as number);
    this.#more.get(row)?.each(take);
  }

  #moreOf(row: number): HostCounts {
    let more = this.#more.get(row);
    if (!more) {
      more = new HostCounts();
      this.#more.set(row, more);
    }
    return more;
  }
}

/** NaN says nothing, neither as what was known before nor as what is new. */
function widen(rows: Float64Array, at: number, least: number, greatest: number): void {
  const from = rows[at] as number;
  const to = rows[at + 1] as number;
  if (least < from || Number.isNaN(from)) rows[at] = least;
  if (greatest > to || Number.isNaN(to)) rows[at + 1] = greatest;
}
