import type { Objective } from '../../contract/model.ts';
import { budgetOf, indicators } from '../../objectives/indicator.ts';
import { type SeriesId, seriesOf } from '../../signals/series.ts';
import { seriesName } from '../../signals/spelling.ts';
import { type CompileContext, scopeOf, storedLabel, tagKey, variableName } from './context.ts';
import { lintDatadog } from './datadog-lint.ts';
import { tagValue } from './datadog-text.ts';
import type { Filter, Query, Selection, Window } from './expression.ts';
import { objectiveOf } from './objective.ts';
import { type Place, QueryError } from './query-error.ts';
import { labelsOf } from './shape.ts';

export interface DatadogContext extends CompileContext {
  /** `board`: template variables; `monitor`: none, and every window is the monitor's own (`sum(last_5m):`). */
  readonly use: 'board' | 'monitor';
}

/** A query of Datadog's: metrics, or an objective, whose SLO's id is known only when it is published. */
export interface DatadogSubquery {
  readonly name: string;
  /** Empty for an objective. */
  readonly query: string;
  /** How a widget that shows one value makes it of its points. */
  readonly aggregator?: 'avg' | 'last' | 'sum' | 'percentile';
  /** data_source `slo`: the objective's name and Datadog's measure. */
  readonly slo?: {
    readonly objective: string;
    readonly blame?: 'gateway';
    readonly measure: 'slo_status' | 'error_budget_remaining';
  };
}

export interface DatadogQuery {
  readonly queries: readonly DatadogSubquery[];
  readonly formula: string;
  /** Greatest of the whole view. */
  readonly limit?: { readonly count: number; readonly order: 'desc' | 'asc' };
  /** The fixed window of a monitor's query, ms: what its `sum(last_...)` must say. */
  readonly windowMs?: number;
}

/** A query in Datadog's language: queries and the formula that joins them. Throws QueryError for what labelsOf refuses and what Datadog has no form for. */
export function datadogQuery(query: Query, at: DatadogContext): DatadogQuery {
  labelsOf(query, at.place);
  const limit = query.node === 'top' ? { count: query.limit, order: 'desc' as const } : undefined;
  const compiler = new Compiler(at);
  const formula = compiler.formula(query.node === 'top' ? query.of : query, 'alone');
  const [windowMs, ...others] = compiler.windows;
  if (others.length > 0)
    throw new QueryError(
      `a monitor has one window, and the query has ${[...compiler.windows].join(' and ')} ms`,
      at.place,
    );
  const made: DatadogQuery = {
    queries: compiler.queries,
    formula,
    ...(limit ? { limit } : {}),
    ...(at.use === 'monitor' && windowMs !== undefined ? { windowMs } : {}),
  };
  const [problem] = lintDatadog(made, at.labels);
  if (problem !== undefined) throw new QueryError(problem, at.place);
  return made;
}

/**
 * Observations of a histogram at or below a bound, or above it, as one query of Datadog's: as_count, for a metric SLO or a monitor
 * (https://docs.datadoghq.com/metrics/distributions/#threshold-queries).
 */
export function datadogObservations(of: Selection, than: '<=' | '>', bound: number, at: DatadogContext): string {
  return new Compiler(at).observations(of, than, bound);
}

class Compiler {
  readonly at: DatadogContext;
  readonly queries: DatadogSubquery[] = [];
  readonly windows = new Set<number>();

  constructor(at: DatadogContext) {
    this.at = at;
  }

  /** `part` of arithmetic: counts on both sides, because a rate has as many meanings as there are rollups. */
  formula(query: Query, part: 'alone' | 'of a ratio'): string {
    const { at } = this;
    switch (query.node) {
      case 'rate':
      case 'increase':
      case 'observations': {
        const space = query.node === 'observations' ? 'count' : 'sum';
        return this.counted(query, space, query.node === 'increase' || part === 'of a ratio');
      }
      case 'gauge':
        return this.add(`${query.how}:${this.metric(query)}`, 'last');
      case 'quantile':
        return this.windowed(query, this.add(`p${percent(query.q)}:${this.metric(query)}`, 'percentile'));
      case 'mean':
        return this.windowed(query, this.add(`avg:${this.metric(query)}`, 'avg'));
      case 'under': {
        const under = this.add(this.observations(query, '<=', query.bound), 'sum');
        const all = this.add(`count:${this.metric(query)}.as_count()`, 'sum');
        return this.windowed(query, `${under} / ${all}`);
      }
      case 'buckets':
        if (query.by.length > 0) throw new QueryError('buckets can not be by labels in Datadog', at.place);
        return this.windowed(query, this.add(`histogram:${this.metric(query)}`));
      case 'ratio':
        return `default_zero(${this.formula(query.of, 'of a ratio')}) / ${bracketed(this.formula(query.to, 'of a ratio'))}`;
      case 'minus':
      case 'plus':
        return `default_zero(${this.formula(query.left, part)}) ${query.node === 'plus' ? '+' : '-'} default_zero(${this.formula(query.right, part)})`;
      case 'scale':
        return `${query.factor} * ${bracketed(this.formula(query.of, part))}`;
      case 'zero':
        return `default_zero(${this.formula(query.of, part)})`;
      case 'top':
        throw new QueryError('top must be the outermost node: Datadog limits what a formula shows', at.place);
      case 'objective': {
        const asked = objectiveOf(query, at);
        if (query.measure === 'burn') return this.burn(query, asked);
        const measure = query.measure === 'good' ? 'slo_status' : 'error_budget_remaining';
        const { objective, blame } = query;
        return this.push({ name: '', query: '', slo: { objective, measure, ...(blame ? { blame } : {}) } });
      }
    }
  }

