import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compile, type Log } from './search.ts';

/**
 * An emulator of ours of Datadog's two log calls (aggregate and search), strict where the real ones are: keys, limits, sizes. It refuses what
 * it does not know. It is not Datadog: its percentiles are exact, theirs are sketches.
 */
export interface DatadogServer {
  readonly url: string;
  readonly calls: { readonly path: string; readonly body: Record<string, unknown> }[];
  /** Answers the next calls with these, in their order, before it answers itself. */
  readonly next: { status: number; headers?: Record<string, string>; body: string }[];
  stop(): Promise<void>;
}

export async function startDatadog(
  logs: readonly Log[],
  options: { readonly warnings?: string[] } = {},
): Promise<DatadogServer> {
  const calls: DatadogServer['calls'] = [];
  const next: DatadogServer['next'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const reply = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      };
      const planned = next.shift();
      if (planned) return reply(planned.status, planned.body, planned.headers);
      if (request.headers['dd-api-key'] !== 'api' || request.headers['dd-application-key'] !== 'app')
        return reply(403, { errors: ['Forbidden'] });
      try {
        const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
        calls.push({ path: request.url ?? '', body });
        if (request.url === '/api/v2/logs/analytics/aggregate')
          return reply(200, aggregate(body as never, logs, options.warnings ?? []));
        if (request.url === '/api/v2/logs/events/search') return reply(200, search(body as never, logs));
        reply(404, { errors: ['Not found'] });
      } catch (error) {
        reply(400, { errors: [error instanceof Error ? error.message : String(error)] });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    next,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Filter {
  readonly query: string;
  readonly from: string;
  readonly to: string;
  readonly indexes: readonly string[];
}

function selected(filter: Filter, logs: readonly Log[]): readonly Log[] {
  only(filter, ['query', 'from', 'to', 'indexes']);
  const [from, to] = [Date.parse(filter.from), Date.parse(filter.to)];
  if (Number.isNaN(from) || Number.isNaN(to)) throw new Error('times must be ISO 8601');
  const matches = compile(filter.query);
  return logs.filter((log) => log.time >= from && log.time <= to && matches(log));
}

interface Aggregate {
  readonly filter: Filter;
  readonly compute: readonly { aggregation: string; metric?: string; type: string; interval?: string }[];
  readonly group_by: readonly { facet: string; limit: number; missing?: string; sort?: object }[];
}

function aggregate(body: Aggregate, logs: readonly Log[], warnings: readonly string[]) {
  only(body, ['filter', 'compute', 'group_by']);
  const groupBy = body.group_by ?? [];
  for (const g of groupBy) only(g, ['facet', 'limit', 'missing', 'sort']);
  if (groupBy.reduce((product, g) => product * g.limit, 1) > 10_000)
    throw new Error('the product of the limits must not exceed 10000');
  const valueAt = (log: Log, facet: string): string | number | undefined =>
    facet.startsWith('@') ? log.attributes[facet.slice(1)] : facet === 'service' ? log.service : undefined;
  const bucketsOf = (
    some: readonly Log[],
    [first, ...rest]: Aggregate['group_by'],
    by: Record<string, string>,
  ): object[] => {
    if (!first) return [{ by, computes: Object.fromEntries(body.compute.map((c, i) => [`c${i}`, computed(c, some)])) }];
    const groups = new Map<string, Log[]>();
    for (const log of some) {
      const value = valueAt(log, first.facet) ?? first.missing;
      if (value === undefined) continue;
      groups.set(String(value), [...(groups.get(String(value)) ?? []), log]);
    }
    // The greatest first, then what is within each: Datadog's nested top lists.
    return [...groups]
      .sort((a, b) => b[1].length - a[1].length)
      .slice(0, first.limit)
      .flatMap(([value, members]) => bucketsOf(members, rest, { ...by, [first.facet]: value }));
  };
  const computed = (c: Aggregate['compute'][number], some: readonly Log[]): number | object[] | undefined => {
    only(c, ['aggregation', 'metric', 'type', 'interval']);
    if (c.aggregation !== 'count' && c.metric === undefined) throw new Error(`${c.aggregation} needs a metric`);
    if (c.type === 'total') return total(c, some);
    const minutes = Number(/^(\d+)m$/.exec(c.interval ?? '')?.[1] ?? Number.NaN);
    if (c.type !== 'timeseries' || !(minutes > 0)) throw new Error(`no such interval: ${c.interval}`);
    const buckets = new Map<number, Log[]>();
    for (const log of some) {
      const start = Math.floor(log.time / (minutes * 60_000)) * minutes * 60_000;
      buckets.set(start, [...(buckets.get(start) ?? []), log]);
    }
    return [...buckets]
      .sort((a, b) => a[0] - b[0])
      .map(([time, members]) => ({ time: new Date(time).toISOString(), value: total(c, members) }));
  };
  const total = ({ aggregation, metric }: Aggregate['compute'][number], some: readonly Log[]): number | undefined => {
    if (aggregation === 'count') return some.length;
    const numbers = some.flatMap((log) => {
      const value = valueAt(log, metric ?? '');
      return typeof value === 'number' ? [value] : [];
    });
    if (numbers.length === 0) return undefined;
    if (aggregation === 'sum') return numbers.reduce((a, b) => a + b, 0);
    numbers.sort((a, b) => a - b);
    const share = { min: 0, max: 1, median: 0.5, pc75: 0.75, pc90: 0.9, pc95: 0.95, pc98: 0.98, pc99: 0.99 }[
      aggregation
    ];
    if (share === undefined) throw new Error(`no such aggregation: ${aggregation}`);
    return numbers[Math.min(numbers.length - 1, Math.ceil(share * numbers.length) - (share === 0 ? 0 : 1))];
  };
  const matching = selected(body.filter, logs);
  const buckets = matching.length === 0 ? [] : bucketsOf(matching, groupBy, {});
  return {
    data: { buckets },
    meta: { status: 'done', elapsed: 1, warnings: warnings.map((title) => ({ code: 'w', title })) },
  };
}

function search(
  body: { filter: Filter; sort: string; page: { limit: number; cursor?: string } },
  logs: readonly Log[],
) {
  only(body, ['filter', 'sort', 'page']);
  if (!(body.page.limit >= 1 && body.page.limit <= 1_000)) throw new Error('page.limit must be from 1 to 1000');
  const sorted = [...selected(body.filter, logs)].sort((a, b) =>
    body.sort === '-timestamp' ? b.time - a.time : a.time - b.time,
  );
  const start = Number(body.page.cursor ?? 0);
  const page = sorted.slice(start, start + body.page.limit);
  const after = start + page.length < sorted.length ? { page: { after: String(start + page.length) } } : {};
  return {
    data: page.map(({ id, time, service, tags, attributes }) => ({
      id,
      type: 'log',
      attributes: {
        timestamp: new Date(time).toISOString(),
        service,
        status: 'info',
        message: '',
        tags,
        attributes: nested(attributes),
      },
    })),
    meta: { ...after, status: 'done' },
  };
}

/** Datadog shows a path as objects in objects. */
function nested(flat: Readonly<Record<string, string | number>>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(flat)) {
    const steps = path.split('.');
    let node = tree;
    for (const step of steps.slice(0, -1)) {
      const inner = node[step];
      if (inner === null || typeof inner !== 'object') node[step] = {};
      node = node[step] as Record<string, unknown>;
    }
    node[steps.at(-1) ?? ''] = value;
  }
  return tree;
}

function only(object: object, keys: readonly string[]): void {
  const odd = Object.keys(object).filter((key) => !keys.includes(key));
  if (odd.length > 0) throw new Error(`unknown: ${odd.join(', ')}`);
}
