import type { Label, LabelBound, LabelSource } from '../model.ts';
import { type GatewayName, gatewaysMeant } from '../names.ts';
import type { Contract } from '../schema/index.ts';

type Written = Contract['labels'][string];

/** What Envoy cuts a header's value to: the longest allowed value, so that a cut one can't pass for it, else room for an id. */
const idLength = 64;

export function resolveLabel(name: string, l: Written, value?: string): Label {
  return {
    name,
    description: l.description,
    from: source(l, value),
    bound: bound(l),
    other: l.from === 'literal' ? 'other' : l.other,
    absent: l.absent,
    on: { metrics: l.on.includes('metrics'), logs: l.on.includes('logs'), traces: l.on.includes('traces') },
  };
}

/** The labels one gateway carries, its own values in the literals. */
export function labelsOf(
  contract: Contract,
  id: string,
  gateways: readonly GatewayName[],
  own: Readonly<Record<string, string>>,
): readonly Label[] {
  return Object.entries(contract.labels)
    .filter(([, l]) => !l.gateways || l.gateways.some((ref) => gatewaysMeant(ref, gateways).includes(id)))
    .map(([name, l]) => resolveLabel(name, l, Object.hasOwn(own, name) ? own[name] : undefined));
}

function source(l: Written, value: string | undefined): LabelSource {
  switch (l.from) {
    case 'header':
      return {
        kind: 'header',
        header: l.header,
        maxLength: Math.max(idLength, ...(l.values ?? []).map((v) => Buffer.byteLength(v) + 1)),
      };
    case 'route-metadata':
      return { kind: 'route-metadata', namespace: l.namespace, path: l.path };
    case 'pod-label':
      return { kind: 'pod-label', label: l.label };
    case 'literal':
      return { kind: 'literal', value: value ?? l.value };
  }
}

function bound(l: Written): LabelBound {
  if (l.from === 'literal') return { kind: 'operator' };
  if (l.values) return { kind: 'values', values: l.values };
  if (l.buckets !== undefined) return { kind: 'buckets', count: l.buckets };
  return { kind: l.from === 'header' ? 'not-on-metrics' : 'operator' };
}
