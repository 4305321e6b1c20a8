import type { Manifest } from '../../contract/draft/manifests.ts';
import type { Backend, Model } from '../../contract/model.ts';
import { type Server, servers } from '../../envoy/servers.ts';
import { envoyDefaults } from '../../envoy/timeouts.ts';
import type { BackendHop, RouteHop } from '../hops.ts';
import { contract, type Limit } from '../limit.ts';
import { type Limits, policiesFor } from './policies.ts';

/** Other names that servers go by. */
const aliases: Readonly<Record<string, string>> = {
  nodejs: 'node',
  'node.js': 'node',
  express: 'node',
  httpd: 'apache',
  springboot: 'spring-boot',
  spring: 'spring-boot',
  golang: 'go',
};

/** The name that `servers` has it by, of what somebody wrote: `Node.js`, `node 22`, `Spring Boot`. */
export function serverName(said: string): string | undefined {
  const [first = '', second = ''] = said.toLowerCase().split(/[\s/:@]+/);
  for (const name of [`${first}-${second}`, first]) {
    const known = aliases[name] ?? name;
    if (Object.hasOwn(servers, known)) return known;
  }
  return undefined;
}

/** The contract's backends and those that routes lead to. */
export function backendHops(
  model: Model,
  objects: readonly Manifest[],
  routes: readonly RouteHop[],
  limits: Limits,
): readonly BackendHop[] {
  const said = new Map(model.backends.map((b) => [b.id, b]));
  const ids = [...new Set([...said.keys(), ...routes.flatMap((r) => r.backends)])].sort();
  return ids.map((id) => {
    const [namespace = '', name = ''] = id.split('/');
    const service = objects.find((o) => o.kind === 'Service' && o.name === name && o.namespace === namespace);
    const target = { kind: 'Service', name, namespace, labels: service?.labels ?? {} };
    const policies = policiesFor(target, ['BackendConfigPolicy'], objects);
    const backend = said.get(id);
    return {
      id,
      name,
      namespace,
      idle: limits.first(policies, 'commonHttpProtocolOptions', 'idleTimeout') ?? {
        ms: envoyDefaults.upstreamIdleTimeout,
        from: "Envoy's default",
      },
      connect: limits.first(policies, 'connectTimeout') ?? {
        ms: envoyDefaults.connectTimeout,
        from: "kgateway's default",
      },
      policy: policies[0]?.policy.name,
      ...serverSide(backend),
    };
  });
}

function serverSide(backend: Backend | undefined): Pick<BackendHop, 'keepAlive' | 'setting' | 'requestTimeout'> {
  const name = backend?.server === undefined ? undefined : serverName(backend.server);
  const server = name === undefined ? undefined : servers[name];
  const { keepAliveMs, requestTimeoutMs } = backend ?? {};
  return {
    keepAlive:
      keepAliveMs === undefined ? server && byDefault(name ?? '', server) : { ms: keepAliveMs, from: contract },
    setting: server?.setting,
    requestTimeout: requestTimeoutMs === undefined ? undefined : { ms: requestTimeoutMs, from: contract },
  };
}

const byDefault = (name: string, { keepAliveMs, says }: Server): Limit => ({
  ms: keepAliveMs,
  from: `${name}'s default${says === '' ? '' : `; ${says}`}`,
});
