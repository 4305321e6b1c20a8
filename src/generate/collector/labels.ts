import type { Cluster, Label } from '../../contract/model.ts';
import { carrier } from '../logged.ts';
import { attribute, type Group, isMatch, remove, resource, set, text } from './ottl.ts';

/** Every custom label of the cluster's gateways, once. */
export function labelsIn(cluster: Cluster): readonly Label[] {
  const byName = new Map(cluster.gateways.flatMap((g) => g.labels).map((l): [string, Label] => [l.name, l]));
  return [...byName.values()];
}

/** Where the metric is made from: a label folded into buckets has an attribute of its own, so that logs keep the value. */
export const metricKey = (label: Label): string =>
  label.bound.kind === 'buckets' ? `vigia.label.${label.name}` : label.name;

export const isOnRecord = (label: Label): boolean => carrier(label) === 'record';

/** Holds every label to its bound before a metric is made of it: a client must not be able to mint series. */
export function labelGroups(labels: readonly Label[]): readonly Group[] {
  const mine = labels.filter((l) => carrier(l) !== 'resource');
  return [
    { statements: mine.flatMap((l) => boundStatements(l, isOnRecord(l) ? attribute(l.name) : resource(l.name))) },
  ];
}

function boundStatements(label: Label, value: string): readonly string[] {
  const absent = set(value, text(label.absent), `(${value} == "-" or ${value} == "")`);
  const { bound } = label;
  if (bound.kind === 'values')
    return [
      absent,
      set(
        value,
        text(label.other),
        `${value} != nil`,
        `${value} != ${text(label.absent)}`,
        outside(value, bound.values),
      ),
    ];
  if (bound.kind === 'buckets' && isOnRecord(label)) return [absent, foldStatement(label, bound.count)];
  return [absent];
}

/** Few values are compared, many matched by one expression. */
function outside(value: string, allowed: readonly string[]): string {
  if (allowed.length <= 6) return allowed.map((v) => `${value} != ${text(v)}`).join(' and ');
  const quoted = allowed.map((v) => v.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `not ${isMatch(value, `^(?:${quoted.join('|')})$`)}`;
}

/** `b0` to `b<count-1>` by the first 32 bits of the value's SHA-256; integer division makes the remainder, which OTTL lacks. */
function foldStatement(label: Label, count: number): string {
  const value = attribute(label.name);
  const hash = `ParseInt(Substring(SHA256(${value}), 0, 8), 16)`;
  const bucket = `Concat(["b", String(${hash} - ${hash} / ${count} * ${count})], "")`;
  return set(attribute(metricKey(label)), bucket, `${value} != nil`, `${value} != ${text(label.absent)}`);
}

/** What only metrics needed, off the record before it is stored; and labels that the contract keeps out of logs. */
export function labelCleanup(labels: readonly Label[]): readonly string[] {
  return labels.flatMap((l) => [
    ...(l.bound.kind === 'buckets' ? [remove('log.attributes', metricKey(l))] : []),
    ...(isOnRecord(l) && !l.on.logs ? [remove('log.attributes', l.name)] : []),
  ]);
}
