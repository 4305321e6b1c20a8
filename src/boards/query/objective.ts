import { recordedName } from '../../objectives/recorded.ts';
import type { BoardLabel } from '../board.ts';
import type { CompileContext } from './context.ts';
import type { Query } from './expression.ts';
import { type SelectorContext, scopeMatchers } from './promql-selector.ts';
import { binary, orZero, quoted, type Term, whole } from './promql-text.ts';
import { instead, QueryError } from './query-error.ts';

type ObjectiveQuery = Extract<Query, { readonly node: 'objective' }>;

/** The labels of those series that a board's variables may filter. */
const recordedLabels: readonly BoardLabel[] = ['environment', 'gateway'];

/** The good share, the burn rate, or what is left of the budget, by gateway, from recorded series. */
export function objectivePromql(query: ObjectiveQuery, at: SelectorContext): Term {
  const scope = scopeMatchers('requests', { ...at, scope: at.scope.filter((l) => recordedLabels.includes(l)) });
  const matchers = [`objective=${quoted(query.objective)}`, ...scope].join(', ');
  const part = (p: 'requests' | 'bad'): Term =>
    whole(`sum by (gateway) (${recordedName(p, query.window)}{${matchers}})`);
  const bad = binary(orZero(part('bad'), part('requests')), '/', binary(part('requests'), '>', whole('0')));
  const one = whole('1');
  if (query.measure === 'good') return binary(one, '-', bad);
  const burn = binary(bad, '/', whole(String(budgetOf(query, at))));
  return query.measure === 'burn' ? burn : binary(one, '-', burn);
}

/** The share of requests that may be bad. */
export function budgetOf(query: ObjectiveQuery, at: CompileContext): number {
  const known = at.objectives ?? [];
  const objective = known.find((o) => o.name === query.objective);
  if (!objective)
    throw new QueryError(
      `the environment has no objective ${query.objective}${instead(
        query.objective,
        known.map((o) => o.name),
      )}`,
      at.place,
    );
  // 1 - 0.999 is 0.0010000000000000009.
  return Number((1 - objective.target).toPrecision(12));
}
