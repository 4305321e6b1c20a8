import { recordedFor, recordedIntervalMs } from '../recorded.ts';
import { storedLabel } from './context.ts';
import type { Query, Selection, Window } from './expression.ts';
import { objectivePromql } from './objective.ts';
import { edgeMatcher, type SelectorContext, selector } from './promql-selector.ts';
import { binary, duration, orZero, type Term, whole } from './promql-text.ts';
import { QueryError } from './query-error.ts';
import { labelsOf, leaves, selectionsOf } from './shape.ts';

export interface PromqlContext extends SelectorContext {
  /** How scraped series reached this Prometheus: decides their names. */
  readonly path: 'scrape' | 'remote-write';
  /** `board`: Grafana's variables and windows; `rule`: fixed windows, no variable. */
  readonly use: 'board' | 'rule';
  /** The environment records what boards ask for without route and backend (recorded.ts); boards ask for that where it answers. */
  readonly recorded?: boolean;
}

type Windowed = Selection & { readonly window: Window };

/**
 * A query in PromQL, for Grafana's panels or for rules. Throws QueryError for what labelsOf refuses, for a label that the environment lacks, and
 * for a window without a fixed length in a rule.
 */
export function promql(query: Query, at: PromqlContext): string {
  labelsOf(query, at.place);
  return new Compiler(at, false).term(query).text;
}

class Compiler {
  readonly at: PromqlContext;
  /** Every window is the whole view, as it ends, whatever point of a graph is asked for: what the greatest are the greatest of. */
  readonly ranking: boolean;

  constructor(at: PromqlContext, ranking: boolean) {
    this.at = at;
    this.ranking = ranking;
  }

  term(query: Query): Term {
    switch (query.node) {
      case 'rate':
      case 'increase':
        return this.grown(query, query.node);
      case 'observations':
        return this.grown(query, 'rate', { part: '_count' });
      case 'buckets':
        return this.grown(query, 'increase', { part: '_bucket', more: ['le'] });
      case 'gauge':
        return this.gauge(query);
      case 'quantile': {
        const of = this.share(query, { part: '_bucket', more: ['le'] });
        // Without observations it is NaN, which no comparison holds for.
        return binary(whole(`histogram_quantile(${query.q}, ${of.text})`), '>=', whole('0'));
      }
      case 'mean':
        return this.ofCount(query, this.share(query, { part: '_sum' }));
      case 'under': {
        const extra = [edgeMatcher(query.bound, this.at.path)];
        return this.ofCount(query, this.share(query, { part: '_bucket', extra }));
      }
      case 'ratio': {
        const [of, to] = this.sides(query.of, query.to);
        return binary(orZero(of, to), '/', binary(to, '>', whole('0')));
      }
      case 'minus':
      case 'plus': {
        const [left, right] = this.sides(query.left, query.right);
        return binary(orZero(left, right), query.node === 'plus' ? '+' : '-', orZero(right, left));
      }
      case 'scale':
        return binary(whole(String(query.factor)), '*', this.term(query.of));
      case 'zero':
        if (query.universe) return orZero(...this.sides(query.of, query.universe));
        return binary(this.term(query.of), 'or', whole('vector(0)'));
      case 'top':
        return this.top(query);
      case 'objective':
        return objectivePromql(query, this.at);
    }
  }

  /**
   * The greatest of each moment where there is but one moment; of a course the greatest of the whole view, as Datadog's limit is, so that the
   * lines are `limit` at most and none comes and goes.
   */
  private top({ limit, of }: Extract<Query, { readonly node: 'top' }>): Term {
    const greatest = (term: Term): Term => whole(`topk(${limit}, ${term.text})`);
    const course = leaves(of).every((q) => q.node === 'gauge' || ('window' in q && q.window !== 'view'));
    if (!course || this.at.use === 'rule' || this.ranking || leaves(of).some((q) => q.node === 'objective'))
      return greatest(this.term(of));
    return binary(this.term(of), 'and', greatest(new Compiler(this.at, true).term(of)));
  }

  private gauge(query: Extract<Query, { readonly node: 'gauge' }>): Term {
    const of = selector(query, this.at);
    const over = this.ranking ? `avg_over_time(${this.ranged(of, 'view')})` : of;
    return whole(`${query.how}${this.by(query)}(${over})`);
  }

  /** A counter's growth, or that of a part of a histogram; per second or over the window. */
  private grown(query: Windowed, kind: 'rate' | 'increase', { part = '', more = [], extra = [] }: Part = {}): Term {
    // Over the whole view boards have growth alone; what is ranked needs no division by a time that all share.
    const viewed = this.ranking || query.window === 'view';
    const sum = (of: string): Term => whole(`sum${this.by(query, more)}(${of})`);
    const recorded = this.at.use === 'board' && this.at.recorded ? recordedFor(query, part, this.at) : undefined;
    const of = this.ranged(
      selector(query, this.at, { part, extra, ...(recorded ? { name: recorded } : {}) }),
      query.window,
    );
    if (!viewed && kind === 'rate') return sum(`${recorded ? 'avg_over_time' : 'rate'}(${of})`);
    // A point each interval, the rate of its moment: their sum is the growth, also of a series that was not there all the time.
    const growth = recorded
      ? binary(sum(`sum_over_time(${of})`), '*', whole(String(recordedIntervalMs / 1000)))
      : sum(`increase(${of})`);
    return kind === 'rate' && !this.ranking ? binary(growth, '/', whole('$__range_s')) : growth;
  }

  /** Growth that is only compared with other growth over the same window. */
  private share(query: Windowed, part: Part): Term {
    return this.grown(query, query.window === 'view' ? 'increase' : 'rate', part);
  }

  private ofCount(query: Windowed, of: Term): Term {
    return binary(of, '/', binary(this.share(query, { part: '_count' }), '>', whole('0')));
  }

  /** Two sides whose results carry the same names: a label that the right one's series spells otherwise is renamed. */
  private sides(left: Query, right: Query): readonly [Term, Term] {
    const [a, b] = [this.term(left), this.term(right)];
    const names = (q: Query): readonly string[] => labelsOf(left).map((l) => this.resultName(q, l));
    const [wanted, there] = [names(left), names(right)];
    const odd = wanted.flatMap((to, i) => (to === there[i] ? [] : [[to, there[i] ?? ''] as const]));
    if (odd.length === 0) return [a, b];
    const renamed = odd.reduce(
      (text, [to, from]) => `label_replace(${text}, "${to}", "$1", "${from}", "(.*)")`,
      b.text,
    );
    return [a, whole(`sum by (${wanted.join(', ')}) (${renamed})`)];
  }

  /** What the query's first series calls the label; recorded objectives use the signals' names. */
  private resultName(query: Query, label: Selection['by'][number]): string {
    const [first] = selectionsOf(query);
    return storedLabel(first?.series ?? 'requests', label, this.at.path, this.at);
  }

  private by(q: Selection, more: readonly string[] = []): string {
    const names = [...q.by.map((l) => storedLabel(q.series, l, this.at.path, this.at)), ...more];
    return names.length === 0 ? '' : ` by (${names.join(', ')}) `;
  }

  private ranged(of: string, window: Window): string {
    if (this.ranking) return `${of}[$__range] @ end()`;
    if (typeof window === 'number') return `${of}[${duration(window)}]`;
    if (this.at.use === 'rule') throw new QueryError(`a rule needs a fixed window, not ${window}`, this.at.place);
    return `${of}[${window === 'view' ? '$__range' : '$__rate_interval'}]`;
  }
}

interface Part {
  readonly part?: string;
  readonly more?: readonly string[];
  readonly extra?: readonly string[];
}
