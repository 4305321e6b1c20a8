import type { Environment } from '../../contract/model.ts';
import { fingerprint, isObject, type JsonObject, textOf } from '../json.ts';
import { type Patience, settle } from '../patience.ts';
import { type Change, type Item, item, type Plan, type Service } from '../plan.ts';
import { Trouble } from '../trouble.ts';
import type { Destination, Wanted } from '../wanted.ts';
import type { GrafanaApi, LiveBoard } from './api.ts';
import { attributed, boardDifferences, contractOf, messageFor, since } from './history.ts';
import { normalBoard } from './normal.ts';
import { inWords } from './words.ts';

/** On every board of vigia's, whatever the contract. */
const tag = 'vigia';

/** One Grafana: its folders and boards against the contract's. */
export function grafanaService(
  destination: Destination,
  contract: string,
  api: GrafanaApi,
  patience: Patience,
): Service {
  const { address, documents, environments, kept } = destination;
  const folders = new Map(documents.map((d) => [folderUid(folderOf(d, environments)), folderOf(d, environments)]));
  /** The version that the plan was made on: what is written later must still be that. */
  const planned = new Map<string, number>();

  async function folderItem(uid: string, title: string): Promise<Item> {
    const live = await api.folder(uid);
    if (!live) return item({ kind: 'folder', id: uid, title, state: 'missing' });
    planned.set(`folder ${uid}`, live.version);
    if (live.title === title) return item({ kind: 'folder', id: uid, title, state: 'same' });
    const change: Change = { where: '', what: 'title', live: live.title, contract: title, from: 'edit' };
    return item({ kind: 'folder', id: uid, title, state: 'edited', changes: [change] });
  }

  async function boardItem(wanted: Wanted): Promise<Item> {
    const title = textOf(wanted.document, 'title');
    const live = await api.board(wanted.id);
    const of = (part: Partial<Item>): Item => item({ kind: 'dashboard', id: wanted.id, title, state: 'same', ...part });
    if (!live) return of({ state: 'missing' });
    planned.set(wanted.id, live.version);
    if (isObject(live.board['elements']))
      return of({
        state: 'blocked',
        reason:
          'somebody saved it in the new schema (v2), which the API that vigia speaks shows with losses; delete it there and apply again',
      });
    const moved = folderChange(live, folderUid(folderOf(wanted, environments)));
    const found = boardDifferences(live.board, wanted.document);
    if (found.length + moved.length === 0) return of({});
    const boards = [normalBoard(wanted.document), normalBoard(live.board)];
    const changes = found.map((d) => inWords(d, boards, 'unknown'));
    if (live.provisionedFrom !== undefined)
      return of({
        state: 'blocked',
        changes: [...moved, ...changes],
        reason: `provisioned from ${live.provisionedFrom}, so the API may not save it; \`vigia generate\` writes the file to provision (${wanted.path})`,
      });
    if (!isOurs(live.board))
      return of({
        state: 'foreign',
        changes: [...moved, ...changes],
        reason: `it lacks the tag ${tag}, so somebody else's board has this uid`,
      });
    const history = await since(api, wanted.id, live.board);
    const last = { by: history?.by?.createdBy ?? live.updatedBy, at: history?.by?.created ?? live.updated };
    if (history?.owner !== undefined && history.owner !== contract)
      return of({
        state: 'foreign',
        changes: [...moved, ...changes],
        reason: `it is of contract ${history.owner}; \`name\` tells contracts apart, and boards of two can't share a Grafana`,
      });
    if (!history?.saved)
      return of({
        state: found.length === 0 && moved[0]?.from === 'contract' ? 'outdated' : 'unclear',
        changes: [...moved, ...changes],
        reason: history ? 'no save of vigia is in its history' : 'the token may not read its history',
        ...last,
      });
    const told = [
      ...moved,
      ...attributed(live.board, wanted.document, history.saved).map(([d, from]) => inWords(d, boards, from)),
    ];
    const edited = told.some((c) => c.from === 'edit' || c.from === 'both');
    return of({ state: edited ? 'edited' : 'outdated', changes: told, ...(edited ? last : {}) });
  }

  /** Boards with our tag whose last save of ours was for this contract and that no environment of it wants here. */
  async function leftOver(): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (const { uid, title } of await api.tagged(tag)) {
      if (kept.has(`dashboard ${uid}`)) continue;
      const versions = (await api.versions(uid)) ?? [];
      const owner = versions.map(contractOf).find((name) => name !== undefined);
      if (owner !== contract) continue;
      const live = await api.board(uid);
      if (!live) continue;
      planned.set(uid, live.version);
      items.push(
        live.provisionedFrom === undefined
          ? item({ kind: 'dashboard', id: uid, title, state: 'left over' })
          : item({
              kind: 'dashboard',
              id: uid,
              title,
              state: 'blocked',
              reason: `no longer asked for, and provisioned from ${live.provisionedFrom}`,
            }),
      );
    }
    return items;
  }

  async function writeFolder({ id, title, state }: Item): Promise<void> {
    const there = async () => ((await api.folder(id)) ? 'there' : undefined);
    if (state === 'missing') await settle(() => api.createFolder(id, title), there, patience);
    else await api.renameFolder(id, title, planned.get(`folder ${id}`) ?? 0);
    const live = await api.folder(id);
    if (live?.title !== title)
      throw new Trouble(
        `folder ${id} is not there as it was written: it reads back as ${live ? `'${live.title}'` : 'missing'}`,
      );
  }

  async function writeBoard(wanted: Wanted): Promise<void> {
    const uid = folderUid(folderOf(wanted, environments));
    const version = planned.get(wanted.id);
    const board = { ...wanted.document, id: null, ...(version === undefined ? {} : { version }) };
    const fits = async (): Promise<boolean> => {
      const live = await api.board(wanted.id);
      return live !== undefined && live.folderUid === uid && boardDifferences(live.board, wanted.document).length === 0;
    };
    // The same version is sent again, so a save whose answer was lost can't be done twice.
    const reply = await settle(
      () => api.save({ board, folderUid: uid, message: messageFor(contract) }),
      async () => ((await fits()) ? 'landed' : undefined),
      patience,
    );
    if (reply === 'landed') return;
    if (reply.status !== 200) throw api.refused(reply, `saving board ${wanted.id}`);
    if (await fits()) return;
    const live = await api.board(wanted.id);
    const boards = [normalBoard(wanted.document)];
    const kept = live ? boardDifferences(live.board, wanted.document).map((d) => inWords(d, boards, 'unknown')) : [];
    throw new Trouble(
      `board ${wanted.id} was saved and does not read back as it was written: ${kept.map((c) => `${c.where} ${c.what}`.trim()).join(', ') || 'another folder'}`,
    );
  }

  async function removeBoard(uid: string): Promise<void> {
    const live = await api.board(uid);
    if (!live) return;
    if (live.version !== planned.get(uid))
      throw new Trouble(
        `board ${uid} was saved by ${live.updatedBy} meanwhile: not deleted`,
        '`vigia diff` shows what it is now',
      );
    await api.remove(uid);
    if (await api.board(uid)) throw new Trouble(`board ${uid} is still there after it was deleted`);
  }

  return {
    name: 'grafana',
    where: address,
    async plan(): Promise<Plan> {
      const items: Item[] = [];
      for (const [uid, title] of folders) items.push(await folderItem(uid, title));
      for (const wanted of documents) items.push(await boardItem(wanted));
      items.push(...(await leftOver()));
      return { service: 'grafana', environments: environments.map((e) => e.name), where: address, items };
    },
    async write(what): Promise<void> {
      if (what.kind === 'folder') return writeFolder(what);
      if (what.state === 'left over') return removeBoard(what.id);
      const wanted = documents.find((d) => d.id === what.id);
      if (!wanted) throw new Error(`no document for ${what.id}`);
      return writeBoard(wanted);
    },
  };
}

/** Of a title: fixed, so that the folder is found again whoever renamed it. Grafana takes 40 characters of these. */
export function folderUid(title: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `vigia-${slug || fingerprint(title)}`.slice(0, 40).replace(/-+$/, '');
}

function folderOf(wanted: Wanted, environments: readonly Environment[]): string {
  return environments.find((e) => e.name === wanted.environment)?.grafana?.folder ?? 'vigia';
}

/** A board that stands in another folder of vigia's is where an earlier contract had it; anywhere else a person moved it. */
function folderChange(live: LiveBoard, uid: string): readonly Change[] {
  if (live.folderUid === uid) return [];
  const from = live.folderUid.startsWith('vigia-') ? 'contract' : 'edit';
  return [{ where: '', what: 'folder', live: live.folderUid || 'General', contract: uid, from }];
}

function isOurs(board: JsonObject): boolean {
  return Array.isArray(board['tags']) && board['tags'].includes(tag);
}
