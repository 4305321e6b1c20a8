import type { BoardLabel } from '../boards/board.ts';
import type { BoardContext } from '../boards/context.ts';
import { storedLabel, variableName } from '../boards/query/context.ts';
import type { Answer } from '../boards/query/evaluate.ts';
import type { Query } from '../boards/query/expression.ts';
import { promql } from '../boards/query/promql.ts';
import { carries, labelsOf, selectionsOf } from '../boards/query/shape.ts';
import type { Heat, Line, PreviewData } from './data.ts';

/** Brings a URL's JSON; the one that asks is given, so that nothing here touches the network. */
export type Ask = (url: string) => Promise<unknown>;

export interface LiveOptions {
  readonly url: string;
  readonly from: number;
  readonly to: number;
  readonly context: BoardContext;
  readonly ask: Ask;
}

/** A Prometheus said no, or something that is none answered. */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError';
}

const points = 240;

/** A live Prometheus, asked the very PromQL of the Grafana dashboards over its HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/). */
export function prometheusData({ url, from, to, context, ask }: LiveOptions): PreviewData {
  const { metrics } = context.environment;
  const path = metrics.to === 'prometheus' && metrics.mode === 'remote-write' ? 'remote-write' : 'scrape';
  const scrape = metrics.to === 'prometheus' ? metrics.scrapeIntervalMs / 1000 : 15;
  const step = Math.max(scrape, Math.ceil((to - from) / 1000 / points));
  const end = Math.floor(to / 1000 / step) * step;
  const steps = Math.floor((to - from) / 1000 / step);
  const times = Array.from({ length: steps + 1 }, (_, i) => (end - (steps - i) * step) * 1000);
  const view = Math.round((to - from) / 1000);
  const { labels, objectives, recorded } = context;
  const compiled = (query: Query): string =>
    // What Grafana fills in: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
    promql(query, { path, scope: [], labels, objectives, recorded, use: 'board' })
      .replaceAll('$__rate_interval', `${Math.max(step + scrape, 4 * scrape)}s`)
      .replaceAll('$__range_s', String(view))
      .replaceAll('$__range', `${view}s`);

  async function result(
    endpoint: string,
    parameters: Readonly<Record<string, string | number>>,
  ): Promise<readonly Raw[]> {
    const search = new URLSearchParams(Object.entries(parameters).map(([k, v]): [string, string] => [k, String(v)]));
    const answer = (await ask(`${url.replace(/\/+$/, '')}/api/v1/${endpoint}?${search}`)) as Reply;
    if (answer.status !== 'success')
      throw new PrometheusError(`${url}: ${answer.error ?? 'not the answer of a Prometheus'}`);
    const list = answer.data?.result;
    return Array.isArray(list) ? (list as readonly Raw[]) : [];
  }

  const named = (query: Query, metric: Readonly<Record<string, string>>): Answer['labels'] =>
    Object.fromEntries(labelsOf(query).map((label) => [label, metric[resultName(query, label)] ?? '']));

  function resultName(query: Query, label: BoardLabel): string {
    const first = selectionsOf(query).find((s) => carries(s.series, label));
    return first ? storedLabel(first.series, label, path, { scope: [], labels }) : variableName(label);
  }

  async function range(query: Query): Promise<readonly { metric: Raw['metric']; values: (number | null)[] }[]> {
    const found = await result('query_range', { query: compiled(query), start: (times[0] ?? 0) / 1000, end, step });
    const index = new Map(times.map((t, i) => [Math.round(t / 1000), i]));
    return found.map(({ metric, values = [] }) => {
      const line: (number | null)[] = times.map(() => null);
      for (const [at, text] of values) {
        const i = index.get(Math.round(at));
        if (i !== undefined) line[i] = finite(text);
      }
      return { metric, values: line };
    });
  }

  return {
    source: `Prometheus at ${url}`,
    files: [],
    from,
    to,
    times,
    lacks: () => undefined,
    async lines(query): Promise<readonly Line[]> {
      return (await range(query)).map(({ metric, values }) => ({ labels: named(query, metric), values }));
    },
    async now(query): Promise<readonly Answer[]> {
      const found = await result('query', { query: compiled(query), time: end });
      return found.flatMap(({ metric, value }) => {
        const number = finite(value?.[1]);
        return number === null ? [] : [{ labels: named(query, metric), value: number }];
      });
    },
    async heat(query): Promise<Heat> {
      const found = (await range(query))
        .map(({ metric, values }) => ({ edge: edge(metric['le'] ?? ''), values }))
        .sort((a, b) => a.edge - b.edge);
      return {
        edges: found.map((f) => f.edge),
        columns: times.map((_, i) =>
          found.map((f, n) => Math.max(0, (f.values[i] ?? 0) - (found[n - 1]?.values[i] ?? 0))),
        ),
      };
    },
    records: () =>
      Promise.resolve('A Prometheus holds no records. Ask the log with `vigia logs`, or give it with --from.'),
  };
}

interface Raw {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

interface Reply {
  readonly status?: string;
  readonly error?: string;
  readonly data?: { readonly result?: unknown };
}

const edge = (text: string): number => (text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text));

function finite(text: string | undefined): number | null {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
