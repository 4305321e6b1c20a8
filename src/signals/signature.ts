import { fields } from '../envoy/fields.ts';
import { derived } from './labels.ts';

/**
 * The parts of `vigia.signature`, in their order, joined by one blank: what makes failing requests alike, computed once in the Collector so
 * that a store groups by one key. Each is the attribute of that name; `-` stands for unset. Blanks inside details become underscores, and
 * names of routes and clusters hold none, so the key can be taken apart again.
 */
export const signatureParts = [
  fields.route.name,
  fields.cluster.name,
  fields.status.name,
  fields.flags.name,
  derived.details,
  fields.grpcStatus.name,
  fields.attempts.name,
  derived.hop,
  derived.durationBucket,
  derived.ageBucket,
] as const;
