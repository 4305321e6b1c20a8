import type { Answer } from '../answer.ts';
import type { Question } from '../question.ts';

/** Where access logs live. A source answers a question in counted signatures, doing the work where the data is. */
export interface Source {
  count(question: Question): Promise<Answer>;
}

/** A source could not do it: what and where, and what to do about it. */
export class SourceError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SourceError';
    this.hint = hint;
  }
}
