/**
 * An emulator of Grafana's HTTP API, not Grafana: the calls that vigia makes, as Grafana's documentation and source describe them for 10 to 13. It
 * refuses what Grafana refuses (unknown tokens, readers' writes, wrong versions, provisioned boards, bad uids), sets what the server
 * sets, and saves as its UI does. Rules and messages: pkg/api/dashboard.go, pkg/services/dashboards/errors.go.
 */
import type { IncomingMessage } from 'node:http';
import { type Answer, Emulator } from './faults.ts';
import { savedByUi } from './grafana-ui.ts';

type Board = Record<string, unknown>;

interface Stored {
  board: Board;
  folderUid: string;
  provisioned: boolean;
  versions: { version: number; message: string; createdBy: string; created: string; data: Board }[];
}

export const tokens = { editor: 'glsa_editor', viewer: 'glsa_viewer' };

const saveKeys = new Set(['dashboard', 'folderUid', 'folderId', 'message', 'overwrite', 'isFolder']);
const refuse = (status: number, message: string, more: object = {}): Answer => ({ status, body: { message, ...more } });

export class GrafanaEmulator extends Emulator {
  readonly boards = new Map<string, Stored>();
  readonly folders = new Map<string, { title: string; version: number }>();
  /** A token that may read boards and not their history. */
  historyForbidden = false;
  #ids = 100;

  protected handle(method: string, url: URL, request: IncomingMessage, body: unknown): Answer {
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    if (token !== tokens.editor && token !== tokens.viewer) return refuse(401, 'Invalid API key');
    const path = decodeURIComponent(url.pathname);
    if (method !== 'GET' && token === tokens.viewer)
      return refuse(
        403,
        "You'll need additional permissions to perform this action. Permissions needed: dashboards:write",
      );
    const [, uid = '', rest] = /^\/api\/dashboards\/uid\/([^/]+)(\/versions(?:\/(\d+))?)?$/.exec(path) ?? [];
    if (uid !== '') {
      const stored = this.boards.get(uid);
      if (!stored) return refuse(404, 'Dashboard not found');
      if (method === 'DELETE') return this.#delete(uid, stored);
      return rest === undefined ? this.#read(stored) : this.#history(stored, rest);
    }
    if (method === 'POST' && path === '/api/dashboards/db') return this.#save(body as Board, token);
    if (method === 'GET' && path === '/api/search') return this.#search(url.searchParams);
    if (path === '/api/folders' || path.startsWith('/api/folders/'))
      return this.#folder(method, path.slice(13), body as Board);
    return { status: 404, body: undefined };
  }

