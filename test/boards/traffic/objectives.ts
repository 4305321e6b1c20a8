import type { Answer } from '../../../src/boards/query/evaluate.ts';
import type { Query } from '../../../src/boards/query/expression.ts';
import { duration } from '../../../src/boards/query/promql-text.ts';
import { leaves } from '../../../src/boards/query/shape.ts';
import type { Asked } from '../queries.ts';
import { end } from './data.ts';

type ObjectiveQuery = Extract<Query, { readonly node: 'objective' }>;

/** Made up: what rules would have recorded of each gateway. One in two environments, one that never failed, one without traffic. */
const recorded = [
  { environment: 'lab', gateway: 'edge.lab', requests: 10, bad: 0.02, requests_by_gateway: 8, bad_by_gateway: 0.01 },
  {
    ...{ environment: 'other', gateway: 'edge.lab', requests: 30, bad: 0.9 },
    ...{ requests_by_gateway: 20, bad_by_gateway: undefined },
  },
  {
    ...{ environment: 'lab', gateway: 'inner.lab', requests: 5, bad: undefined },
    ...{ requests_by_gateway: 4, bad_by_gateway: undefined },
  },
  {
    ...{ environment: 'lab', gateway: 'partners.lab', requests: 0, bad: 0 },
    ...{ requests_by_gateway: 0, bad_by_gateway: 0 },
  },
] as const;

/** The lab's latency: of the gateway's own time it counts fewer requests. */
const timed = 'edge-fast';

/** The lab's contract promises 99.5 %, twice. */
const budget = 0.005;

/** Those series as OpenMetrics, for the windows that are asked, and what must be answered: added up over environments, never a ratio of ratios. */
export function recordedObjectives(asked: readonly Asked[]): {
  readonly lines: readonly string[];
  answer(query: ObjectiveQuery): readonly Answer[];
} {
  const queries = asked.flatMap(({ query }) => leaves(query).filter((q) => q.node === 'objective'));
  const series = new Set(
    queries.flatMap(({ objective, window }) =>
      recorded.flatMap(({ environment, gateway, ...parts }) =>
        (['requests', 'bad', 'requests_by_gateway', 'bad_by_gateway'] as const).flatMap((part) =>
          parts[part] === undefined
            ? []
            : [
                `gateway:objective_${part}:rate${duration(window)}{objective="${objective}",environment="${environment}",gateway="${gateway}"} ${parts[part]} ${end / 1000}`,
              ],
        ),
      ),
    ),
  );
  return { lines: [...series], answer };
}

function answer({ objective, measure, blame }: ObjectiveQuery): readonly Answer[] {
  const gateways = [...new Set(recorded.map((r) => r.gateway))];
  return gateways.flatMap((gateway): Answer[] => {
    const own = recorded.filter((r) => r.gateway === gateway);
    const [requests, bad] = [
      total(own.map((r) => (blame && objective === timed ? r.requests_by_gateway : r.requests))),
      total(own.map((r) => (blame ? r.bad_by_gateway : r.bad) ?? 0)),
    ];
    if (requests === 0) return [];
    const share = bad / requests;
    const value = { good: 1 - share, burn: share / budget, left: 1 - share / budget }[measure];
    return [{ labels: { gateway }, value }];
  });
}

const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
