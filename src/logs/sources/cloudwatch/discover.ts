import type { Overrides } from '../../read/key-map.ts';
import type { Window } from '../../remote/from-question.ts';
import { type Layout, layoutOf } from '../../remote/layout.ts';
import { NoRecords, SourceError } from '../source.ts';
import type { Client } from './client.ts';
import { CloudWatchError } from './errors.ts';
import type { Group } from './groups.ts';

/**
 * What the groups' records carry. GetLogGroupFields names the fields that CloudWatch found around a time, without a scan; where it says
 * nothing, the first events of the window are looked at with FilterLogEvents, which is not billed by bytes either.
 */
export async function discover(
  client: Client,
  groups: readonly Group[],
  window: Window,
  overrides: Overrides,
): Promise<Layout> {
  const names = new Map<string, readonly string[]>();
  // Within eight minutes of the middle; a long window's middle is as good as any other part.
  const time = Math.floor((window.from + window.to) / 2000);
  for (const { id } of groups.slice(0, looked))
    names.set(id, ((await fieldNames(client, id, time)) ?? (await eventNames(client, id, window))).filter(isOurs));
  const all = [...new Set([...names.values()].flat())];
  const layout = layoutOf(all, overrides);
  for (const [id, own] of names) sameNames(layout, layoutOf(own, overrides), id);
  if (layout.name('status') !== undefined || layout.name('flags') !== undefined) return layout;
  const asked = groups.map((g) => g.id).join(', ');
  throw all.length === 0
    ? new NoRecords(
        `${asked}: no record in the window to learn the fields from`,
        'a wider window, or another log group',
      )
    : new SourceError(
        `${asked}: no field that could be a status code or response flags, among ${all.length}`,
        `say which is which: --map status=FIELD,flags=FIELD; found are ${all.sort().slice(0, 12).join(', ')}`,
      );
}

/** Log groups of one question are alike; so many are looked at. */
const looked = 20;

const isOurs = (name: string): boolean => !name.startsWith('@');

/** One query names one field for all groups: where another group calls it otherwise, its records would be counted as if they lacked it. */
function sameNames(all: Layout, own: Layout, id: string): void {
  for (const read of ['status', 'flags', 'route'] as const) {
    const [mine, theirs] = [own.name(read), all.name(read)];
    if (mine !== undefined && mine !== theirs)
      throw new SourceError(
        `${id} calls the ${read} ${mine}, and another log group calls it ${theirs}`,
        'ask log groups whose records look alike together, others apart',
      );
  }
}

async function fieldNames(client: Client, id: string, time: number): Promise<readonly string[] | undefined> {
  try {
    const found = await client.call(
      (c, abortSignal) =>
        c.send(
          new client.sdk.GetLogGroupFieldsCommand({
            ...(id.startsWith('arn:') ? { logGroupIdentifier: id } : { logGroupName: id }),
            time,
          }),
          abortSignal ? { abortSignal } : {},
        ),
      id,
      { attempts: 3 },
    );
    const names = (found.logGroupFields ?? []).flatMap((f) => f.name ?? []).filter((n) => !n.startsWith('@'));
    return names.length > 0 ? names : undefined;
  } catch (error) {
    if (error instanceof CloudWatchError && error.failure !== 'stopped' && error.failure !== 'unknown-group')
      return undefined;
    throw error;
  }
}

async function eventNames(client: Client, id: string, { from, to }: Window): Promise<readonly string[]> {
  const names = new Set<string>();
  let nextToken: string | undefined;
  // Empty pages with a token are normal; ten of them are enough of it.
  for (let page = 0; page < 10 && names.size === 0; page++) {
    const token = nextToken;
    const found = await client.call(
      (c, abortSignal) =>
        c.send(
          new client.sdk.FilterLogEventsCommand({
            ...(id.startsWith('arn:') ? { logGroupIdentifier: id } : { logGroupName: id }),
            startTime: from,
            endTime: to - 1,
            limit: 100,
            ...(token === undefined ? {} : { nextToken: token }),
          }),
          abortSignal ? { abortSignal } : {},
        ),
      id,
    );
    for (const event of found.events ?? []) for (const name of namesIn(event.message ?? '')) names.add(name);
    nextToken = found.nextToken;
    if (nextToken === undefined) break;
  }
  return [...names];
}

function namesIn(message: string): readonly string[] {
  try {
    const object: unknown = JSON.parse(message);
    return object !== null && typeof object === 'object' ? paths(object) : [];
  } catch {
    return [];
  }
}

/** Whole paths, containers included, as CloudWatch names what it finds. */
function paths(object: object, prefix = '', depth = 0): readonly string[] {
  return Object.entries(object).flatMap(([key, value]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) && depth < 4
      ? paths(value, `${prefix}${key}.`, depth + 1)
      : [`${prefix}${key}`],
  );
}
