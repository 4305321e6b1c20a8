import type { Exchange, Reply, Request } from '../http.ts';
import { isObject, type Json, type JsonObject, objects, textOf } from '../json.ts';
import { Trouble, Unreachable } from '../trouble.ts';

/** A board as Grafana keeps it. `meta` of the answer, as far as it decides what may be done. */
export interface LiveBoard {
  readonly board: JsonObject;
  readonly version: number;
  readonly folderUid: string;
  /** From a file, a sidecar or an operator: the API refuses to save it. Where from, when it says so. */
  readonly provisionedFrom: string | undefined;
  readonly updatedBy: string;
  readonly updated: string;
}

export interface Version {
  readonly version: number;
  readonly message: string;
  readonly createdBy: string;
  readonly created: string;
}

export interface Save {
  readonly board: JsonObject;
  readonly folderUid: string;
  readonly message: string;
}

/** The parts of Grafana's HTTP API that vigia speaks, 10 to 13: https://grafana.com/docs/grafana/latest/developer-resources/api-reference/http-api/ */
export interface GrafanaApi {
  board(uid: string): Promise<LiveBoard | undefined>;
  /** Newest first; undefined: the token may not read them. */
  versions(uid: string): Promise<readonly Version[] | undefined>;
  /** The board of one version. */
  boardOf(uid: string, version: number): Promise<JsonObject | undefined>;
  /** Fails with status 412 where `version` of the board is not the live one: nobody's edit is overwritten unseen. */
  save(save: Save): Promise<Reply>;
  remove(uid: string): Promise<void>;
  /** Boards with the tag, everywhere in the organisation. */
  tagged(tag: string): Promise<readonly { readonly uid: string; readonly title: string }[]>;
  folder(uid: string): Promise<{ readonly title: string; readonly version: number } | undefined>;
  createFolder(uid: string, title: string): Promise<void>;
  renameFolder(uid: string, title: string, version: number): Promise<void>;
  /** Names what a reply that is no success means. */
  refused(reply: Reply, doing: string): Trouble;
}

const page = 1000;

