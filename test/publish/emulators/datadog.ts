/**
 * An emulator of the part of Datadog's API that vigia speaks, not Datadog: dashboards, monitors, objectives and tag configurations as its API reference, its client's
 * models and the drift threads of its Terraform provider describe them. It refuses what the reference says is refused, and answers
 * with what the server is known to add. What the real one adds beside that is what `novelty` stands for.
 */
import type { IncomingMessage } from 'node:http';
import { Monitor } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/Monitor.js';
import { MonitorOptions } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/MonitorOptions.js';
import { ServiceLevelObjectiveRequest } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/ServiceLevelObjectiveRequest.js';
import { asDashboard, asMonitor, asSlo, type Thing } from './datadog-server.ts';
import { type Answer, Emulator } from './faults.ts';

export const keys = { api: 'dd-api-key', app: 'dd-app-key', readOnly: 'dd-app-read' };
export type DatadogKind = 'dashboard' | 'monitor' | 'slo';

const refuse = (status: number, ...errors: string[]): Answer => ({ status, body: { errors } });
const ok = (body: unknown): Answer => ({ status: 200, body });

/** Keys on the wire that a model has. */
const known = (model: { getAttributeTypeMap(): Record<string, { baseName: string }> }) =>
  new Set(Object.values(model.getAttributeTypeMap()).map((a) => a.baseName));
const monitorKeys = known(Monitor);
const optionKeys = known(MonitorOptions);
const sloKeys = new Set([
  ...known(ServiceLevelObjectiveRequest),
  'id',
  'created_at',
  'modified_at',
  'creator',
  'monitor_tags',
]);
const widgetTypes =
  /^(group|timeseries|query_value|toplist|query_table|heatmap|distribution|note|list_stream|slo|slo_list|manage_status|split_group)$/;

export class DatadogEmulator extends Emulator {
  readonly stored: Readonly<Record<DatadogKind, Map<string, Thing>>> = {
    dashboard: new Map(),
    monitor: new Map(),
    slo: new Map(),
  };
  /** Metrics that it has had a point of; there are no settings of others. */
  readonly received = new Set<string>();
  /** Tag configurations by metric. */
  readonly settings = new Map<string, Thing>();
  /** Adds defaults to what is stored that nobody has heard of yet. */
  novelty = false;
  #ids = 1000;
  #clock = Date.parse('2026-11-25T10:00:00Z');

  protected handle(method: string, url: URL, request: IncomingMessage, body: unknown): Answer {
    if (request.headers['dd-api-key'] !== keys.api)
      return refuse(request.headers['dd-api-key'] ? 403 : 401, 'Unauthorized');
    const app = request.headers['dd-application-key'];
    if (app !== keys.app && app !== keys.readOnly) return refuse(403, 'Forbidden');
    const [, metric, what] = /^\/api\/v2\/metrics\/([^/]+)\/(tags|all-tags)$/.exec(url.pathname) ?? [];
    if (metric !== undefined) {
      if (method !== 'GET' && app === keys.readOnly) return refuse(403, 'Forbidden');
      return what === 'all-tags' ? this.#allTags(metric) : this.#settings(method, metric, (body ?? {}) as Thing);
    }
    const [, kind, rest = ''] = /^\/api\/v1\/(dashboard|monitor|slo)(?:\/(.*))?$/.exec(url.pathname) ?? [];
    if (kind === undefined) return refuse(404, 'Not found');
    if (method !== 'GET' && app === keys.readOnly && rest !== 'validate')
      return refuse(403, 'Failed permission authorization checks');
    return this.#route(kind as DatadogKind, method, rest, url.searchParams, (body ?? {}) as Thing);
  }

