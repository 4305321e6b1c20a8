import { compare, type Difference, essence } from '../compare.ts';
import { fingerprint, isObject, type JsonObject, textOf } from '../json.ts';
import { type Patience, settle } from '../patience.ts';
import { type DocumentKind, type Item, item, type Plan, type Service } from '../plan.ts';
import { Trouble } from '../trouble.ts';
import type { Destination, Wanted } from '../wanted.ts';
import type { DatadogClient } from './client.ts';
import { kinds, type Live } from './kinds.ts';
import { datadogRules, normal } from './normal.ts';
import { compositesFirst, kindsInOrder, partsFirst } from './order.ts';
import { references, resolved } from './references.ts';
import { markOf, type Seal, sealed } from './seal.ts';
import { objections } from './typed.ts';
import { inWords } from './words.ts';

const nouns: Readonly<Record<DocumentKind, string>> = { slo: 'objective', monitor: 'monitor', dashboard: 'dashboard' };

/** One Datadog account: its objectives, monitors and dashboards against the contract's. */
export function datadogService(
  destination: Destination,
  contract: string,
  client: DatadogClient,
  patience: Patience,
): Service {
  const { address, documents, environments, kept } = destination;
  const api = kinds(client, address);
  /** As they were when planned, by kind and id; renewed by what is written. */
  const live = new Map<string, Live>();

  /** Ours, by id; two under one id can't be told apart, so neither is touched. */
  async function own(kind: DocumentKind): Promise<ReadonlyMap<string, Live>> {
    const found = new Map<string, Live>();
    for (const one of await api[kind].list()) {
      const mark = markOf(kind, one.document);
      if (mark?.contract !== contract) continue;
      const other = found.get(mark.id);
      if (other)
        throw new Trouble(
          `${address}: two ${nouns[kind]}s are marked as ${contract}/${mark.id}: ${other.id} and ${one.id}`,
          'a copy keeps the mark of what it was copied from: take it from the copy, or delete one of the two',
        );
      found.set(mark.id, one);
    }
    return found;
  }

  /** A document with Datadog's own ids of what it names: objects of its environment, by their id or their file. */
  function withIds({ environment, document }: Wanted): JsonObject {
    return resolved(document, ({ kind, id }) => {
      const other = documents.find(
        (d) => d.kind === kind && d.environment === environment && (d.id === id || d.file === id),
      );
      return other && live.get(keyOf(other))?.id;
    });
  }

  async function itemOf(wanted: Wanted): Promise<Item> {
    const document = withIds(wanted);
    const found = live.get(keyOf(wanted));
    const of = (part: Partial<Item>): Item =>
      item({ kind: wanted.kind, id: wanted.id, title: titleOf(document), state: 'missing', ...part });
    if (!found) {
      const namesake = api[wanted.kind].namesake(titleOf(document));
      if (namesake === undefined) return checked(wanted, document, of({}));
      const reason = `${namesake} has its title and no mark: if it is vigia's, give its description the line vigia:${contract}/${wanted.id} back, else rename it`;
      return of({ state: 'blocked', reason });
    }
    const content = contentOf(wanted.kind, document);
    const keptNow = contentOf(wanted.kind, found.document);
    const seal = markOf(wanted.kind, found.document)?.seal;
    if (seal?.content === content && seal.kept === keptNow) return of({ state: 'same' });
    const differences = differ(wanted.kind, found.document, document);
    if (differences.length === 0) return of({ state: 'same' });
    const told = (from: 'edit' | 'contract' | 'unknown') => differences.map((d) => inWords(d, from));
    const fixed = differences.find((d) => d.path.join('.') === 'type');
    if (fixed)
      return of({
        state: 'blocked',
        changes: told('unknown'),
        reason: `Datadog changes no ${nouns[wanted.kind]}'s type: delete it there (${found.id}) and apply again`,
      });
    const at = modified(found.document);
    if (!seal)
      return of({
        state: 'unclear',
        changes: told('unknown'),
        reason: 'vigia has not sealed it: somebody else wrote it',
        at,
      });
    if (seal.kept === keptNow) return checked(wanted, document, of({ state: 'outdated', changes: told('contract') }));
    if (seal.content === content) return of({ state: 'edited', changes: told('edit'), at });
    return of({
      state: 'edited',
      changes: told('unknown'),
      reason: 'the contract changed as well, and which is which can not be told',
      at,
    });
  }

  /** Asked before anything is written: an invalid monitor is told by the plan and not halfway through. */
  async function checked(wanted: Wanted, document: JsonObject, planned: Item): Promise<Item> {
    if (references(document).length > 0) return planned;
    const invalid = await api[wanted.kind].invalid(document);
    return invalid === undefined ? planned : { ...planned, state: 'blocked', reason: `Datadog refuses it: ${invalid}` };
  }

  async function write(what: Item): Promise<void> {
    const kind = what.kind as DocumentKind;
    const key = `${kind} ${what.id}`;
    const before = live.get(key);
    if (what.state === 'left over') return before && remove(kind, before, key);
    const wanted = documents.find((d) => keyOf(d) === key);
    if (!wanted) throw new Error(`no document for ${key}`);
    const document = withIds(wanted);
    const waiting = references(document);
    if (waiting.length > 0)
      throw new Trouble(
        `${nouns[kind]} ${what.id} needs ${waiting.map((r) => `${nouns[r.kind]} ${r.id}`).join(', ')}, which ${waiting.length === 1 ? 'is' : 'are'} not there`,
        'what kept it from being made is told above',
      );
    const content = contentOf(kind, document);
    const id = before
      ? await update(kind, before, sealed(kind, document, { content, kept: content }))
      : await create(kind, what.id, sealed(kind, document, { content, kept: content }));
    const after = await verified(kind, id, document, before);
    const keptNow = contentOf(kind, after);
    if (keptNow === content) live.set(key, { id, document: after });
    else live.set(key, { id, document: await resealed(kind, id, document, { content, kept: keptNow }) });
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

  async function remove(kind: DocumentKind, { id, document: planned }: Live, key: string): Promise<void> {
    const now = await api[kind].get(id);
    if (!now) return;
    if (contentOf(kind, now) !== contentOf(kind, planned) || markOf(kind, now)?.contract !== contract)
      throw new Trouble(`${nouns[kind]} ${id} was changed meanwhile: not deleted`, '`vigia diff` shows what it is now');
    const user = await api[kind].usedBy(id);
    if (user !== undefined)
      throw new Trouble(`${nouns[kind]} ${id} is in use: not deleted: ${user}`, 'take it out of what uses it first');
    await api[kind].remove(id);
    if (await api[kind].get(id)) throw new Trouble(`${nouns[kind]} ${id} is still there after it was deleted`);
    live.delete(key);
  }

  function refuseUntyped(): void {
    const found = documents.flatMap((d) => objections(d.kind, d.document, client).map((o) => `${d.path}: ${o}`));
    // Ours to mend: a generated document that Datadog's own models do not know.
    if (found.length > 0)
      throw new Trouble(
        `Datadog's models do not know ${found.join('; ')}`,
        'this is a fault of vigia; nothing was written',
      );
    for (const { kind, path, document } of documents)
      if (markOf(kind, document)?.contract !== contract)
        throw new Trouble(
          `${path} has no mark of contract ${contract}`,
          'this is a fault of vigia; nothing was written',
        );
  }

  return {
    name: 'datadog',
    where: address,
    async plan(): Promise<Plan> {
      refuseUntyped();
      live.clear();
      const items: Item[] = [];
      const gone: Item[] = [];
      for (const kind of kindsInOrder) {
        for (const [id, one] of await own(kind)) live.set(`${kind} ${id}`, one);
        for (const wanted of partsFirst(documents.filter((d) => d.kind === kind))) items.push(await itemOf(wanted));
        for (const [key, { document }] of compositesFirst([...live]))
          if (key.startsWith(`${kind} `) && !kept.has(key))
            gone.push(item({ kind, id: key.slice(kind.length + 1), title: titleOf(document), state: 'left over' }));
      }
      return {
        service: 'datadog',
        environments: environments.map((e) => e.name),
        where: address,
        items: [...items, ...gone],
      };
    },
    write,
  };
}

const keyOf = ({ kind, id }: Pick<Wanted, 'kind' | 'id'>): string => `${kind} ${id}`;
const titleOf = (document: JsonObject): string => textOf(document, 'title') || textOf(document, 'name');

function modified(document: JsonObject): string | undefined {
  const at = document['modified'] ?? document['modified_at'];
  return typeof at === 'number' ? new Date(at * 1000).toISOString() : typeof at === 'string' ? at : undefined;
}

function contentOf(kind: DocumentKind, document: JsonObject): string {
  return fingerprint(essence(normal(kind, document), datadogRules));
}

function differ(kind: DocumentKind, live: JsonObject, wanted: JsonObject): readonly Difference[] {
  return compare(normal(kind, live), normal(kind, wanted), datadogRules);
}

const isAddition = (d: Difference): boolean => d.wanted === undefined;

/** Datadog writes out display settings of widgets that nobody set; anywhere else a single value is somebody's. */
const isScalar = ({ live }: Difference, kind: DocumentKind): boolean =>
  kind === 'dashboard' && !isObject(live) && !Array.isArray(live);
