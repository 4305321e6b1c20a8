import type { BoardContext } from '../../../boards/context.ts';

/** By which vigia finds its own again, and the account's tags of the contract. */
export const marks = ({ contract, environment }: BoardContext, id: string): readonly string[] => [
  `environment:${environment.name}`,
  'managed-by:vigia',
  ...(environment.datadog?.tags ?? []),
  `vigia-id:${contract}/${environment.name}-${id}`,
];

/** A text of the contract in a message: nobody is told by it, and it opens no block. */
export const plain = (text: string): string => text.replaceAll('@', '(at)').replaceAll('{{', '{ {');
