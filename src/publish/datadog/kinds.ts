import type { JsonObject } from '../json.ts';
import { textOf } from '../json.ts';
import type { DocumentKind } from '../plan.ts';
import type { DatadogClient } from './client.ts';
import { codeOf, named, saidBy, spokenOf, unless404Of } from './errors.ts';
import { markOf } from './seal.ts';
import { typedAs, wire } from './typed.ts';

/** An object in the account: Datadog's own id, and the document as it came. */
export interface Live {
  readonly id: string;
  readonly document: JsonObject;
}

/** What can be done with objects of one kind. Errors are Troubles with Datadog's words and what they mean. */
export interface Kind {
  /** All with vigia's mark, whosever contract. */
  list(): Promise<readonly Live[]>;
  get(id: string): Promise<JsonObject | undefined>;
  create(document: JsonObject): Promise<string>;
  update(id: string, document: JsonObject): Promise<void>;
  remove(id: string): Promise<void>;
  /** Why it can't be deleted: what uses it. */
  usedBy(id: string): Promise<string | undefined>;
  /** Datadog's id of one that has this title and no mark; known after `list`. Only dashboards are listed whole. */
  namesake(title: string): string | undefined;
  /** What Datadog objects to before anything is written; undefined: nothing, or it has no such check. */
  invalid(document: JsonObject): Promise<string | undefined>;
}

export function kinds(client: DatadogClient, where: string): Readonly<Record<DocumentKind, Kind>> {
  const { dashboards, monitors, slos } = client;
  const spoken = spokenOf(where);
  const unless404 = unless404Of(where);
  const asWire = (typed: unknown, model: string): JsonObject => wire(typed, model, client);

  const unmarked = new Map<string, string>();
  const none = () => undefined;

  return {
    dashboard: {
      list: () =>
        spoken('listing dashboards', async () => {
          const found: Live[] = [];
          unmarked.clear();
          for await (const one of dashboards.listDashboardsWithPagination({ count: 100 })) {
            const summary = asWire(one, 'DashboardSummaryDefinition');
            const id = textOf(summary, 'id');
            // The list has no widgets; only those that are ours are read whole.
            if (!markOf('dashboard', summary)) unmarked.set(textOf(summary, 'title'), id);
            else found.push({ id, document: asWire(await dashboards.getDashboard({ dashboardId: id }), 'Dashboard') });
          }
          return found;
        }),
      get: (id) =>
        unless404(`reading dashboard ${id}`, async () =>
          asWire(await dashboards.getDashboard({ dashboardId: id }), 'Dashboard'),
        ),
      create: (document) =>
        spoken('making a dashboard', async () => {
          const made = await dashboards.createDashboard({ body: typedAs(document, 'Dashboard', client) });
          return made.id ?? '';
        }),
      update: (id, document) =>
        spoken(`writing dashboard ${id}`, async () => {
          await dashboards.updateDashboard({ dashboardId: id, body: typedAs(document, 'Dashboard', client) });
        }),
      remove: async (id) => {
        await unless404(`deleting dashboard ${id}`, () => dashboards.deleteDashboard({ dashboardId: id }));
      },
      usedBy: async () => undefined,
      namesake: (title) => unmarked.get(title),
      invalid: async () => undefined,
    },
    monitor: {
      list: () =>
        spoken('listing monitors', async () => {
          const found: Live[] = [];
          for await (const one of monitors.listMonitorsWithPagination({
            monitorTags: 'managed-by:vigia',
            pageSize: 100,
          }))
            found.push({ id: String(one.id), document: asWire(one, 'Monitor') });
          return found;
        }),
      get: (id) =>
        unless404(`reading monitor ${id}`, async () =>
          asWire(await monitors.getMonitor({ monitorId: Number(id) }), 'Monitor'),
        ),
      create: (document) =>
        spoken('making a monitor', async () => {
          const made = await monitors.createMonitor({ body: typedAs(document, 'Monitor', client) });
          return String(made.id);
        }),
      update: (id, document) =>
        spoken(`writing monitor ${id}`, async () => {
          // What is left out of an update stays as it is: these two go only when they are said to be nothing.
          const whole = { priority: null, restricted_roles: null, ...document };
          await monitors.updateMonitor({ monitorId: Number(id), body: typedAs(whole, 'MonitorUpdateRequest', client) });
        }),
      remove: async (id) => {
        await unless404(`deleting monitor ${id}`, () => monitors.deleteMonitor({ monitorId: Number(id) }));
      },
      usedBy: (id) =>
        conflict(`asking whether monitor ${id} can be deleted`, () =>
          monitors.checkCanDeleteMonitor({ monitorIds: [Number(id)] }),
        ),
      namesake: none,
      invalid: async (document) => {
        try {
          await monitors.validateMonitor({ body: typedAs(document, 'Monitor', client) });
          return undefined;
        } catch (error) {
          if (codeOf(error) === 400) return saidBy(error);
          // Keys that may only read: the check is left out.
          if (codeOf(error) === 403) return undefined;
          throw named(error, `${where}: checking a monitor`);
        }
      },
    },
    slo: {
      list: () =>
        spoken('listing objectives', async () => {
          const found: Live[] = [];
          for await (const one of slos.listSLOsWithPagination({ tagsQuery: 'managed-by:vigia', limit: 100 }))
            found.push({ id: one.id ?? '', document: asWire(one, 'ServiceLevelObjective') });
          return found;
        }),
      get: (id) =>
        unless404(`reading objective ${id}`, async () =>
          asWire((await slos.getSLO({ sloId: id })).data, 'SLOResponseData'),
        ),
      create: (document) =>
        spoken('making an objective', async () => {
          const made = await slos.createSLO({ body: typedAs(document, 'ServiceLevelObjectiveRequest', client) });
          return made.data?.[0]?.id ?? '';
        }),
      update: (id, document) =>
        spoken(`writing objective ${id}`, async () => {
          await slos.updateSLO({ sloId: id, body: typedAs(document, 'ServiceLevelObjective', client) });
        }),
      remove: async (id) => {
        // Without force: one that a monitor or a dashboard still uses stays.
        await unless404(`deleting objective ${id}`, () => slos.deleteSLO({ sloId: id }));
      },
      usedBy: (id) =>
        conflict(`asking whether objective ${id} can be deleted`, () => slos.checkCanDeleteSLO({ ids: id })),
      namesake: none,
      invalid: async () => undefined,
    },
  };

  /** The client takes 409 for an answer here: who uses an object is in its errors. */
  async function conflict(
    doing: string,
    call: () => Promise<{ readonly errors?: object | null }>,
  ): Promise<string | undefined> {
    const { errors } = await spoken(doing, call);
    return errors && Object.keys(errors).length > 0 ? Object.values(errors).flat().join('; ').slice(0, 500) : undefined;
  }
}
