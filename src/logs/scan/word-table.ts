const maxKey = 2048;
const maxEntries = 10_000;

interface Entry<T> {
  readonly key: Uint8Array;
  readonly value: T;
  readonly next: Entry<T> | undefined;
}

/** Values by a key of bytes that is put together piece by piece, so that looking one up makes no string. */
export class WordTable<T> {
  readonly #entries = new Map<number, Entry<T>>();
  readonly #key = new Uint8Array(maxKey);
  #length = 0;
  #hash = 0;
  #size = 0;

  begin(): void {
    this.#length = 0;
    this.#hash = 0x811c9dc5;
  }

  byte(value: number): void {
    if (this.#length < maxKey) this.#key[this.#length] = value;
    this.#length++;
    this.#hash = Math.imul(this.#hash ^ value, 0x01000193);
  }

  bytes(of: Uint8Array, from: number, past: number): void {
    const length = this.#length + past - from;
    if (length <= maxKey) {
      const key = this.#key;
      let at = this.#length;
      let hash = this.#hash;
      for (let i = from; i < past; i++) {
        const value = of[i] ?? 0;
        key[at++] = value;
        hash = Math.imul(hash ^ value, 0x01000193);
      }
      this.#hash = hash;
    }
    this.#length = length;
  }

  /** The value under the key put together last. */
  find(): T | undefined {
    if (this.#length > maxKey) return undefined;
    for (let entry = this.#entries.get(this.#hash); entry; entry = entry.next)
      if (this.#is(entry.key)) return entry.value;
    return undefined;
  }

  /** Keeps a value under the key put together last, if there is room for it. */
  set(value: T): void {
    if (this.#length > maxKey || this.#size >= maxEntries) return;
    this.#size++;
    const key = this.#key.slice(0, this.#length);
    this.#entries.set(this.#hash, { key, value, next: this.#entries.get(this.#hash) });
  }

  #is(key: Uint8Array): boolean {
    if (key.length !== this.#length) return false;
    for (let i = 0; i < key.length; i++) if (key[i] !== this.#key[i]) return false;
    return true;
  }
}
