import type { Cluster } from '../tools/kubernetes.ts';
import { type Item, nameOf } from './helm.ts';

/** Every object of every kind that the server lists, in all namespaces, but for the server's own business and Argo CD's, which go on by themselves. */
async function all(api: Cluster, ...more: string[]): Promise<readonly Item[]> {
  const listed = (await api.kubectl(['api-resources', '--verbs=list', '-o', 'name'])).stdout.trim().split('\n');
  if (listed.length <= 60) throw new Error(`the server lists only ${listed.length} kinds`);
  const asked = listed.filter((k) => !/^(events|leases|componentstatuses|apiservices|endpoint)/.test(k));
  const got = await api.kubectl(['get', asked.join(','), '-A', '-o', 'json', ...more]);
  if (got.code !== 0) throw new Error(got.stderr);
  return (JSON.parse(got.stdout) as { items: Item[] }).items.filter((i) => i.metadata.namespace !== 'argocd');
}

const ours = (api: Cluster): Promise<readonly Item[]> => all(api, '-l', 'app.kubernetes.io/part-of=vigia');

/** `kind namespace/name` of everything, whosever it is. */
export const everything = async (api: Cluster): Promise<readonly string[]> => (await all(api)).map(nameOf).sort();

/** Names of vigia's objects of one kind. */
export const namesOf = async (api: Cluster, kind: string): Promise<readonly string[]> =>
  (await ours(api))
    .filter((i) => i.kind === kind)
    .map((i) => i.metadata.name)
    .sort();

/** The version of each of vigia's objects: another one when anything was written. */
export const versions = async (api: Cluster): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await ours(api)).map((i) => [nameOf(i), i.metadata.resourceVersion ?? '']));

/** The identity of each of vigia's objects of some kinds: another one when it was deleted and made again. */
export const uids = async (api: Cluster, kinds: readonly string[]): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    (await ours(api)).filter((i) => kinds.includes(i.kind)).map((i) => [nameOf(i), i.metadata.uid ?? '']),
  );
