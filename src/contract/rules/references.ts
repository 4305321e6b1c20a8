import { nearest } from '../../nearest.ts';
import { gatewaysMeant, type Names } from '../names.ts';
import type { Finding, Path } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** Every name that is used is given out somewhere, and means one thing. */
export function* references(contract: Contract, names: Names): Generator<Finding> {
  for (const [cluster, c] of Object.entries(contract.clusters))
    yield* known('environment', [c.environment], ['clusters', cluster, 'environment'], names.environments, true);
  for (const [i, g] of contract.gateways.entries()) {
    yield* known('cluster', g.clusters, ['gateways', i, 'clusters'], names.clusters);
    yield* known('environment', g.environments, ['gateways', i, 'environments'], names.environments);
    for (const label of Object.keys(g.labels)) {
      const path = ['gateways', i, 'labels', label];
      yield* known('label', [label], path, names.labels, true);
      const from = contract.labels[label]?.from;
      if (from !== undefined && from !== 'literal')
        yield {
          path,
          message: `sets a value for "${label}", which comes from a ${from}`,
          against: ['labels', label],
          hint: 'only labels from: literal take a value of a gateway',
        };
    }
  }
  for (const [label, l] of Object.entries(contract.labels))
    yield* gatewayRefs(l.gateways, ['labels', label, 'gateways'], names);
  for (const [i, r] of contract.routes.entries()) yield* gatewayRefs(r.gateways, ['routes', i, 'gateways'], names);
  for (const [i, o] of contract.objectives.entries()) {
    yield* known('environment', o.environments, ['objectives', i, 'environments'], names.environments);
    yield* gatewayRefs(o.gateways, ['objectives', i, 'gateways'], names);
    yield* known('route', o.routes, ['objectives', i, 'routes'], names.routes);
    yield* known('notification', o.notify, ['objectives', i, 'notify'], names.notifications);
  }
  for (const [name, n] of Object.entries(contract.notifications))
    yield* known('environment', n.environments, ['notifications', name, 'environments'], names.environments);
}

function* known(
  what: string,
  used: readonly string[] | undefined,
  path: Path,
  given: readonly string[],
  single = false,
): Generator<Finding> {
  for (const [i, name] of (used ?? []).entries()) {
    if (given.includes(name)) continue;
    yield {
      path: single ? path : [...path, i],
      message: `no ${what} is called "${name}"`,
      hint: suggestion(name, given),
    };
  }
}

function* gatewayRefs(refs: readonly string[] | undefined, path: Path, names: Names): Generator<Finding> {
  for (const [i, ref] of (refs ?? []).entries()) {
    const meant = gatewaysMeant(ref, names.gateways);
    if (meant.length === 0) {
      const all = [...new Set(names.gateways.map((g) => (ref.includes('.') ? g.id : g.name)))];
      yield { path: [...path, i], message: `no gateway is called "${ref}"`, hint: suggestion(ref, all) };
    }
    if (meant.length > 1)
      yield {
        path: [...path, i],
        message: `"${ref}" may be any of ${meant.join(', ')}`,
        hint: 'write <name>.<namespace>',
      };
  }
}

function suggestion(name: string, given: readonly string[]): string {
  const guess = nearest(name, given);
  if (guess) return `did you mean ${guess}?`;
  if (given.length === 0) return 'the contract names none';
  return `there are ${given.slice(0, 12).join(', ')}${given.length > 12 ? ` and ${given.length - 12} more` : ''}`;
}
