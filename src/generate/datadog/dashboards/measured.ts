import type { Board, BoardLabel, Unit } from '../../../boards/board.ts';
import type { BoardContext } from '../../../boards/context.ts';
import { type DatadogSubquery, datadogQuery } from '../../../boards/query/datadog.ts';
import type { Query } from '../../../boards/query/expression.ts';
import { reference } from '../../datadog-reference.ts';
import { sloId } from '../names.ts';
import type { FormulaAndFunctionQueryDefinition, WidgetFormula } from './models.ts';
import { factorOf, numberFormat } from './units.ts';

/** Where a widget is made: the environment, the board with its variables, and the panel, which messages name. */
export interface At {
  readonly context: BoardContext;
  readonly board: string;
  /** All of the environment's, for links. */
  readonly boards: readonly Board[];
  readonly panel: string;
  readonly scope: readonly BoardLabel[];
}

/** A query in Datadog's parts. The formula is in the unit's own scale. */
export interface Measured {
  readonly queries: readonly FormulaAndFunctionQueryDefinition[];
  readonly formula: WidgetFormula;
}

/** Compiles a query for a widget. `prefix` keeps the names of several in one request apart. Throws QueryError where Datadog has no form for it. */
export function measured(query: Query, unit: Unit, at: At, prefix = ''): Measured {
  const { queries, formula, limit } = datadogQuery(query, {
    scope: at.scope,
    labels: at.context.labels,
    objectives: at.context.objectives,
    use: 'board',
    place: { board: at.board, panel: at.panel },
  });
  const names = queries.map((q) => q.name);
  // Datadog tells an objective's shares in percent itself.
  const factor = queries.every((q) => q.slo) ? 1 : factorOf(unit);
  return {
    queries: queries.map((q) => definition(q, `${prefix}${q.name}`, at)),
    formula: {
      formula: scaled(renamed(formula, names, prefix), factor),
      ...numberFormat(unit),
      ...(limit ? { limit } : {}),
    },
  };
}

function definition(
  { query, aggregator, slo }: DatadogSubquery,
  name: string,
  at: At,
): FormulaAndFunctionQueryDefinition {
  if (slo === undefined) return { dataSource: 'metrics', name, query, ...(aggregator ? { aggregator } : {}) };
  return {
    dataSource: 'slo',
    name,
    sloId: reference('slo', at.context.environment.name, sloId(slo.objective, slo.blame)),
    measure: slo.measure,
    sloQueryType: 'metric',
    groupMode: 'components',
  };
}

/** Names of queries are words in a formula; so are functions, which are none of the names. */
const renamed = (formula: string, names: readonly string[], prefix: string): string =>
  prefix === ''
    ? formula
    : formula.replace(/[A-Za-z_]\w*/g, (word) => (names.includes(word) ? `${prefix}${word}` : word));

const scaled = (formula: string, factor: number): string =>
  factor === 1 ? formula : `${factor} * ${/^\w+$/.test(formula) ? formula : `(${formula})`}`;
