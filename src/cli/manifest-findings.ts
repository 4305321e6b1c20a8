import type { Model } from '../contract/model.ts';
import { review } from '../generate/kgateway/review/index.ts';
import { clean } from '../report/clean.ts';
import type { Io } from './io.ts';
import { openManifests } from './manifests.ts';

/** Says what would break or undo the generated manifests; `broken` when a Gateway would go down. */
export function examine(model: Model, manifests: string | undefined, io: Io): { readonly broken: boolean } {
  const given = manifests === undefined ? undefined : openManifests(manifests, '--manifests', io);
  const findings = review(model, given);
  for (const { breaks, where, message, hint } of findings)
    io.stderr.write(
      `vigia: ${breaks ? 'refused' : 'note'}: ${clean(where)}: ${clean(message)}\n       ${clean(hint)}\n`,
    );
  return { broken: findings.some((f) => f.breaks) };
}
