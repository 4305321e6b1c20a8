import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { nearest } from '../../../nearest.ts';
import { pattern } from '../../question.ts';
import type { Window } from '../../remote/from-question.ts';
import { stillArriving } from '../../remote/window.ts';
import type { Client } from './client.ts';
import { CloudWatchError } from './errors.ts';
import { limits } from './limits.ts';

/** A log group that is asked, and about how many bytes it took in in a millisecond; undefined where that can't be told. */
export interface Group {
  /** A name, or an ARN without `:*` where the group is in another account. */
  readonly id: string;
  readonly bytesPerMs: number | undefined;
  /** Its ARN without `:*`, where that is known. */
  readonly arn?: string | undefined;
  /** Older records are gone; undefined: kept for ever, or not known. */
  readonly keptFrom?: number | undefined;
}

const arn = /^arn:[^:]+:logs:[^:]+:\d{12}:log-group:([^:]+)(?::\*)?$/;

/** The groups that names, ARNs and globs (`*`) stand for, and what could not be looked at. An unknown name is an error when it is the only one. */
export async function findGroups(
  client: Client,
  wanted: readonly string[],
  now: number,
): Promise<{
  readonly groups: readonly Group[];
  readonly missing: readonly { readonly what: string; readonly reason: string }[];
}> {
  const found = new Map<string, Group>();
  const missing: { what: string; reason: string }[] = [];
  for (const name of wanted) {
    const named = arn.exec(name)?.[1];
    try {
      const matches = await matching(client, named ?? name, now);
      for (const g of matches)
        found.set(
          named === undefined ? g.id : name.replace(/:\*$/, ''),
          named === undefined ? g : { ...g, ...byArn(name) },
        );
      if (matches.length > 0) continue;
      if (named !== undefined) found.set(name.replace(/:\*$/, ''), { ...byArn(name), bytesPerMs: undefined });
      else if (wanted.length === 1) throw await unknown(client, name, now);
      else missing.push({ what: name, reason: 'no such log group' });
    } catch (error) {
      // Asking is one right and listing another: what can't be listed may still be asked.
      if (!(error instanceof CloudWatchError) || error.failure !== 'denied' || name.includes('*')) throw error;
      found.set(
        name,
        named === undefined ? { id: name, bytesPerMs: undefined } : { ...byArn(name), bytesPerMs: undefined },
      );
    }
  }
  return { groups: [...found.values()], missing };
}

function byArn(name: string): Pick<Group, 'id' | 'arn'> {
  const id = name.replace(/:\*$/, '');
  return { id, arn: id };
}

/** As many as one query takes. */
export function chunks(groups: readonly Group[]): readonly (readonly Group[])[] {
  return Array.from({ length: Math.ceil(groups.length / limits.groups) }, (_, i) =>
    groups.slice(i * limits.groups, (i + 1) * limits.groups),
  );
}

async function matching(client: Client, glob: string, now: number): Promise<readonly Group[]> {
  const prefix = glob.split('*')[0] ?? '';
  const matches = pattern(glob);
  const found: Group[] = [];
  let nextToken: string | undefined;
  do {
    const token = nextToken;
    const page = await client.call(
      (c, abortSignal) =>
        c.send(
          new client.sdk.DescribeLogGroupsCommand({
            ...(prefix === '' ? {} : { logGroupNamePrefix: prefix }),
            ...(token === undefined ? {} : { nextToken: token }),
          }),
          abortSignal ? { abortSignal } : {},
        ),
      glob,
    );
    for (const group of page.logGroups ?? [])
      if (group.logGroupName !== undefined && matches(group.logGroupName))
        found.push(sized(group, group.logGroupName, now));
    nextToken = page.nextToken;
    // Prefixes sort first: past the exact name nothing else can be it.
    if (!glob.includes('*') && found.length > 0) break;
  } while (nextToken !== undefined);
  return found;
}

/** What is stored, spread over the time for which it is kept. Crude: traffic is not even, and the figure lags. */
function sized(group: LogGroup, id: string, now: number): Group {
  const age = group.creationTime === undefined ? undefined : now - group.creationTime;
  const kept = group.retentionInDays === undefined ? undefined : group.retentionInDays * 86_400_000;
  const over = Math.min(age ?? Number.POSITIVE_INFINITY, kept ?? Number.POSITIVE_INFINITY);
  const known = group.storedBytes !== undefined && Number.isFinite(over) && over > 0;
  return {
    id,
    arn: (group.logGroupArn ?? group.arn)?.replace(/:\*$/, ''),
    bytesPerMs: known ? (group.storedBytes ?? 0) / over : undefined,
    keptFrom: kept === undefined ? undefined : now - kept,
  };
}

async function unknown(client: Client, name: string, now: number): Promise<CloudWatchError> {
  if (name.includes('*'))
    return new CloudWatchError('unknown-group', `${name}: no log group matches in ${client.region}`);
  const parent = name.slice(0, name.lastIndexOf('/') + 1);
  const beside = await matching(client, `${parent}*`, now).catch(() => []);
  const guess = nearest(
    name,
    beside.map((g) => g.id),
  );
  return new CloudWatchError(
    'unknown-group',
    `${name}: no such log group in ${client.region}`,
    guess ? `did you mean ${guess}?` : "--region and --profile choose where; globs work: --log-group '/gateways/*'",
  );
}

/** About what a scan of the window reads; undefined when no group's size is known. */
export function estimate(groups: readonly Group[], { from, to }: Window): number | undefined {
  const known = groups.flatMap((g) => g.bytesPerMs ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, rate) => sum + rate * (to - from), 0);
}

/** What of the window the store can't have: records that are gone by now, and records that are not there yet. */
export function outsideOf(groups: readonly Group[], window: Window, now: number): readonly string[] {
  const { from } = window;
  const gone = groups.filter((g) => g.keptFrom !== undefined && g.keptFrom > from);
  return [
    ...gone.map((g) => `${g.id} keeps nothing from before ${new Date(g.keptFrom ?? 0).toISOString()}`),
    ...stillArriving(window, now),
  ];
}
