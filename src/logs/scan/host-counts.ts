import { other } from './limits.ts';

/** The number of every host past those that have one of their own. */
export const otherHost = 0;
const maxHosts = 63;

/**
 * How many requests each upstream host got: of the 63 with the least numbers, which are those met first; of the rest as `otherHost`. So it does not matter
 * in which order requests are counted.
 */
export class HostCounts {
  readonly #counts = new Map<number, number>();
  /** The greatest number of them; known once there are 63. */
  #greatest = Number.POSITIVE_INFINITY;
  #size = 0;

  add(host: number, count: number): void {
    const counts = this.#counts;
    const known = counts.get(host);
    if (known !== undefined) counts.set(host, known + count);
    else if (host === otherHost) counts.set(host, count);
    else if (this.#size < maxHosts) {
      counts.set(host, count);
      if (++this.#size === maxHosts) this.#greatest = Math.max(...counts.keys());
    } else if (host > this.#greatest) this.add(otherHost, count);
    else {
      this.add(otherHost, counts.get(this.#greatest) ?? 0);
      counts.delete(this.#greatest);
      counts.set(host, count);
      this.#greatest = Math.max(...counts.keys());
    }
  }

  each(take: (host: number, count: number) => void): void {
    this.#counts.forEach((count, host) => {
      take(host, count);
    });
  }
}

/** Upstream hosts by number. Past a bound they go by one: where a log names a new host for each request, memory stays flat. */
export class HostNumbers {
  readonly #numbers = new Map<string, number>([[other, otherHost]]);
  readonly #names = [other];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  numberOf(host: string): number {
    const known = this.#numbers.get(host);
    if (known !== undefined) return known;
    if (this.#names.length >= this.#limit) return otherHost;
    this.#numbers.set(host, this.#names.length);
    return this.#names.push(host) - 1;
  }

  nameOf(number: number): string {
    return this.#names[number] as string;
  }
}
