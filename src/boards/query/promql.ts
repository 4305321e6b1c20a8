import { type SeriesId, seriesOf } from '../../signals/series.ts';
import { seriesName } from '../../signals/spelling.ts';
import { type CompileContext, scopeOf, storedLabel, variableName } from './context.ts';
import type { Filter, Query, Selection, Window } from './expression.ts';
import { objectivePromql } from './objective.ts';
import { duration, literal, quoted } from './promql-text.ts';
import { QueryError } from './query-error.ts';
import { labelsOf } from './shape.ts';

export interface PromqlContext extends CompileContext {
  /** How scraped series reached this Prometheus: decides their names. */
  readonly path: 'scrape' | 'remote-write';
  /** `board`: Grafana's variables and windows; `rule`: fixed windows, no variable. */
  readonly use: 'board' | 'rule';
}

/** A query in PromQL, for Grafana's panels or for rules. Throws QueryError for what labelsOf refuses and for windows that the use does not have. */
export function promql(query: Query, at: PromqlContext): string {
  labelsOf(query, at.place);
  return compile(query, at);
}

function compile(query: Query, at: PromqlContext): string {
  const go = (q: Query): string => compile(q, at);
  switch (query.node) {
    case 'rate':
    case 'increase':
      return sum(query, at, `${query.node}(${selector(query, at)}[${range(query.window, at)}])`);
    case 'gauge':
      return `${query.how}${grouping(query, at)}(${selector(query, at)})`;
    case 'quantile':
      return `histogram_quantile(${query.q}, ${growth(query, at, '_bucket', ['le'])})`;
    case 'mean':
      return `${growth(query, at, '_sum')} / (${growth(query, at, '_count')} > 0)`;
    case 'under':
      return `${growth(query, at, '_bucket', [], edge(query.bound, at))} / (${growth(query, at, '_count')} > 0)`;
    case 'observations':
      return sum(query, at, `rate(${selector(query, at, '_count')}[${range(query.window, at)}])`);
    case 'buckets':
      return sum(query, at, `increase(${selector(query, at, '_bucket')}[${range(query.window, at)}])`, ['le']);
    case 'ratio':
      return `(${orZero(go(query.of), go(query.to))}) / (${go(query.to)} > 0)`;
    case 'minus':
    case 'plus': {
      const [left, right] = [go(query.left), go(query.right)];
      return `(${orZero(left, right)}) ${query.node === 'plus' ? '+' : '-'} (${orZero(right, left)})`;
    }
    case 'scale':
      return `${query.factor} * ${bracketed(query.of, at)}`;
    case 'top':
      return `topk(${query.limit}, ${go(query.of)})`;
    case 'zero':
      return query.universe ? orZero(go(query.of), go(query.universe)) : `${bracketed(query.of, at)} or vector(0)`;
    case 'objective':
      return objectivePromql(query, at, scopeMatchers('requests', at));
  }
}

/** `left`, and 0 where only `right` is. Both must have the same labels. */
const orZero = (left: string, right: string): string => `${wrap(left)} or ${wrap(right)} * 0`;

const bracketed = (query: Query, at: PromqlContext): string => wrap(compile(query, at));

/** In brackets, unless it is one call or aggregation. */
const wrap = (text: string): string =>
  /^[a-z_]+(?: by \([^()]*\))? ?\((?:[^()"]|"(?:[^"\\]|\\.)*"|\((?:[^()"]|"(?:[^"\\]|\\.)*")*\))*\)$/.test(text)
    ? text
    : `(${text})`;

const sum = (q: Selection, at: PromqlContext, of: string, more: readonly string[] = []): string =>
  `sum${grouping(q, at, more)}(${of})`;

/** A histogram's part over the window. Over a view `increase`, since only its share of another counts. */
function growth(
  q: Selection & { readonly window: Window },
  at: PromqlContext,
  part: string,
  more: readonly string[] = [],
  extra: readonly string[] = [],
): string {
  const by = q.window === 'view' ? 'increase' : 'rate';
  return sum(q, at, `${by}(${selector(q, at, part, extra)}[${range(q.window, at)}])`, more);
}

function grouping(q: Selection, at: PromqlContext, more: readonly string[] = []): string {
  const names = [...q.by.map((l) => storedLabel(q.series, l, at.path, at)), ...more];
  return names.length === 0 ? '' : ` by (${names.join(', ')}) `;
}

function range(window: Window, at: PromqlContext): string {
  if (typeof window === 'number') return duration(window);
  if (at.use === 'rule') throw new QueryError(`a rule needs a fixed window, not ${window}`, at.place);
  return window === 'view' ? '$__range' : '$__rate_interval';
}

function selector(q: Selection, at: PromqlContext, part = '', extra: readonly string[] = []): string {
  const series = seriesOf(q.series);
  const name = (attribute: string): string => attribute.replace(/[^A-Za-z0-9_]/g, '_');
  const never = Object.entries(series.not).map(([attribute, values]) =>
    values.includes('*') ? `${name(attribute)}=""` : matcher(name(attribute), { not: values }),
  );
  const matchers = [
    ...scopeMatchers(q.series, at),
    ...q.where.map((f) => matcher(storedLabel(q.series, f.label, at.path, at), f)),
    ...never,
    ...extra,
  ];
  return `${seriesName(series, at.path)}${part}${matchers.length === 0 ? '' : `{${matchers.join(', ')}}`}`;
}

const scopeMatchers = (id: SeriesId, at: PromqlContext): readonly string[] =>
  at.use === 'rule'
    ? []
    : scopeOf(id, at).map((label) => `${storedLabel(id, label, at.path, at)}=~"$${variableName(label)}"`);

type Test = Filter extends infer F ? (F extends unknown ? Omit<F, 'label'> : never) : never;

/** `=` and `!=` for one value: a regular expression only where there must be one. */
function matcher(name: string, test: Test): string {
  if ('prefix' in test) return `${name}=~${quoted(`${literal(test.prefix)}.*`)}`;
  if ('contains' in test) return `${name}=~${quoted(`.*${literal(test.contains)}.*`)}`;
  const [values, not] = 'is' in test ? [test.is, ''] : [test.not, '!'];
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `${name}${not || ''}=${quoted(only)}`;
  return `${name}${not || '='}~${quoted(values.map(literal).join('|'))}`;
}

/** A bucket's edge as it is stored: a whole number is `1.0` after a scrape by Prometheus 3, and `1` by others and in remote write. */
const edge = (bound: number, at: PromqlContext): readonly string[] => [
  Number.isInteger(bound) && at.path === 'scrape' ? `le=~"${bound}|${bound}\\\\.0"` : `le="${bound}"`,
];
