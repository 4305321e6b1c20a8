import type { SecretRef } from '../../contract/model.ts';
import { env } from './env.ts';

/** The environment variable that carries a credential into the Collector: its own name, or one made of the Kubernetes Secret's. */
export function secretVariable(ref: SecretRef): string {
  if (ref.kind === 'env') return ref.name;
  return `VIGIA_${`${ref.name}_${ref.key}`.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()}`;
}

/** Reads it where the Collector starts. */
export const secret = (ref: SecretRef): string => env(secretVariable(ref));
