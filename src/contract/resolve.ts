import { type Field, type FieldId, fieldIds, fields } from '../envoy/fields.ts';
import { clusterNames } from './cluster-names.ts';
import { kgatewayVersions } from './kgateway-versions.ts';
import type * as model from './model.ts';
import { gatewayName, gatewaysMeant } from './names.ts';
import { resolveAccessLog } from './resolve/access-log.ts';
import { resolveCollector } from './resolve/collector.ts';
import { resolveEnvironment } from './resolve/environment.ts';
import { labelsOf, resolveLabel } from './resolve/labels.ts';
import { resolveLoadBalancer } from './resolve/load-balancer.ts';
import { promisesHandover, resolveObjective } from './resolve/objective.ts';
import { resolveTracing } from './resolve/tracing.ts';
import type { Contract } from './schema/index.ts';

/** The Model of a checked contract: every default looked up once, every reference followed. */
export function resolve(contract: Contract): model.Model {
  const { kgateway } = contract;
  const envoy = kgatewayVersions[kgateway.version].envoy;
  const environments = Object.entries(contract.environments).map(([name, e]) => resolveEnvironment(name, e));
  const environmentNames = environments.map((e) => e.name);
  const gateways = contract.gateways.map((g) => gatewayName(g.name, g.namespace));
  const allIds = [...new Set(gateways.map((g) => g.id))];
  const ids = (refs: readonly string[] | undefined) =>
    refs ? refs.flatMap((r) => gatewaysMeant(r, gateways)) : allIds;
  const served = fieldIds.filter((id) => !tooYoung(id, envoy));

  const gatewayOn = (entry: Contract['gateways'][number], environment: model.Environment): model.Gateway => {
    const { id } = gatewayName(entry.name, entry.namespace);
    const own = contract.environments[environment.name];
    return {
      name: entry.name,
      namespace: entry.namespace,
      id,
      kind: entry.waypoint ? 'waypoint' : 'gateway',
      clusters: clusterNames(entry, contract),
      loadBalancer: entry.loadBalancer && resolveLoadBalancer(entry.loadBalancer),
      labels: labelsOf(contract, id, gateways, entry.labels),
      accessLog: resolveAccessLog(served, contract.accessLog, own?.accessLog, entry.accessLog),
      tracing: resolveTracing(environment, contract.tracing, own?.tracing, entry.tracing),
      idleTimeoutMs: entry.idleTimeout,
      streamIdleTimeoutMs: entry.streamIdleTimeout,
    };
  };

  const objectives = contract.objectives.map((o) => resolveObjective(o, environmentNames, ids));

  const clusters = Object.entries(contract.clusters).map(([name, c]): model.Cluster => {
    const environment = environments.find((e) => e.name === c.environment);
    if (!environment) throw new Error(`cluster ${name}: the reader lets no unknown environment through`);
    const here = contract.gateways.filter((g) => clusterNames(g, contract).includes(name));
    return {
      name,
      environment,
      region: c.region,
      account: c.account,
      collector: resolveCollector(contract.collector, c.collector),
      accessLog: resolveAccessLog(
        served,
        contract.accessLog,
        contract.environments[c.environment]?.accessLog,
        undefined,
      ),
      handoverGateways: here
        .map((g) => gatewayName(g.name, g.namespace).id)
        .filter((id) => objectives.some((o) => promisesHandover(o, environment.name, id))),
      gateways: here.map((g) => gatewayOn(g, environment)),
    };
  });

  return {
    name: contract.name,
    kgateway: { version: kgateway.version, envoy, namespace: kgateway.namespace, routeSource: kgateway.routeSource },
    environments,
    clusters,
    labels: Object.entries(contract.labels).map(([name, l]) => resolveLabel(name, l)),
    routes: contract.routes.map((r) => ({
      name: r.name,
      namespace: r.namespace,
      id: `${r.namespace}/${r.name}`,
      gateways: ids(r.gateways),
      backends: r.backends,
      timeoutMs: r.timeout,
    })),
    backends: contract.backends.map((b) => ({
      name: b.name,
      namespace: b.namespace,
      id: `${b.namespace}/${b.name}`,
      port: b.port,
      keepAliveMs: b.keepAlive,
      requestTimeoutMs: b.requestTimeout,
      server: b.server,
    })),
    objectives,
    notifications: Object.entries(contract.notifications).map(([name, n]) => ({
      name,
      severities: n.severities,
      environments: n.environments ?? environmentNames,
      datadog: n.datadog,
      alertLabels: n.alertLabels,
    })),
    links: { runbooks: contract.links.runbooks },
  };
}

/** Whether that Envoy lacks the field's operator. Minors are compared as numbers: 1.9 is older than 1.36. */
function tooYoung(id: FieldId, envoy: string): boolean {
  const minor = (v: string) => Number(v.split('.')[1]);
  const { since }: Field = fields[id];
  return since !== undefined && minor(since) > minor(envoy);
}
