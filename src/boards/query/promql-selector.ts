import { type SeriesId, seriesOf } from '../../signals/series.ts';
import { seriesLabelName, seriesName } from '../../signals/spelling.ts';
import { type CompileContext, scopeOf, storedLabel, variableName } from './context.ts';
import type { Filter, Selection } from './expression.ts';
import { literal, quoted } from './promql-text.ts';

/** What a selector must know beside the query. */
export interface SelectorContext extends CompileContext {
  readonly path: 'scrape' | 'remote-write';
  readonly use: 'board' | 'rule';
}

/** `name{matchers}` of a selection; `part` is a histogram's suffix, `extra` more matchers, `name` another series with the same labels. */
export function selector(
  q: Selection,
  at: SelectorContext,
  { part = '', extra = [], name }: { part?: string; extra?: readonly string[]; name?: string } = {},
): string {
  const series = seriesOf(q.series);
  const never = Object.entries(series.not).map(([attribute, values]) => {
    const stored = seriesLabelName(attribute, at.path);
    return values.includes('*') ? `${stored}=""` : matcher(stored, { not: values });
  });
  const matchers = [
    ...scopeMatchers(q.series, at),
    ...q.where.map((f) => matcher(storedLabel(q.series, f.label, at.path, at), f)),
    ...never,
    ...extra,
  ];
  const of = name ?? `${seriesName(series, at.path)}${part}`;
  return matchers.length === 0 ? of : `${of}{${matchers.join(', ')}}`;
}

/** The board's variables as matchers, of those that the series carries. */
export const scopeMatchers = (id: SeriesId, at: SelectorContext): readonly string[] =>
  at.use === 'rule'
    ? []
    : scopeOf(id, at).map((label) => `${storedLabel(id, label, at.path, at)}=~"$${variableName(label)}"`);

type Test = Filter extends infer F ? (F extends unknown ? Omit<F, 'label'> : never) : never;

/** `=` and `!=` for one value: a regular expression only where there must be one. */
export function matcher(name: string, test: Test): string {
  if ('prefix' in test) return `${name}=~${quoted(`${literal(test.prefix)}.*`)}`;
  if ('contains' in test) {
    const texts = [...new Set(test.contains)].map(literal);
    return `${name}=~${quoted(`.*${texts.length === 1 ? texts[0] : `(${texts.join('|')})`}.*`)}`;
  }
  const values = [...new Set('is' in test ? test.is : test.not)];
  const not = 'not' in test;
  const [only = ''] = values;
  if (values.length === 1) return `${name}${not ? '!=' : '='}${quoted(only)}`;
  return `${name}${not ? '!~' : '=~'}${quoted(values.map(literal).join('|'))}`;
}

/**
 * A bucket's edge as it is stored. Of a whole number Prometheus 3 makes `1.0` when it scrapes, and Prometheus 2 and a Collector's remote write
 * leave `1` (both seen, test/real/boards).
 */
export const edgeMatcher = (bound: number, path: SelectorContext['path']): string =>
  Number.isInteger(bound) && path === 'scrape' ? `le=~${quoted(`${bound}|${literal(`${bound}.0`)}`)}` : `le="${bound}"`;
