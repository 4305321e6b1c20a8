import { signatureParts } from '../../../signals/signature.ts';
import type { KeyId } from '../../remote/expression.ts';

/** What each part of `vigia.signature` is to a row, in their order (src/signals/signature.ts). */
const keys: readonly KeyId[] = [
  'route',
  'backend',
  'status',
  'flags',
  'details',
  'grpc',
  'attempts',
  'hop',
  'duration',
  'age',
];

/** The parts of a stored signature as keys; undefined when it is not one. */
export function keysOf(signature: string): Partial<Record<KeyId, string>> | undefined {
  const parts = signature.split(' ');
  if (parts.length !== signatureParts.length) return undefined;
  return Object.fromEntries(
    keys.flatMap((key, i) => (parts[i] === '-' || parts[i] === undefined ? [] : [[key, parts[i]]])),
  );
}
