import { burnTiers } from '../burn-rates.ts';
import type { Finding } from '../problem.ts';
import { routeText } from '../route-text.ts';
import type { Contract } from '../schema/index.ts';
import { gatewayTime, onAnEdge } from './latency.ts';

/** Objectives that can be measured: on an edge of the histogram, and not further back than samples are kept. */
export function* objectives(contract: Contract): Generator<Finding> {
  for (const [i, o] of contract.objectives.entries()) {
    if (o.kind === 'latency') {
      yield* onAnEdge(o.under, ['objectives', i, 'under']);
      yield* gatewayTime(contract, o, i);
    }
    const { tiers, dropped } = burnTiers({ target: o.target / 100, windowDays: o.window });
    if (tiers.length === 0)
      yield {
        path: ['objectives', i, 'target'],
        message: `${o.target} % over ${o.window}d can have no alert: ${dropped[0]?.why ?? ''}`,
        hint: 'a higher target, or a longer window',
      };
    yield* confusable(contract, i);
    for (const [name, e] of Object.entries(contract.environments)) {
      if (o.environments && !o.environments.includes(name)) continue;
      const { to } = e.metrics;
      if (to === 'datadog' && !datadogDays.includes(o.window))
        yield {
          path: ['objectives', i, 'window'],
          message: `${o.window}d, and ${name} is in Datadog, whose objectives are over 7, 30 or 90 days`,
          against: ['environments', name, 'metrics', 'to'],
          hint: 'window: 30d, or another objective for that environment',
        };
      if (e.metrics.to === 'prometheus' && e.metrics.retention < o.window)
        yield {
          path: ['objectives', i, 'window'],
          message: `${o.window}d is longer than environment ${name} keeps samples (${e.metrics.retention}d)`,
          against: ['environments', name, 'metrics', 'retention'],
          hint: 'a shorter window, or set retention to what Prometheus really keeps',
        };
    }
  }
}

/** https://docs.datadoghq.com/service_level_objectives/ */
const datadogDays: readonly number[] = [7, 30, 90];

/** Routes are told apart by their text in Envoy's name, `-httproute-<name>-<namespace>-`, which may be part of another's. */
function* confusable(contract: Contract, i: number): Generator<Finding> {
  const ids = contract.routes.map((r) => `${r.namespace}/${r.name}`);
  for (const [j, id] of (contract.objectives[i]?.routes ?? []).entries()) {
    if (!ids.includes(id)) continue;
    const other = ids.find((o) => o !== id && routeText(o).includes(routeText(id)));
    if (other !== undefined)
      yield {
        path: ['objectives', i, 'routes', j],
        message: `${id} and ${other} read alike in Envoy's name of a route, so requests of both would count`,
        against: ['routes', ids.indexOf(other)],
        hint: 'rename one of the two routes',
      };
  }
}
