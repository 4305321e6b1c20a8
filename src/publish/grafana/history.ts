import { compare, type Difference } from '../compare.ts';
import type { JsonObject } from '../json.ts';
import type { Change } from '../plan.ts';
import type { GrafanaApi, Version } from './api.ts';
import { normalBoard, ranked } from './normal.ts';
import { boardRules } from './rules.ts';

/** Goes with each save of ours into Grafana's history of the board, and is how vigia knows its own. */
export const messageFor = (contract: string): string => `vigia, contract ${contract}`;

const ours = /^vigia, contract (\S+)$/;

export const contractOf = (version: Version): string | undefined => ours.exec(version.message)?.[1];

/** What became of a board since vigia saved it. */
export interface Since {
  /** The contract that vigia saved it last for; undefined: none. */
  readonly owner: string | undefined;
  /** The newest save, when it is somebody else's. */
  readonly by: Version | undefined;
  /** The board as vigia saved it last; undefined: that is not in the history any more, or never was. */
  readonly saved: JsonObject | undefined;
}

/** undefined: the token may not read the history, so it can't be told. */
export async function since(api: GrafanaApi, uid: string, live: JsonObject): Promise<Since | undefined> {
  const versions = await api.versions(uid);
  if (!versions) return undefined;
  const [newest] = versions;
  const last = versions.find((v) => contractOf(v) !== undefined);
  const owner = last && contractOf(last);
  if (newest && newest === last) return { owner, by: undefined, saved: live };
  return { owner, by: newest, saved: last && (await api.boardOf(uid, last.version)) };
}

/** The differences in meaning of two boards as they came. */
export function boardDifferences(live: JsonObject, wanted: JsonObject): readonly Difference[] {
  const [a, b] = ranked(normalBoard(live), normalBoard(wanted));
  return compare(a, b, boardRules);
}

/** Whose each difference is: what was saved last by vigia is the base of both. */
export function attributed(
  live: JsonObject,
  wanted: JsonObject,
  saved: JsonObject | undefined,
): readonly (readonly [Difference, Change['from']])[] {
  const found = boardDifferences(live, wanted);
  if (!saved) return found.map((d) => [d, 'unknown']);
  const [edits, changes] = [boardDifferences(live, saved), boardDifferences(saved, wanted)];
  const among = (list: readonly Difference[], d: Difference): boolean =>
    list.some((l) => l.path.every((step, i) => step === d.path[i] || d.path[i] === undefined));
  return found.map((d) => {
    const [edit, change] = [among(edits, d), among(changes, d)];
    return [d, edit && change ? 'both' : edit ? 'edit' : change ? 'contract' : 'unknown'];
  });
}
