import { type JsonObject, textOf } from '../json.ts';
import type { Patience } from '../patience.ts';
import { type DocumentKind, type Item, item, type Plan, type Service } from '../plan.ts';
import { Trouble, Unreachable } from '../trouble.ts';
import type { Destination, Wanted } from '../wanted.ts';
import type { DatadogClient } from './client.ts';
import { contentOf, differ, keyOf, nouns } from './content.ts';
import { kinds, type Live } from './kinds.ts';
import { metricSettings } from './metrics.ts';
import { compositesFirst, kindsInOrder, partsFirst } from './order.ts';
import { type Reference, references, resolved, withoutDeadLinks } from './references.ts';
import { markOf } from './seal.ts';
import { objections } from './typed.ts';
import { inWords } from './words.ts';
import { datadogWriter } from './writer.ts';

/** One Datadog account: its objectives, monitors, dashboards and percentiles against the contract's. */
export function datadogService(
  destination: Destination,
  contract: string,
  client: DatadogClient,
  patience: Patience,
): Service {
  const { address, documents, environments, kept } = destination;
  const metrics = metricSettings(destination.metrics, client, address, patience);
  const api = kinds(client, address);
  const writer = datadogWriter(api, contract, own, patience);
  /** As they were when planned, by kind and id; renewed by what is written. */
  const live = new Map<string, Live>();
  /** Not written by this run: nothing waits for them. */
  const blocked = new Set<string>();

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

  /** An object of a document's environment that it names, by its id or its file. */
  const named = ({ environment }: Wanted, { kind, id }: Reference): Wanted | undefined =>
    documents.find((d) => d.kind === kind && d.environment === environment && (d.id === id || d.file === id));

  /** A document with Datadog's own ids of what it names, as far as that is there. */
  function withIds(wanted: Wanted): JsonObject {
    const document = resolved(wanted.document, (reference) => {
      const other = named(wanted, reference);
      return other && live.get(keyOf(other))?.id;
    });
    return withoutDeadLinks(document);
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
    if (what.kind === 'metric') return metrics.write(what);
    const kind = what.kind as DocumentKind;
    const key = `${kind} ${what.id}`;
    const before = live.get(key);
    if (what.state === 'left over') {
      if (before) await writer.remove(kind, before);
      live.delete(key);
      return;
    }
    const wanted = documents.find((d) => keyOf(d) === key);
    if (!wanted) throw new Error(`no document for ${key}`);
    const document = withIds(wanted);
    const waiting = references(document);
    if (waiting.length > 0)
      throw new Trouble(
        `${nouns[kind]} ${what.id} needs ${waiting.map((r) => `${nouns[r.kind]} ${r.id}`).join(', ')}, which ${waiting.length === 1 ? 'is' : 'are'} not there`,
        'what kept it from being made is told above',
      );
    try {
      live.set(key, await writer.put(wanted, document, before));
    } catch (error) {
      blocked.add(key);
      throw error;
    }
    if (!before && kind === 'dashboard') await link(wanted);
  }

  /** A dashboard is there now, so what leads to it can: each once, when all are there to which it leads, and nobody's edit among them. */
  async function link(made: Wanted): Promise<void> {
    for (const wanted of documents.filter((d) => d.environment === made.environment)) {
      const others = references(wanted.document).flatMap((r) => (r.kind === 'dashboard' ? [named(wanted, r)] : []));
      const before = live.get(keyOf(wanted));
      if (!before || wanted === made || !others.includes(made)) continue;
      if (others.some((other) => other && !live.has(keyOf(other)) && !blocked.has(keyOf(other)))) continue;
      const document = withIds(wanted);
      const seal = markOf(wanted.kind, before.document)?.seal;
      if (seal?.kept !== contentOf(wanted.kind, before.document)) continue;
      if (references(document).length > 0 || seal.content === contentOf(wanted.kind, document)) continue;
      try {
        live.set(keyOf(wanted), await writer.put(wanted, document, before));
      } catch (error) {
        if (!(error instanceof Trouble) || error instanceof Unreachable) throw error;
        throw new Trouble(`${keyOf(made)} is there, and nothing leads to it yet: ${error.message}`, error.hint);
      }
    }
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
      blocked.clear();
      const items: Item[] = [];
      const gone: Item[] = [];
      for (const kind of kindsInOrder) for (const [id, one] of await own(kind)) live.set(`${kind} ${id}`, one);
      for (const kind of kindsInOrder) {
        for (const wanted of partsFirst(documents.filter((d) => d.kind === kind))) {
          const planned = await itemOf(wanted);
          items.push(planned);
          if (planned.state === 'blocked') blocked.add(keyOf(wanted));
        }
        for (const [key, { document }] of compositesFirst([...live]))
          if (key.startsWith(`${kind} `) && !kept.has(key))
            gone.push(item({ kind, id: key.slice(kind.length + 1), title: titleOf(document), state: 'left over' }));
      }
      return {
        service: 'datadog',
        environments: environments.map((e) => e.name),
        where: address,
        items: [...(await metrics.plan()), ...items, ...gone],
      };
    },
    write,
  };
}

const titleOf = (document: JsonObject): string => textOf(document, 'title') || textOf(document, 'name');

function modified(document: JsonObject): string | undefined {
  const at = document['modified'] ?? document['modified_at'];
  return typeof at === 'number' ? new Date(at * 1000).toISOString() : typeof at === 'string' ? at : undefined;
}
