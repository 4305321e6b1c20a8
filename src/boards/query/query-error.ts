import { nearest } from '../../nearest.ts';

/** Which panel a query is of, for messages. */
export interface Place {
  readonly board: string;
  readonly panel: string;
}

/** A query that asks for what is not there, or mixes what does not fit: a mistake in a board or an alert, not in anybody's data. */
export class QueryError extends Error {
  override readonly name = 'QueryError';

  constructor(message: string, place?: Place) {
    super(place ? `board ${place.board}, panel ${place.panel}: ${message}` : message);
  }
}

/** `; did you mean <word>?` where one is near, else what there is. */
export function instead(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? `; there are ${[...known].sort().join(', ')}` : `; did you mean ${near}?`;
}
