import type { Label } from '../../contract/model.ts';
import { type Series, seriesIds, seriesOf } from '../../signals/series.ts';
import { seriesLabelName, seriesName } from '../../signals/spelling.ts';
import { type DatadogFormula, type DatadogMetric, parseDatadog, parseFormula } from './datadog-parse.ts';

/** What is linted: the parts of a widget's or monitor's query. */
export interface Linted {
  readonly queries: readonly { readonly name: string; readonly query: string; readonly slo?: unknown }[];
  readonly formula: string;
  readonly limit?: { readonly count: number };
}

/**
 * What Datadog would refuse, or answer with something else than was meant, and says nothing about: mixed scopes, a count without `.as_count()`
 * or `.as_rate()`, a rate divided by a count, a percentile of what has none, a tag that the metric is not billed with (it groups as `N/A`),
 * values that no tag can have. Empty when there is nothing. `labels` are the contract's on metrics.
 */
export function lintDatadog({ queries, formula, limit }: Linted, labels: readonly Label[]): readonly string[] {
  const metrics = new Map<string, DatadogMetric>();
  const problems: string[] = [];
  for (const { name, query, slo } of queries) {
    if (slo !== undefined) continue;
    try {
      const metric = parseDatadog(query);
      metrics.set(name, metric);
      problems.push(...ofMetric(metric, labels).map((p) => `${query}: ${p}`));
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (limit && !(Number.isInteger(limit.count) && limit.count > 0)) problems.push(`a limit of ${limit.count}`);
  return [...problems, ...ofFormula(formula, queries, metrics)];
}

const spaces: Readonly<Record<Series['type'], RegExp>> = {
  counter: /^sum$/,
  gauge: /^(sum|avg|min|max)$/,
  histogram: /^(avg|min|max|sum|count|histogram|p\d{1,2}(\.\d{1,2})?|count\(v: v(<=|>)[\d.]+\))$/,
};

function ofMetric(q: DatadogMetric, labels: readonly Label[]): readonly string[] {
  const series = seriesIds.map(seriesOf).find((s) => seriesName(s, 'datadog') === q.metric);
  if (!series) return [`there is no metric ${q.metric} in the catalogue`];
  const counts = series.type === 'counter' || q.space.startsWith('count');
  const tags = [
    ...Object.values(series.labels).flatMap((label) => [label, seriesLabelName(label, 'datadog')]),
    ...Object.keys(series.not),
    ...(series.origin === 'access-log' ? labels.filter((l) => l.on.metrics).map((l) => l.name) : []),
  ];
  const used = [...q.by, ...q.scope.flatMap((t) => ('tag' in t ? [t.tag] : (t.of ?? [])))];
  const values = q.scope.flatMap((t) => ('tag' in t ? t.values : []));
  return [
    ...(spaces[series.type].test(q.space) ? [] : [`${q.space} is nothing to ask of a ${series.type}`]),
    ...(counts && q.as === undefined
      ? ['a count needs .as_count() or .as_rate(): the default depends on the metric']
      : []),
    ...(!counts && q.as !== undefined ? [`.as_${q.as}() is for counts`] : []),
    ...used.filter((t) => !tags.includes(t)).map((t) => `${q.metric} has no tag ${t}`),
    ...values.filter((v) => v !== v.toLowerCase()).map((v) => `no tag has the value ${v}: Datadog folds case`),
    ...values.filter((v) => /.\*./.test(v)).map((v) => `${v}: a wildcard is at an end`),
    ...(new Set(q.by).size === q.by.length ? [] : ['by one tag twice']),
  ];
}

function ofFormula(
  text: string,
  queries: Linted['queries'],
  metrics: ReadonlyMap<string, DatadogMetric>,
): readonly string[] {
  try {
    const formula = parseFormula(text);
    const names = namesIn(formula);
    return [
      ...names.filter((n) => !queries.some((q) => q.name === n)).map((n) => `${text}: there is no query ${n}`),
      ...queries.filter((q) => !names.includes(q.name)).map((q) => `${q.name} is in no formula: ${text}`),
      ...sides(formula, metrics).map((p) => `${text}: ${p}`),
    ];
  } catch (error) {
    return [(error as Error).message];
  }
}

const namesIn = (f: DatadogFormula): readonly string[] => {
  if (f.kind === 'query') return [f.name];
  if (f.kind === 'call') return namesIn(f.of);
  return f.kind === 'binary' ? [...namesIn(f.left), ...namesIn(f.right)] : [];
};

/** The functions that vigia writes, with what may follow their first argument. */
const functions: Readonly<Record<string, RegExp>> = { default_zero: /^$/, moving_rollup: /^[1-9]\d*,'sum'$/ };

/** Both sides of an operator by the same tags, and in the same scale: counts with counts, rates with rates. */
function sides(f: DatadogFormula, metrics: ReadonlyMap<string, DatadogMetric>): readonly string[] {
  if (f.kind === 'call')
    return [
      ...(functions[f.name]?.test(f.args.join(',')) ? [] : [`${f.name}(${f.args.join(', ')}) is not among those used`]),
      ...sides(f.of, metrics),
    ];
  if (f.kind !== 'binary') return [];
  const of = (part: DatadogFormula) => namesIn(part).flatMap((n) => metrics.get(n) ?? []);
  const [left, right] = [of(f.left), of(f.right)];
  const told = (all: readonly DatadogMetric[], what: (m: DatadogMetric) => string) =>
    [...new Set(all.map(what))].join(' and ');
  const tags = (m: DatadogMetric): string => [...m.by].sort().join(', ') || 'nothing';
  const scale = (m: DatadogMetric): string => m.as ?? 'value';
  const mixed =
    left.length > 0 && right.length > 0
      ? [
          ...(told(left, scale) === told(right, scale)
            ? []
            : [`a ${told(left, scale)} ${f.op} a ${told(right, scale)}`]),
          ...(told(left, tags) === told(right, tags)
            ? []
            : [`by ${told(left, tags)} ${f.op} by ${told(right, tags)}: groups of other tags never meet`]),
        ]
      : [];
  return [...mixed, ...sides(f.left, metrics), ...sides(f.right, metrics)];
}
