import type { Objective } from '../../contract/model.ts';
import { blamesGateway, budgetOf } from '../../objectives/indicator.ts';
import { badPart, type RecordedPart, recordedName, validPart } from '../../objectives/recorded.ts';
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
  const objective = objectiveOf(query, at);
  const scope = scopeMatchers('requests', { ...at, scope: at.scope.filter((l) => recordedLabels.includes(l)) });
  const matchers = [`objective=${quoted(query.objective)}`, ...scope].join(', ');
  const part = (p: RecordedPart): Term => whole(`sum by (gateway) (${recordedName(p, query.window)}{${matchers}})`);
  const blame = query.blame ?? 'anyone';
  const requests = part(validPart(objective, blame));
  const bad = binary(orZero(part(badPart(blame)), requests), '/', binary(requests, '>', whole('0')));
  const one = whole('1');
  if (query.measure === 'good') return binary(one, '-', bad);
  const burn = binary(bad, '/', whole(String(budgetOf(objective))));
  return query.measure === 'burn' ? burn : binary(one, '-', burn);
}

/** The environment's objective that is asked; throws QueryError where there is none, or where it can't be asked whom it blames. */
export function objectiveOf(query: ObjectiveQuery, at: CompileContext): Objective {
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
  if (query.blame && !blamesGateway(objective))
    throw new QueryError(
      `${query.objective} promises nothing of the gateway's own time (gatewayUnder), so nobody is blamed`,
      at.place,
    );
  return objective;
}
