import { readFileSync } from 'node:fs';
import type { Cluster } from '../tools/kubernetes.ts';

/** One request that changed something. */
export interface Change {
  readonly verb: string;
  readonly resource: string;
  readonly name: string;
}

/** Where the server's audit log ends by now. */
export const auditSize = (api: Cluster): number => readFileSync(api.auditLog, 'utf8').length;

/** What the log says others than the server have changed since, in the order in which it finished them. */
export function changes(api: Cluster, since: number): readonly Change[] {
  const lines = readFileSync(api.auditLog, 'utf8').slice(since).split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    const e = JSON.parse(line) as {
      verb: string;
      user: { username: string };
      objectRef?: { resource: string; name?: string };
      responseStatus: { code: number };
    };
    // The server renews leases of its own, whenever they are due.
    return e.objectRef && e.responseStatus.code < 300 && e.user.username !== 'system:apiserver'
      ? [{ verb: e.verb, resource: e.objectRef.resource, name: e.objectRef.name ?? '' }]
      : [];
  });
}

/** The places in it of what was done to one resource. */
export const at = (list: readonly Change[], resource: string, verb = 'patch'): readonly number[] =>
  list.flatMap((c, i) => (c.resource === resource && c.verb === verb ? [i] : []));
