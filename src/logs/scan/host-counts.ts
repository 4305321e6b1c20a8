import { other } from './limits.ts';

/** The number of every host past those that have one of their own. */
export const otherHost = 0;
const maxHosts = 63;

/** How many requests each upstream host got: at most 63 of them, the rest as `otherHost`. */
export class HostCounts {
  readonly #counts = new Map<number, number>();

  add(host: number, count: number): void {
    const counts = this.#counts;
    const known = counts.get(host);
    if (known !== undefined) counts.set(host, known + count);
    else {
      const name = counts.size < maxHosts ? host : otherHost;
      counts.set(name, (counts.get(name) ?? 0) + count);
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
