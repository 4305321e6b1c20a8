import { type FieldId, fields } from '../../envoy/fields.ts';
import { durationBuckets } from '../duration-buckets.ts';
import { gatewayName, gatewaysMeant } from '../names.ts';
import type { Finding, Path } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

type Latency = Extract<Contract['objectives'][number], { readonly kind: 'latency' }>;

/** What is at or below a time (ms) can be counted only where a bucket ends. */
export function* onAnEdge(ms: number, path: Path): Generator<Finding> {
  const edges: readonly number[] = durationBuckets.map((s) => s * 1_000);
  if (edges.includes(ms)) return;
  const near = [edges.findLast((e) => e < ms), edges.find((e) => e > ms)].filter((e) => e !== undefined).map(spelled);
  yield {
    path,
    message: 'lies between two edges of the duration histogram, so what is under it could only be guessed',
    hint: near.length === 1 ? `the nearest is ${near[0]}` : `the nearest are ${near.join(' and ')}`,
  };
}

/** Both are logged by Envoy at the end of each request; what lies between them is the gateway's (signals.handover). */
export const handoverFields = ['requestDuration', 'requestTxDuration'] as const satisfies readonly FieldId[];

/** The gateway's own share of a latency: a part of the whole, and of what is logged. */
export function* gatewayTime(contract: Contract, o: Latency, i: number): Generator<Finding> {
  if (o.gatewayUnder === undefined) return;
  const path: Path = ['objectives', i, 'gatewayUnder'];
  yield* onAnEdge(o.gatewayUnder, path);
  if (o.gatewayUnder >= o.under)
    yield {
      path,
      message: `${spelled(o.gatewayUnder)} is no share of ${spelled(o.under)}: a request that the gateway held for so long was late already`,
      against: ['objectives', i, 'under'],
      hint: 'less than `under`: what the gateway may take of it',
    };
  for (const { at, omit } of accessLogsOf(contract, o))
    for (const [j, name] of omit.entries())
      if (handoverFields.some((id) => fields[id].name === name))
        yield {
          path,
          message: `is measured from ${name}, which is left out of the access log`,
          against: [...at, 'omit', j],
          hint: 'take it off that list',
        };
}

/** Every part of the contract that leaves fields out of the access log of what the objective is about. */
function accessLogsOf(
  contract: Contract,
  o: Latency,
): readonly { readonly at: Path; readonly omit: readonly string[] }[] {
  const all = contract.gateways.map((g) => gatewayName(g.name, g.namespace));
  const meant = o.gateways?.flatMap((ref) => gatewaysMeant(ref, all));
  return [
    { at: ['accessLog'], omit: contract.accessLog.omit },
    ...Object.entries(contract.environments).flatMap(([name, e]) =>
      o.environments && !o.environments.includes(name)
        ? []
        : [{ at: ['environments', name, 'accessLog'], omit: e.accessLog?.omit ?? [] }],
    ),
    ...contract.gateways.flatMap((g, n) =>
      meant && !meant.includes(all[n]?.id ?? '')
        ? []
        : [{ at: ['gateways', n, 'accessLog'], omit: g.accessLog?.omit ?? [] }],
    ),
  ];
}

const spelled = (ms: number): string => (ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`);
