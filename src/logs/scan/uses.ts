import type { FieldId } from '../../envoy/fields.ts';
import type { Answer } from '../answer.ts';
import type { Kernel } from './kernel.ts';

type Use = 'WORDS' | 'NAME' | 'REASON' | 'PRESENCE' | 'DIGITS' | 'TOOK' | 'AGED' | 'STANDS' | 'BEGAN' | 'HOST' | 'ASKS';

/** What of a field's value tells failing requests apart, as traitsOf in signature.ts reads them, or says what happened to one (kernel/layout.ts). */
const uses: Partial<Record<FieldId, Use>> = {
  route: 'NAME',
  cluster: 'NAME',
  status: 'WORDS',
  flags: 'WORDS',
  details: 'REASON',
  transportFailure: 'WORDS',
  grpcStatus: 'WORDS',
  attempts: 'WORDS',
  logType: 'WORDS',
  connectionId: 'WORDS',
  localAddress: 'PRESENCE',
  method: 'PRESENCE',
  path: 'PRESENCE',
  serviceTime: 'DIGITS',
  duration: 'TOOK',
  connectionAge: 'AGED',
  weight: 'STANDS',
  time: 'BEGAN',
  upstreamHost: 'HOST',
  userAgent: 'ASKS',
};

/** The kernel's number of each field's use; all 0 for a shape whose traits need more than is compared there. */
export function usesOf(
  ids: readonly (FieldId | undefined)[],
  routeIs: Answer['routeIs'],
  k: Kernel['wasm'],
): readonly number[] {
  const names = ids.includes('route') || ids.includes('cluster');
  const compared = ids.includes('details') && names && routeIs !== 'authority';
  return ids.map((id) => {
    const use = compared && id && uses[id];
    return use ? k[use].value : 0;
  });
}
