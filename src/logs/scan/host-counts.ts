const maxHosts = 64;
const other = '(other)';

/** How many requests each upstream host got: at most 64 names, the rest as `(other)`. Most signatures have one, which costs no map. */
export class HostCounts {
  #first: string | undefined;
  #count = 0;
  #more: Map<string, number> | undefined;

  add(host: string, count: number): void {
    if (this.#first === undefined) this.#first = host;
    if (this.#first === host) this.#count += count;
    else {
      this.#more ??= new Map();
      const name = this.#more.has(host) || this.#more.size < maxHosts - 1 ? host : other;
      this.#more.set(name, (this.#more.get(name) ?? 0) + count);
    }
  }

  addAll(hosts: HostCounts): void {
    if (hosts.#first !== undefined) this.add(hosts.#first, hosts.#count);
    if (hosts.#more) for (const [host, count] of hosts.#more) this.add(host, count);
  }

  toMap(): Map<string, number> {
    return new Map([
      ...(this.#first === undefined ? [] : [[this.#first, this.#count] as const]),
      ...(this.#more ?? []),
    ]);
  }
}
