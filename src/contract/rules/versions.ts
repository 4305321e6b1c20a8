import { has, kgatewayFeatures } from '../kgateway-versions.ts';
import type { Finding, Path } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** What the contract asks for and its kgateway does not have yet: a closed CRD would refuse the whole object. */
export function* versions(contract: Contract): Generator<Finding> {
  const { version, routeSource } = contract.kgateway;
  const since = kgatewayFeatures.routeSource;
  const against: Path = ['kgateway', 'version'];
  if (routeSource && !has(version, 'routeSource'))
    yield { path: ['kgateway', 'routeSource'], message: `is there from kgateway ${since} on`, against };
  for (const [name, label] of Object.entries(contract.labels)) {
    if (label.from !== 'route-metadata' || label.namespace !== 'dev.kgateway.route_source') continue;
    const path: Path = ['labels', name, 'from'];
    if (!has(version, 'routeSource'))
      yield { path, message: `route-metadata is there from kgateway ${since} on`, against };
    else if (!routeSource)
      yield {
        path,
        message: 'the control plane writes dev.kgateway.route_source only when it is told to',
        against: ['kgateway'],
        hint: 'set kgateway.routeSource: true, and enableRouteSourceMetadata in the Helm values of kgateway',
      };
  }
}