  /** From the events themselves: an SLO's own `burn_rate` knows no window (https://docs.datadoghq.com/dashboards/functions/rollup/#moving-rollup). */
  private burn({ window, blame }: Extract<Query, { node: 'objective' }>, objective: Objective): string {
    const indicator = indicators(objective, '').find((i) => i.blame === (blame ?? 'anyone'));
    if (!indicator) throw new QueryError(`${objective.name} blames nobody`, this.at.place);
    // The board's variable says which environment.
    const where = indicator.valid.where.filter((f) => f.label !== 'environment');
    const count = (space: string, more: readonly Filter[]): string => {
      const own = where.filter((f) => !more.some((m) => m.label === f.label));
      const query = `${space}:${this.metric({ ...indicator.valid, where: [...own, ...more] })}.as_count()`;
      return `moving_rollup(${this.add(query, 'sum')}, ${window / 1000}, 'sum')`;
    };
    const { bad } = indicator;
    const share =
      bad.kind === 'slow'
        ? `default_zero(${count(`count(v: v>${bad.bound})`, [])}) / ${count('count', [])}`
        : `default_zero(${count('sum', [{ label: 'side', is: bad.sides }])}) / ${count('sum', [])}`;
    return `${share} / ${budgetOf(objective)}`;
  }

  observations(of: Selection, than: '<=' | '>', bound: number): string {
    return `count(v: v${than}${bound}):${this.metric(of)}.as_count()`;
  }

  private counted(query: Selection & { readonly window: Window }, space: 'sum' | 'count', asCount: boolean): string {
    const monitor = this.at.use === 'monitor';
    const name = this.add(
      `${space}:${this.metric(query)}.${asCount || monitor ? 'as_count' : 'as_rate'}()`,
      asCount || monitor ? 'sum' : 'avg',
    );
    const counted = this.windowed(query, name);
    return monitor && !asCount && typeof query.window === 'number' ? `${counted} / ${query.window / 1000}` : counted;
  }

  private windowed(query: { readonly window: Window }, formula: string): string {
    if (typeof query.window === 'number') this.windows.add(query.window);
    else if (this.at.use === 'monitor')
      throw new QueryError(`a monitor needs a fixed window, not ${query.window}`, this.at.place);
    return formula;
  }

  private add(query: string, aggregator?: NonNullable<DatadogSubquery['aggregator']>): string {
    return this.push({ name: '', query, ...(aggregator ? { aggregator } : {}) });
  }

  private push(made: DatadogSubquery): string {
    const same = this.queries.find((q) => JSON.stringify({ ...q, name: '' }) === JSON.stringify(made));
    if (same) return same.name;
    const name = `q${this.queries.length + 1}`;
    this.queries.push({ ...made, name });
    return name;
  }

  private metric(q: Selection): string {
    const { at } = this;
    const series = seriesOf(q.series);
    const name = (label: Selection['by'][number]): string => storedLabel(q.series, label, 'datadog', at);
    const never = Object.entries(series.not).map(([tag, values]) =>
      values.includes('*') ? `NOT ${tag}:*` : test(tag, { not: values }, at.place),
    );
    const tests = [...this.scope(q.series), ...q.where.map((f) => test(name(f.label), f, at.place)), ...never];
    const by = q.by.length === 0 ? '' : ` by {${q.by.map(name).join(',')}}`;
    return `${seriesName(series, 'datadog')}{${tests.length === 0 ? '*' : tests.join(' AND ')}}${by}`;
  }

  /** `$backend` says `backend:<value>`, whatever the series calls it: where it has another name only the value is taken. */
  private scope(id: SeriesId): readonly string[] {
    const { at } = this;
    if (at.use === 'monitor') return [];
    return scopeOf(id, at).map((label) => {
      const [tag, name] = [storedLabel(id, label, 'datadog', at), variableName(label)];
      return tag === tagKey(label) ? `$${name}` : `${tag}:$${name}.value`;
    });
  }
}

type Test = Filter extends infer F ? (F extends unknown ? Omit<F, 'label'> : never) : never;

function test(tag: string, filter: Test, place: Place | undefined): string {
  const value = (text: string): string => tagValue(text, place);
  if ('prefix' in filter) return `${tag}:${value(filter.prefix)}*`;
  if ('contains' in filter) {
    const any = [...new Set(filter.contains.map(value))].map((text) => `${tag}:*${text}*`);
    return any.length === 1 ? `${any[0]}` : `(${any.join(' OR ')})`;
  }
  const not = 'not' in filter;
  // Two that fold to the same tag are one.
  const values = [...new Set((not ? filter.not : filter.is).map(value))];
  if (values.length === 1) return `${not ? 'NOT ' : ''}${tag}:${values[0]}`;
  return `${tag} ${not ? 'NOT IN' : 'IN'} (${values.join(',')})`;
}

/** In brackets, unless it is one name or one call. */
const bracketed = (formula: string): string => (/^\w+(\(\w+\))?$/.test(formula) ? formula : `(${formula})`);

/** 0.99 as `99`, 0.999 as `99.9`. */
const percent = (q: number): string => String(Number((q * 100).toPrecision(4)));
