/** The user asked for something that can't be: exit code 2. The message says what, where and what was expected. */
export class Misuse extends Error {
  readonly hint: string | undefined;
  /** Lines below the message, where one sentence is not enough: every problem of a contract. */
  readonly details: readonly string[];

  constructor(message: string, hint?: string, details: readonly string[] = []) {
    super(message);
    this.name = 'Misuse';
    this.hint = hint;
    this.details = details;
  }
}

/** Could not be done though it was asked for rightly: exit code 3. */
export class Failed extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'Failed';
    this.hint = hint;
  }
}
