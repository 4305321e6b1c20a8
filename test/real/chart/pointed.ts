import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../tools/kubernetes.ts';
import { toolPath } from '../tools/tool.ts';
import { type Item, nameOf } from './helm.ts';

/** One object as it came, changed or went; the first ones were listed, all at once, when following began. */
export interface Event {
  readonly type: 'LISTED' | 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Item;
}

/** What a policy points at. */
interface Reference {
  readonly name: string;
  readonly namespace?: string;
  readonly port: number;
}

const paths = {
  ListenerPolicy: '/apis/gateway.kgateway.dev/v1alpha1/listenerpolicies',
  ReferenceGrant: '/apis/gateway.networking.k8s.io/v1beta1/referencegrants',
  Service: '/api/v1/services',
};

/** What was seen since following began. */
export interface Followed {
  /** All until now: what it leaves must be what the server has. */
  history(): Promise<readonly Event[]>;
  stop(): void;
}

/**
 * Follows policies, Services and grants from now on, as kgateway does. One etcd counts the changes of all kinds, so that their order is known
 * exactly: that of `resourceVersion`.
 */
export async function follow(api: Cluster): Promise<Followed> {
  const seen = await Promise.all(Object.entries(paths).map(([kind, path]) => watch(api, kind, path)));
  const events = (): readonly Event[] => seen.flatMap((kind) => kind.events()).sort((a, b) => placeOf(a) - placeOf(b));
  return {
    async history() {
      for (const deadline = Date.now() + 10_000; ; await sleep(100)) {
        const there = [...standing(events()).values()].map(nameOf).sort();
        const has = await listed(api);
        if (JSON.stringify(there) === JSON.stringify(has)) return events();
        if (Date.now() > deadline) throw new Error(`followed: ${there.join(', ')}; the server has ${has.join(', ')}`);
      }
    },
    stop: () => {
      for (const kind of seen) kind.stop();
    },
  };
}

/** A list, and a watch from its version on: a watch alone may begin with what the server's cache had a while ago. */
async function watch(api: Cluster, kind: string, path: string): Promise<{ events(): readonly Event[]; stop(): void }> {
  const list = JSON.parse((await api.kubectl(['get', '--raw', path])).stdout) as {
    readonly metadata: { readonly resourceVersion: string };
    readonly items: readonly Item[];
  };
  const query = `watch=true&resourceVersion=${list.metadata.resourceVersion}&timeoutSeconds=3600`;
  const child = spawn(toolPath('kubectl'), ['--kubeconfig', api.kubeconfig, 'get', '--raw', `${path}?${query}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const lines = (): readonly string[] => text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return {
    events: () => [
      // An item of a list has no kind of its own.
      ...list.items.map((i) => ({ type: 'LISTED' as const, object: { ...i, kind } })),
      ...lines().flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event])),
    ],
    stop: () => void child.kill(),
  };
}

async function listed(api: Cluster): Promise<readonly string[]> {
  const got = await api.kubectl(['get', 'listenerpolicies,referencegrants,services', '-A', '-o', 'json']);
  return (JSON.parse(got.stdout) as { items: Item[] }).items.map(nameOf).sort();
}

const placeOf = ({ type, object }: Event): number => (type === 'LISTED' ? 0 : Number(object.metadata.resourceVersion));

function standing(events: readonly Event[]): Map<string, Item> {
  const there = new Map<string, Item>();
  for (const event of events) put(there, event);
  return there;
}

function put(there: Map<string, Item>, { type, object }: Event): void {
  if (type === 'DELETED') there.delete(nameOf(object));
  else there.set(nameOf(object), object);
}

/**
 * Each moment at which a policy pointed at a Service, a port or a grant that was not there: kgateway would have answered 500. An object that is
 * being deleted counts as gone where others point at it, and as there where it points at others.
 */
export function dangling(events: readonly Event[]): readonly string[] {
  const there = new Map<string, Item>();
  const found = new Set<string>();
  for (const [i, event] of events.entries()) {
    put(there, event);
    if (events[i + 1]?.type === 'LISTED') continue;
    const all = [...there.values()];
    for (const policy of all.filter((i) => i.kind === 'ListenerPolicy'))
      for (const to of references(policy.spec))
        for (const missing of lacking(
          policy,
          to,
          all.filter((i) => i.metadata.deletionTimestamp === undefined),
        ))
          found.add(`${event.type} ${nameOf(event.object)}: ${nameOf(policy)} lacks ${missing}`);
  }
  return [...found];
}

function lacking(policy: Item, to: Reference, all: readonly Item[]): readonly string[] {
  const namespace = to.namespace ?? policy.metadata.namespace;
  const service = all.find((i) => nameOf(i) === `Service ${namespace}/${to.name}`);
  const ports = (service?.spec?.['ports'] ?? []) as readonly { port: number }[];
  const granted = all.some(
    (i) => i.kind === 'ReferenceGrant' && i.metadata.namespace === namespace && allows(i, policy, to),
  );
  return [
    ...(ports.some((p) => p.port === to.port) ? [] : [`Service ${namespace}/${to.name}:${to.port}`]),
    ...(granted || namespace === policy.metadata.namespace ? [] : [`a grant in ${namespace}`]),
  ];
}

function allows(grant: Item, policy: Item, reference: Reference): boolean {
  const spec = grant.spec as { from: { kind: string; namespace: string }[]; to: { kind: string; name?: string }[] };
  return (
    spec.from.some((f) => f.kind === policy.kind && f.namespace === policy.metadata.namespace) &&
    spec.to.some((t) => t.kind === 'Service' && (t.name === undefined || t.name === reference.name))
  );
}

/** Every `backendRef` below a value. */
export function references(value: unknown): readonly Reference[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'backendRef' ? [inner as Reference] : references(inner),
  );
}
