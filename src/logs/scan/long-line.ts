/** A line that is longer than a block, in parts; what is past the limit is not kept. */
export class LongLine {
  readonly #parts: Buffer[] = [];
  readonly #limit: number;
  #kept = 0;
  tooLong = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds a copy of the bytes. */
  add(bytes: Uint8Array): void {
    if (this.tooLong || this.#kept + bytes.length > this.#limit) this.tooLong = true;
    else {
      this.#parts.push(Buffer.from(bytes));
      this.#kept += bytes.length;
    }
  }

  /** The line, or what the first bytes of it say. */
  text(bytes?: number): string {
    return Buffer.concat(this.#parts).toString('utf8', 0, bytes);
  }
}