  #read({ board, folderUid, provisioned, versions }: Stored): Answer {
    const last = versions.at(-1);
    const meta = {
      type: 'db',
      canSave: !provisioned,
      slug: 'x',
      folderUid,
      provisioned,
      provisionedExternalId: provisioned ? 'gateways/board.json' : '',
      updated: last?.created,
      updatedBy: last?.createdBy,
      version: board['version'],
    };
    return { status: 200, body: { dashboard: board, meta } };
  }

  #history({ versions, board }: Stored, rest: string): Answer {
    if (this.historyForbidden) return refuse(403, 'Permissions needed: dashboards:write');
    const one = /^\/versions\/(\d+)$/.exec(rest)?.[1];
    if (one === undefined)
      return {
        status: 200,
        body: {
          continueToken: '',
          versions: versions.map(({ data: _, ...v }) => ({ id: v.version, uid: board['uid'], ...v })).reverse(),
        },
      };
    const found = versions.find((v) => v.version === Number(one));
    return found ? { status: 200, body: found } : refuse(404, 'Dashboard version not found');
  }

  #save(body: Board, token: string): Answer {
    for (const key of Object.keys(body)) if (!saveKeys.has(key)) return refuse(400, `bad request data: unknown ${key}`);
    const board = body['dashboard'] as Board | undefined;
    if (!board) return refuse(400, 'bad request data');
    const { uid, title } = board;
    if (typeof title !== 'string' || title === '')
      return refuse(400, 'Dashboard title cannot be empty', { status: 'empty-name' });
    if (title.length > 5000 || String(body['message'] ?? '').length > 500) return refuse(400, 'too long');
    if (typeof uid !== 'string' || uid.length > 40) return refuse(400, 'uid too long. max 40 characters');
    if (!/^[\w-]+$/.test(uid)) return refuse(400, 'uid contains illegal characters');
    if (/^[1-4]s$/.test(String(board['refresh'] ?? ''))) return refuse(400, 'Dashboard refresh interval is too low');
    // Without a folder it goes to the root, also when it was in one.
    const folderUid = String(body['folderUid'] ?? '');
    if (folderUid !== '' && !this.folders.has(folderUid))
      return refuse(400, 'folder not found', { status: 'not-found' });
    const stored = this.boards.get(uid);
    if (stored?.provisioned) return refuse(400, 'Cannot save provisioned dashboard');
    if (stored && body['overwrite'] !== true && Number(board['version'] ?? 0) !== stored.board['version'])
      return refuse(412, 'The dashboard has been changed by someone else', { status: 'version-mismatch' });
    const version = this.store(
      uid,
      board,
      folderUid,
      String(body['message'] ?? ''),
      token === tokens.editor ? 'sa-1-vigia' : 'x',
    );
    return {
      status: 200,
      body: { id: this.#ids, uid, url: `/d/${uid}`, status: 'success', version, slug: 'x', folderUid },
    };
  }

  /** As the server stores it: its own id and the next version, nulls of `id` gone, the rest as sent. */
  store(uid: string, sent: Board, folderUid: string, message: string, createdBy: string): number {
    const stored = this.boards.get(uid) ?? { board: {}, folderUid, provisioned: false, versions: [] };
    const version = (stored.versions.at(-1)?.version ?? 0) + 1;
    const board = { ...structuredClone(sent), id: stored.board['id'] ?? ++this.#ids, uid, version };
    stored.versions.push({
      version,
      message,
      createdBy,
      created: `2026-11-2${version % 10}T10:00:00Z`,
      data: structuredClone(board),
    });
    this.boards.set(uid, { ...stored, board, folderUid });
    return version;
  }

  /** A person opens the board, changes something, and saves: the UI writes out all it knows. */
  edit(uid: string, change: (board: Board) => void, by = 'alice', message = ''): void {
    const stored = this.boards.get(uid);
    if (!stored) throw new Error(`no board ${uid}`);
    const board = savedByUi(structuredClone(stored.board));
    change(board);
    this.store(uid, board, stored.folderUid, message, by);
  }

  #delete(uid: string, stored: Stored): Answer {
    if (stored.provisioned) return refuse(400, 'provisioned dashboard cannot be deleted');
    this.boards.delete(uid);
    return {
      status: 200,
      body: { title: stored.board['title'], message: `Dashboard ${stored.board['title']} deleted` },
    };
  }

  #search(query: URLSearchParams): Answer {
    const [limit, page] = [Number(query.get('limit') ?? 1000), Number(query.get('page') ?? 1)];
    if (query.get('type') !== 'dash-db' || limit > 5000) return refuse(422, 'Limit is above maximum allowed (5000)');
    const found = [...this.boards.values()].filter((s) =>
      (s.board['tags'] as string[] | undefined)?.includes(query.get('tag') ?? ''),
    );
    const body = found.slice((page - 1) * limit, page * limit).map(({ board, folderUid }) => ({
      id: board['id'],
      uid: board['uid'],
      title: board['title'],
      type: 'dash-db',
      tags: board['tags'],
      folderUid,
    }));
    return { status: 200, body };
  }

  #folder(method: string, uid: string, body: Board): Answer {
    const found = this.folders.get(uid);
    if (method === 'GET' && found) return { status: 200, body: { id: 1, uid, ...found } };
    if (method === 'POST' && uid === '') {
      const id = String(body['uid']);
      if (this.folders.has(id)) return refuse(409, 'a folder with that uid already exists');
      if (!/^[\w-]{1,40}$/.test(id) || !body['title']) return refuse(400, 'folder title cannot be empty');
      this.folders.set(id, { title: String(body['title']), version: 1 });
      return { status: 200, body: { uid: id, title: body['title'], version: 1 } };
    }
    if (method === 'PUT' && found) {
      if (body['version'] !== found.version && body['overwrite'] !== true)
        return refuse(412, 'the folder has been changed by someone else');
      this.folders.set(uid, { title: String(body['title']), version: found.version + 1 });
      return { status: 200, body: { uid, title: body['title'], version: found.version + 1 } };
    }
    return refuse(404, 'folder not found');
  }
}