export function grafanaApi(address: string, token: string, exchange: Exchange): GrafanaApi {
  const host = new URL(address).host;
  const ask = (method: Request['method'], path: string, body?: JsonObject, repeatable = method !== 'POST') =>
    exchange({
      method,
      url: `${address}${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body && JSON.stringify(body),
      repeatable,
    });

  function refused(reply: Reply, doing: string): Trouble {
    const said = messageOf(reply);
    const [why, hint] = meaning(reply, said);
    const words = `${host}: ${doing}: ${reply.status} ${why}${said === '' ? '' : `: ${said}`}`;
    return reply.status === 401 ? new Unreachable(words, hint) : new Trouble(words, hint);
  }

  /** The answer's JSON; undefined for 404 with Grafana's own words. */
  async function read(path: string, doing: string): Promise<Json | undefined> {
    const reply = await ask('GET', path);
    if (reply.status === 404 && messageOf(reply) !== '') return undefined;
    if (reply.status !== 200) throw refused(reply, doing);
    return parsed(reply, doing);
  }

  function parsed(reply: Reply, doing: string): Json {
    try {
      return JSON.parse(reply.text);
    } catch {
      throw new Trouble(
        `${host}: ${doing}: the answer is no JSON, so this is not Grafana's API`,
        'is `grafana.url` in the contract right, with its sub-path?',
      );
    }
  }

  async function done(reply: Promise<Reply>, doing: string, also: readonly number[] = []): Promise<void> {
    const answer = await reply;
    if (answer.status !== 200 && !also.includes(answer.status)) throw refused(answer, doing);
  }

  return {
    refused,
    async board(uid) {
      const doing = `reading board ${uid}`;
      const found = await read(`/api/dashboards/uid/${encodeURIComponent(uid)}`, doing);
      if (found === undefined) return undefined;
      const [board, meta] = isObject(found) ? [found['dashboard'], found['meta']] : [];
      if (!isObject(board) || !isObject(meta))
        throw new Trouble(`${host}: ${doing}: the answer has no dashboard and meta`);
      return {
        board,
        version: typeof board['version'] === 'number' ? board['version'] : Number(meta['version'] ?? 0),
        folderUid: textOf(meta, 'folderUid'),
        provisionedFrom: meta['provisioned'] === true ? textOf(meta, 'provisionedExternalId') || 'a file' : undefined,
        updatedBy: textOf(meta, 'updatedBy'),
        updated: textOf(meta, 'updated'),
      };
    },
    async versions(uid) {
      const reply = await ask('GET', `/api/dashboards/uid/${encodeURIComponent(uid)}/versions?limit=100`);
      if (reply.status === 403 || reply.status === 404) return undefined;
      const doing = `reading the versions of board ${uid}`;
      if (reply.status !== 200) throw refused(reply, doing);
      const answer = parsed(reply, doing);
      // A bare list until Grafana 11.
      return objects(isObject(answer) ? answer['versions'] : answer)
        .map((v) => ({
          version: Number(v['version']),
          message: textOf(v, 'message'),
          createdBy: textOf(v, 'createdBy'),
          created: textOf(v, 'created'),
        }))
        .sort((a, b) => b.version - a.version);
    },
    async boardOf(uid, version) {
      const answer = await read(
        `/api/dashboards/uid/${encodeURIComponent(uid)}/versions/${version}`,
        `reading version ${version} of board ${uid}`,
      );
      const data = isObject(answer) ? answer['data'] : undefined;
      return isObject(data) ? data : undefined;
    },
    save: ({ board, folderUid, message }) =>
      ask('POST', '/api/dashboards/db', { dashboard: board, folderUid, message, overwrite: false }),
    remove: (uid) =>
      // Gone already is what was wanted: the first answer may have been lost.
      done(ask('DELETE', `/api/dashboards/uid/${encodeURIComponent(uid)}`), `deleting board ${uid}`, [404]),
    async tagged(tag) {
      const found: { uid: string; title: string }[] = [];
      for (let n = 1; ; n++) {
        const path = `/api/search?type=dash-db&tag=${encodeURIComponent(tag)}&limit=${page}&page=${n}`;
        const answer = objects(await read(path, 'listing boards'));
        found.push(...answer.map((b) => ({ uid: textOf(b, 'uid'), title: textOf(b, 'title') })));
        if (answer.length < page) return found;
      }
    },
    async folder(uid) {
      const found = await read(`/api/folders/${encodeURIComponent(uid)}`, `reading folder ${uid}`);
      return isObject(found) ? { title: textOf(found, 'title'), version: Number(found['version'] ?? 0) } : undefined;
    },
    createFolder: (uid, title) =>
      // 409 and 412: it is there by now.
      done(ask('POST', '/api/folders', { uid, title }), `making folder ${uid}`, [409, 412]),
    renameFolder: (uid, title, version) =>
      done(
        ask('PUT', `/api/folders/${encodeURIComponent(uid)}`, { title, version, overwrite: false }),
        `renaming folder ${uid}`,
      ),
  };
}

export function messageOf(reply: Reply): string {
  try {
    const said: Json = JSON.parse(reply.text);
    return isObject(said) ? textOf(said, 'message').slice(0, 500) : '';
  } catch {
    return '';
  }
}

function meaning({ status, headers }: Reply, said: string): readonly [why: string, hint: string | undefined] {
  if (status === 401) return ['it does not know the token', 'GRAFANA_TOKEN is wrong or has expired'];
  if (status === 403)
    return [
      'the token may not',
      'either its service account lacks a permission (dashboards:read, :write, :create, :delete and folders:create on this folder; role Editor has them), or it belongs to another organisation of this Grafana',
    ];
  if (status >= 300 && status < 400)
    return [
      `it sends elsewhere, to ${headers['location'] ?? 'nowhere'}`,
      '`grafana.url` in the contract must be where Grafana itself answers, without a page to log in at before it',
    ];
  if (status === 412 && /same name/i.test(said))
    return ['another board of that title is in the folder', 'rename or delete that one'];
  if (status === 412 && /plugin/i.test(said)) return ['it belongs to a plugin', undefined];
  if (status === 412)
    return ['somebody saved it meanwhile', 'nothing was overwritten; `vigia diff` shows what they changed'];
  if (status === 400 && /provisioned/i.test(said))
    return ['it is provisioned', 'change what provisions it: `vigia generate` writes its file'];
  if (status === 400 && /refresh interval/i.test(said))
    return ['it asks for fresh data too often', "Grafana's min_refresh_interval is above the board's `refresh`"];
  if (status === 404 && said === '')
    return [
      'nothing of Grafana is there',
      '`grafana.url` in the contract needs the sub-path that Grafana is served under',
    ];
  return ['refused', undefined];
}
