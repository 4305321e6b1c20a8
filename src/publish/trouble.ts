/** A live service could not be asked, or refused: what, where, and what to do. Its words may be a stranger's: clean them before a terminal. */
export class Trouble extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'Trouble';
    this.hint = hint;
  }
}

/** The service can't be spoken to at all: whatever else was to be done there would end the same. */
export class Unreachable extends Trouble {}

/** The answer to a write never came: it may have been done or not. Whoever asked must look before asking again. */
export class Unclear extends Trouble {}

/** The user asked to stop while nothing was being written. */
export class Stopped extends Error {}