  #route(kind: DatadogKind, method: string, id: string, query: URLSearchParams, body: Thing): Answer {
    if (id === '') return method === 'GET' ? this.#list(kind, query) : this.#write(kind, undefined, body);
    if (id === 'validate') {
      const wrong = this.#wrong(kind, body);
      return wrong ? refuse(400, wrong) : ok({});
    }
    if (id === 'can_delete') return this.#canDelete(kind, query);
    const found = this.stored[kind].get(id);
    if (!found) return refuse(404, `${kind} not found`);
    if (method === 'PUT') return this.#write(kind, id, body);
    if (method === 'GET') return ok(kind === 'slo' ? { data: found, errors: null } : found);
    const user = this.#userOf(kind, id);
    if (user) return { status: 409, body: { errors: { [id]: user }, data: [] } };
    this.stored[kind].delete(id);
    return ok(
      kind === 'slo' ? { data: [id], errors: {} } : { [`deleted_${kind}_id`]: kind === 'monitor' ? Number(id) : id },
    );
  }

  #allTags(metric: string): Answer {
    if (!this.received.has(metric)) return refuse(404, 'Metric not found');
    return ok({ data: { type: 'metrics', id: metric, attributes: { tags: ['gateway:public'], ingested_tags: [] } } });
  }

  /** https://docs.datadoghq.com/api/latest/metrics/#create-a-tag-configuration and the two beside it. */
  #settings(method: string, metric: string, body: Thing): Answer {
    const before = this.settings.get(metric);
    const answer = (attributes: Thing) => ({ data: { type: 'manage_tags', id: metric, attributes } });
    if (method === 'GET') return before ? ok(answer(before)) : refuse(404, 'Not found');
    const {
      type,
      id,
      attributes: sent = {},
    } = (body['data'] ?? {}) as { type?: string; id?: string; attributes?: Thing };
    const allowed = ['include_percentiles', 'exclude_tags_mode', 'tags', ...(method === 'POST' ? ['metric_type'] : [])];
    const unknown = Object.keys(sent).filter((key) => !allowed.includes(key));
    if (type !== 'manage_tags' || id !== metric || unknown.length > 0) return refuse(400, `Invalid body ${unknown}`);
    if (sent['exclude_tags_mode'] !== undefined && sent['tags'] === undefined)
      return refuse(400, 'exclude_tags_mode requires tags');
    if (method === 'PATCH' && !before) return refuse(404, 'Not found');
    if (method === 'POST') {
      if (!this.received.has(metric)) return refuse(404, 'Metric not found');
      if (before) return refuse(409, 'Already exists');
      if (sent['metric_type'] === undefined || sent['tags'] === undefined) return refuse(400, 'Missing attribute');
    }
    const after = { ...before, ...sent };
    if (after['include_percentiles'] === true && after['metric_type'] !== 'distribution')
      return refuse(400, 'include_percentiles is for distributions');
    this.settings.set(metric, after);
    return { status: method === 'POST' ? 201 : 200, body: answer(after) };
  }

  #list(kind: DatadogKind, query: URLSearchParams): Answer {
    const all = [...this.stored[kind].values()];
    const number = (key: string, otherwise: number) => Number(query.get(key) ?? otherwise);
    const tagged = (tag: string | null) =>
      all.filter((o) => tag === null || (o['tags'] as string[] | undefined)?.includes(tag));
    if (kind === 'monitor') {
      const size = number('page_size', 100);
      return ok(
        tagged(query.get('monitor_tags'))
          .slice(number('page', 0) * size)
          .slice(0, size),
      );
    }
    if (kind === 'slo') {
      const found = tagged(query.get('tags_query')).slice(number('offset', 0)).slice(0, number('limit', 1000));
      return ok({
        data: found,
        errors: [],
        metadata: { page: { total_count: found.length, total_filtered_count: found.length } },
      });
    }
    const summary = [
      'id',
      'title',
      'description',
      'layout_type',
      'url',
      'author_handle',
      'created_at',
      'modified_at',
      'is_read_only',
    ];
    const found = all.slice(number('start', 0)).slice(0, number('count', 100));
    return ok({ dashboards: found.map((d) => Object.fromEntries(summary.map((k) => [k, d[k] ?? null]))) });
  }

  #write(kind: DatadogKind, at: string | undefined, sent: Thing): Answer {
    const before = at === undefined ? undefined : this.stored[kind].get(at);
    // An update of a monitor leaves what it does not name; the two others are replaced whole.
    const body = kind === 'monitor' && before ? { ...before, ...sent } : sent;
    const wrong = this.#wrong(kind, kind === 'monitor' ? { ...sent, query: body['query'], type: body['type'] } : body);
    if (wrong) return refuse(400, wrong);
    if (before && kind !== 'dashboard' && before['type'] !== body['type'])
      return refuse(400, `${kind} type cannot be changed`);
    const same = [...this.stored[kind].values()].find(
      (o) => kind === 'monitor' && !before && o['name'] === body['name'] && o['query'] === body['query'],
    );
    if (same) return refuse(400, `Duplicate of an existing monitor_id:${same['id']}`);
    this.#clock += 60_000;
    const id =
      at ??
      (kind === 'monitor'
        ? String(++this.#ids)
        : kind === 'slo'
          ? `${++this.#ids}abcdef0123456789`.padEnd(32, '0')
          : `abc-${++this.#ids}-xyz`);
    const server = {
      id,
      created: before?.['created_at'] ?? before?.['created'],
      now: this.#clock,
      novelty: this.novelty,
    };
    const made = { slo: asSlo, monitor: asMonitor, dashboard: asDashboard }[kind](structuredClone(body), server);
    this.stored[kind].set(id, made);
    return ok(kind === 'slo' ? { data: [made], errors: [] } : made);
  }

  /** A person changes something in the UI; what is stored is what the server makes of it. */
  edit(kind: DatadogKind, id: string, change: (object: Thing) => void): void {
    const object = structuredClone(this.stored[kind].get(id) ?? {});
    change(object);
    this.#clock += 60_000;
    const iso = new Date(this.#clock).toISOString();
    this.stored[kind].set(id, {
      ...object,
      ...(kind === 'slo'
        ? { modified_at: this.#clock / 1000 }
        : kind === 'monitor'
          ? { modified: iso }
          : { modified_at: iso }),
    });
  }

  #wrong(kind: DatadogKind, body: Thing): string | undefined {
    if (/\$\{(slo|monitor|dashboard):/.test(JSON.stringify(body))) return 'The value provided is invalid: ${';
    if (kind === 'dashboard') return wrongDashboard(body);
    if (kind === 'slo') return wrongSlo(body);
    const slo = /(?:burn_rate|error_budget)\("([^"]+)"\)/.exec(String(body['query']))?.[1];
    if (slo !== undefined && !this.stored.slo.has(slo)) return `SLO not found for slo_id=${slo}`;
    return (
      wrongMonitor(body) ?? (body['type'] === 'composite' ? this.#wrongComposite(String(body['query'])) : undefined)
    );
  }

  /** Ids of monitors that are there and are no composites themselves, ten at most (https://docs.datadoghq.com/monitors/types/composite/). */
  #wrongComposite(query: string): string | undefined {
    const invalid = "The value provided for parameter 'query' is invalid";
    if (!/^[\d\s&|!()]+$/.test(query) || /\d\s+\d/.test(query)) return `${invalid}: ${query}`;
    const ids = new Set(query.match(/\d+/g));
    if (ids.size === 0 || ids.size > 10) return `${invalid}: ${ids.size} monitors`;
    const parts = [...ids].map((id) => this.stored.monitor.get(id));
    if (parts.some((part) => part === undefined)) return `${invalid}: monitor not found`;
    return parts.some((part) => part?.['type'] === 'composite') ? `${invalid}: composite of composites` : undefined;
  }

  #userOf(kind: DatadogKind, id: string): string | undefined {
    if (kind === 'dashboard') return undefined;
    const users = [...this.stored.monitor.values()];
    const user =
      kind === 'slo'
        ? users.find((m) => String(m['query']).includes(id))
        : users.find((m) => m['type'] === 'composite' && String(m['query']).match(/\d+/g)?.includes(id));
    return user && `${kind === 'slo' ? 'SLO' : 'monitor'} ${id} is used in monitor ${user['id']}`;
  }

  #canDelete(kind: DatadogKind, query: URLSearchParams): Answer {
    const id = query.get('ids') ?? query.get('monitor_ids') ?? '';
    const user = this.#userOf(kind, id);
    const data = { ok: user ? [] : [kind === 'monitor' ? Number(id) : id] };
    return {
      status: user ? 409 : 200,
      body: { data, errors: user ? { [id]: kind === 'monitor' ? [user] : user } : null },
    };
  }
}

