import type { Difference } from '../compare.ts';
import { isObject, type JsonObject } from '../json.ts';
import { type Patience, settle } from '../patience.ts';
import type { DocumentKind } from '../plan.ts';
import { Trouble } from '../trouble.ts';
import type { Wanted } from '../wanted.ts';
import { contentOf, differ, nouns } from './content.ts';
import type { Kind, Live } from './kinds.ts';
import { markOf, type Seal, sealed } from './seal.ts';
import { inWords } from './words.ts';

/** Writes one object and reads it again. `own` lists what is marked as the contract's, by id, to find a creation whose answer was lost. */
export function datadogWriter(
  api: Readonly<Record<DocumentKind, Kind>>,
  contract: string,
  own: (kind: DocumentKind) => Promise<ReadonlyMap<string, Live>>,
  patience: Patience,
): {
  /** Creates, or overwrites what was planned on, and gives what is there then; throws a Trouble when that is not what was written. */
  put(wanted: Wanted, document: JsonObject, before: Live | undefined): Promise<Live>;
  /** Throws a Trouble when it was changed since, or something uses it. */
  remove(kind: DocumentKind, live: Live): Promise<void>;
} {
  return { put, remove };

  async function put(wanted: Wanted, document: JsonObject, before: Live | undefined): Promise<Live> {
    const { kind } = wanted;
    const content = contentOf(kind, document);
    const id = before
      ? await update(kind, before, sealed(kind, document, { content, kept: content }))
      : await create(kind, wanted.id, sealed(kind, document, { content, kept: content }));
    const after = await verified(kind, id, document, before);
    const keptNow = contentOf(kind, after);
    const kept = keptNow === content ? after : await resealed(kind, id, document, { content, kept: keptNow });
    return { id, document: kept };
  }

  async function update(kind: DocumentKind, { id, document: planned }: Live, document: JsonObject): Promise<string> {
    const now = await api[kind].get(id);
    if (!now) throw new Trouble(`${nouns[kind]} ${id} was deleted meanwhile`, 'apply again to make it anew');
    // Datadog has no versions to write against: what is there is looked at right before.
    if (contentOf(kind, now) !== contentOf(kind, planned))
      throw new Trouble(
        `${nouns[kind]} ${id} was changed meanwhile: not overwritten`,
        '`vigia diff` shows what it is now',
      );
    await api[kind].update(id, document);
    return id;
  }

  function create(kind: DocumentKind, id: string, document: JsonObject): Promise<string> {
    return settle(
      () => api[kind].create(document),
      async () => (await own(kind)).get(id)?.id,
      patience,
    );
  }

  /** Reads what was written. What Datadog fills in on its own is no fault; what was there to be overwritten and still is, is. */
  async function verified(
    kind: DocumentKind,
    id: string,
    document: JsonObject,
    before: Live | undefined,
  ): Promise<JsonObject> {
    const after = await api[kind].get(id);
    if (!after) throw new Trouble(`${nouns[kind]} ${id} was written and is not there`);
    const stood = before ? differ(kind, before.document, document).filter(isAddition) : [];
    const wrong = differ(kind, after, document).filter(
      (d) => !isAddition(d) || (!isScalar(d, kind) && stood.some((s) => s.path.join('\n') === d.path.join('\n'))),
    );
    if (wrong.length > 0)
      throw new Trouble(
        `${nouns[kind]} ${id} was written and does not read back as it was: ${wrong
          .map((d) => inWords(d, 'unknown'))
          .map((c) => `${c.where} ${c.what}`.trim())
          .join(', ')}`,
      );
    return after;
  }

  /** Datadog filled in something that is not known here: the seal says so too, or it would look like somebody's edit. */
  async function resealed(kind: DocumentKind, id: string, document: JsonObject, seal: Seal): Promise<JsonObject> {
    await api[kind].update(id, sealed(kind, document, seal));
    return verified(kind, id, document, undefined);
  }

  async function remove(kind: DocumentKind, { id, document: planned }: Live): Promise<void> {
    const now = await api[kind].get(id);
    if (!now) return;
    if (contentOf(kind, now) !== contentOf(kind, planned) || markOf(kind, now)?.contract !== contract)
      throw new Trouble(`${nouns[kind]} ${id} was changed meanwhile: not deleted`, '`vigia diff` shows what it is now');
    const user = await api[kind].usedBy(id);
    if (user !== undefined)
      throw new Trouble(`${nouns[kind]} ${id} is in use: not deleted: ${user}`, 'take it out of what uses it first');
    await api[kind].remove(id);
    if (await api[kind].get(id)) throw new Trouble(`${nouns[kind]} ${id} is still there after it was deleted`);
  }
}

const isAddition = (d: Difference): boolean => d.wanted === undefined;

/** Datadog writes out display settings of widgets that nobody set; anywhere else a single value is somebody's. */
const isScalar = ({ live }: Difference, kind: DocumentKind): boolean =>
  kind === 'dashboard' && !isObject(live) && !Array.isArray(live);
