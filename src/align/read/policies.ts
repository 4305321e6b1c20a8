import { list, type Manifest, map } from '../../contract/draft/manifests.ts';
import { readKubernetesDuration } from '../../contract/kubernetes-duration.ts';
import { type Limit, never } from '../limit.ts';

/** Settings that apply to an object, and the policy that has them. */
export interface Setting {
  readonly spec: Readonly<Record<string, unknown>>;
  /** `<kind> <namespace>/<name>` */
  readonly from: string;
  readonly policy: Manifest;
  /** The listener or rule that it is for alone. */
  readonly section: string | undefined;
}

export interface Target {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, unknown>>;
}

/**
 * The policies of a kind for an object of their namespace, by name or by labels. Of two that set one field the older wins, so the oldest is first
 * (as kgateway 2.3 merges in its own tests); those that no cluster has yet come last, by name.
 */
export function policiesFor(
  target: Target,
  kinds: readonly string[],
  objects: readonly Manifest[],
): readonly Setting[] {
  return objects
    .filter((o) => kinds.includes(o.kind) && o.namespace === target.namespace)
    .sort((a, b) => (a.created || '9').localeCompare(b.created || '9') || (a.name < b.name ? -1 : 1))
    .flatMap((policy) => {
      const named = list(policy.spec['targetRefs'])
        .map(map)
        .filter((r) => r['kind'] === target.kind && r['name'] === target.name);
      const picked = list(policy.spec['targetSelectors'])
        .map(map)
        .filter((s) => s['kind'] === target.kind && fits(map(s['matchLabels']), target.labels));
      return [...named, ...picked].map((ref) => ({
        spec: policy.spec,
        from: `${policy.kind} ${policy.namespace}/${policy.name}`,
        policy,
        section: typeof ref['sectionName'] === 'string' ? ref['sectionName'] : undefined,
      }));
    });
}

function fits(wanted: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(wanted);
  return names.length > 0 && names.every((name) => labels[name] === wanted[name]);
}

/** What stands at a path of keys. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((v: unknown, key) => map(v)[key], value);

/** Reads limits, and keeps what it could not read. */
export class Limits {
  readonly unread: string[] = [];

  /** A duration; `0s` means that nothing ends it. Undefined where there is none. */
  read(value: unknown, from: string, what: string): Limit | undefined {
    if (value === undefined || value === null) return undefined;
    const ms = readKubernetesDuration(value);
    if (ms !== undefined) return { ms: ms === 0 ? never : ms, from };
    this.unread.push(
      `${from}: ${what} is no duration such as 500ms, 60s or 1h30m, so taken as not set: ${JSON.stringify(value)}`,
    );
    return undefined;
  }

  /** The first of the settings that has it. */
  first(settings: readonly Setting[], ...path: readonly string[]): Limit | undefined {
    for (const { spec, from } of settings) {
      const found = this.read(at(spec, ...path), from, path.join('.'));
      if (found) return found;
    }
    return undefined;
  }
}