function wrongMonitor(body: Thing): string | undefined {
  const options = (body['options'] ?? {}) as Thing;
  const unknown = [
    ...Object.keys(body).filter((k) => !monitorKeys.has(k)),
    ...Object.keys(options).filter((k) => !optionKeys.has(k)),
  ];
  if (unknown.length > 0) return `unknown: ${unknown.join(', ')}`;
  if (!/^(query alert|metric alert|slo alert|log alert|composite|event-v2 alert)$/.test(String(body['type'])))
    return "The value provided for parameter 'type' is invalid";
  const critical = (options['thresholds'] as Thing | undefined)?.['critical'];
  if (body['type'] === 'composite')
    return critical === undefined ? undefined : "The value provided for parameter 'thresholds' is invalid";
  const inQuery = /[<>]=?\s*([\d.]+)\s*$/.exec(String(body['query']))?.[1];
  if (inQuery === undefined) return "The value provided for parameter 'query' is invalid: no threshold";
  if (critical !== undefined && Number(inQuery) !== critical)
    return `Alert threshold (${critical}) does not match that used in the query (${inQuery})`;
  if (options['on_missing_data'] !== undefined && options['notify_no_data'] === true)
    return 'on_missing_data and notify_no_data can not be used together';
  return undefined;
}

function wrongSlo(body: Thing): string | undefined {
  const unknown = Object.keys(body).filter((k) => !sloKeys.has(k));
  if (unknown.length > 0) return `Invalid payload: unknown ${unknown.join(', ')}`;
  const thresholds = body['thresholds'] as Thing[] | undefined;
  if (typeof body['name'] !== 'string' || !thresholds?.length)
    return 'Invalid payload: name and thresholds are required';
  if (
    thresholds.some(
      (t) => Number(t['target']) >= 100 || (t['warning'] !== undefined && Number(t['warning']) <= Number(t['target'])),
    )
  )
    return 'Invalid thresholds';
  const count = (body['sli_specification'] as Thing | undefined)?.['count'] as Thing | undefined;
  if (body['type'] === 'metric' && !body['query']) {
    if (!count) return 'Invalid payload: a metric SLO needs query or sli_specification';
    if ((count['bad_events_formula'] === undefined) === (count['total_events_formula'] === undefined))
      return 'exactly one of bad_events_formula, total_events_formula';
    if (typeof count['good_events_formula'] !== 'object') return 'good_events_formula must be an object';
  }
  return undefined;
}

