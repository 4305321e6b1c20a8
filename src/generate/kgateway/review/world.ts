import { list, type Manifest, map } from '../../../contract/draft/manifests.ts';
import type { KubernetesObject } from '../object.ts';

/** What is known of a cluster: its own manifests, where they were given, and what vigia adds to them. */
export interface World {
  readonly services: readonly Manifest[];
  readonly grants: readonly Manifest[];
  readonly gateways: readonly Manifest[];
  readonly policies: readonly Policy[];
}

/** A ListenerPolicy or HTTPListenerPolicy as far as telemetry goes. */
export interface Policy {
  readonly object: Manifest;
  readonly generated: boolean;
  readonly targets: readonly { readonly gateway: string; readonly listener: string | undefined }[];
  readonly selectors: readonly Readonly<Record<string, unknown>>[];
  /** Its settings for all ports, and those that replace them on one port. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly perPort: readonly { readonly port: number; readonly settings: Readonly<Record<string, unknown>> }[];
}

/** An object of vigia's stands in for a given one of the same name: it is the one that will be applied. */
export function worldOf(given: readonly Manifest[], generated: readonly KubernetesObject[]): World {
  const ours = generated.map(asManifest);
  const key = (m: Manifest): string => `${m.kind} ${m.namespace}/${m.name}`;
  const replaced = new Set(ours.filter((m) => m.kind !== 'Service').map(key));
  const all = [...given.filter((m) => !replaced.has(key(m))), ...ours];
  const of = (kind: string): readonly Manifest[] => all.filter((m) => m.kind === kind);
  const isOurs = new Set(ours);
  return {
    services: of('Service'),
    grants: of('ReferenceGrant'),
    gateways: of('Gateway'),
    policies: [...of('ListenerPolicy'), ...of('HTTPListenerPolicy')].map((m) => policy(m, isOurs.has(m))),
  };
}

function asManifest({ kind, apiVersion, metadata, spec }: KubernetesObject): Manifest {
  const { name, namespace = '', annotations = {}, labels = {} } = metadata;
  return { kind, apiVersion, name, namespace, annotations, labels, created: '', spec: spec ?? {} };
}

function policy(object: Manifest, generated: boolean): Policy {
  const { kind, spec } = object;
  const refs = list(spec['targetRefs']).map(map);
  return {
    object,
    generated,
    targets: refs.map((ref) => ({ gateway: String(ref['name']), listener: text(ref['sectionName']) })),
    selectors: list(spec['targetSelectors']).map((s) => map(map(s)['matchLabels'])),
    settings: kind === 'ListenerPolicy' ? map(map(spec['default'])['httpSettings']) : spec,
    perPort: list(spec['perPort']).map((entry) => ({
      port: Number(map(entry)['port']),
      settings: map(map(map(entry)['listener'])['httpSettings']),
    })),
  };
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Whether a policy reaches the Gateway, and on which listener only. Selectors need the Gateway's own manifest. */
export function reaches(p: Policy, namespace: string, name: string, world: World): 'whole' | 'listener' | undefined {
  if (p.object.namespace !== namespace) return undefined;
  const target = p.targets.find((t) => t.gateway === name);
  if (target) return target.listener === undefined ? 'whole' : 'listener';
  const labels = world.gateways.find((g) => g.namespace === namespace && g.name === name)?.labels;
  const chosen = labels && p.selectors.some((wanted) => Object.entries(wanted).every(([k, v]) => labels[k] === v));
  return chosen ? 'whole' : undefined;
}

/** `ListenerPolicy edge/public` */
export const spelled = ({ kind, namespace, name }: Manifest): string => `${kind} ${namespace}/${name}`;