function wrongDashboard(body: Thing): string | undefined {
  if (typeof body['title'] !== 'string' || body['layout_type'] === undefined || !Array.isArray(body['widgets']))
    return 'title, layout_type and widgets are required';
  if (((body['tags'] ?? []) as string[]).some((t) => !t.startsWith('team:'))) return 'tags: only team: is allowed';
  const walk = (widgets: Thing[], nested: boolean): string | undefined => {
    for (const widget of widgets) {
      const definition = widget['definition'] as Thing | undefined;
      if (!definition || !widgetTypes.test(String(definition['type'])))
        return `Invalid widget: ${JSON.stringify(definition?.['type'])}`;
      if (body['reflow_type'] === 'fixed' && !widget['layout'])
        return 'layout is required on every widget when reflow_type is fixed';
      if (body['reflow_type'] === 'auto' && widget['layout'] && !nested)
        return 'layout is not allowed when reflow_type is auto';
      if (definition['type'] === 'group' && nested) return 'groups can not be nested';
      for (const request of (definition['requests'] ?? []) as Thing[])
        if (request['formulas'] && !request['response_format']) return 'response_format is required';
      const inner = walk((definition['widgets'] ?? []) as Thing[], true);
      if (inner) return inner;
    }
    return undefined;
  };
  return walk(body['widgets'] as Thing[], false);
}
