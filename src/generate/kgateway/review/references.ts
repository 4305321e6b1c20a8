import { list, type Manifest, map } from '../../../contract/draft/manifests.ts';
import type { Finding } from './finding.ts';
import { type Policy, spelled, text, type World } from './world.ts';

/**
 * `appProtocol`s for which kgateway speaks HTTP/2 to a Service
 * (https://github.com/kgateway-dev/kgateway/blob/main/pkg/pluginsdk/ir/app_protocol.go); `h2c` alone and a port's name are none.
 */
const http2 = ['http2', 'grpc', 'grpc-web', 'kubernetes.io/h2c'];

/**
 * Where policies send telemetry: the Service exists, has the port, speaks HTTP/2, and lets the policy's namespace in. kgateway treats a
 * reference that does not resolve as an invalid policy and replaces all routes of the Gateway by a 500
 * (https://github.com/kgateway-dev/kgateway/issues/11937).
 */
export function* references(world: World): Generator<Finding> {
  const missing = new Map<string, { readonly ref: BackendRef; readonly from: string[] }>();
  for (const policy of world.policies) {
    const refs = new Map(backendsOf(policy).map((ref) => [JSON.stringify(ref), ref]));
    for (const ref of refs.values()) {
      const services = world.services.filter((s) => s.name === ref.name && s.namespace === ref.namespace);
      for (const service of services) yield* portOf(service, ref, spelled(policy.object));
      yield* grantOf(policy, ref, world, services.length > 0);
      if (services.length > 0) continue;
      const key = `${ref.namespace}/${ref.name}`;
      const told = missing.get(key) ?? { ref, from: [] };
      told.from.push(spelled(policy.object));
      missing.set(key, told);
    }
  }
  // A Service that is in none of them may still be in the cluster: said, not refused.
  for (const [service, { ref, from }] of missing)
    yield {
      breaks: false,
      where: `Service ${service}`,
      message: `not seen, and ${from[0]}${from.length > 1 ? ` and ${from.length - 1} more send` : ' sends'} to its port ${ref.port}`,
      hint: `look before you apply: kubectl -n ${ref.namespace} get service ${ref.name}; without it kgateway answers 500 for the whole Gateway`,
    };
}

interface BackendRef {
  readonly name: string;
  readonly namespace: string;
  readonly port: number | undefined;
}

function backendsOf(policy: Policy): readonly BackendRef[] {
  return [policy.settings, ...policy.perPort.map((p) => p.settings)].flatMap((settings) =>
    [
      ...list(settings['accessLog']).flatMap((entry) => [
        map(map(entry)['openTelemetry'])['grpcService'],
        map(entry)['grpcService'],
      ]),
      map(map(map(settings['tracing'])['provider'])['openTelemetry'])['grpcService'],
    ].flatMap((service): BackendRef[] => {
      const ref = map(map(service)['backendRef']);
      if (typeof ref['name'] !== 'string' || (text(ref['kind']) ?? 'Service') !== 'Service') return [];
      const port = typeof ref['port'] === 'number' ? ref['port'] : undefined;
      return [{ name: ref['name'], namespace: text(ref['namespace']) ?? policy.object.namespace, port }];
    }),
  );
}

function* grantOf(policy: Policy, ref: BackendRef, world: World, seen: boolean): Generator<Finding> {
  const { kind, namespace } = policy.object;
  if (ref.namespace === namespace || granted(policy, ref, world)) return;
  yield {
    // What others send to and nobody saw may have a grant nobody saw.
    breaks: policy.generated || seen,
    where: spelled(policy.object),
    message: `sends to Service ${ref.namespace}/${ref.name} in another namespace, and no ReferenceGrant there lets it`,
    hint: `a ReferenceGrant in ${ref.namespace} from ${kind} of ${namespace} to Service ${ref.name}`,
  };
}

function* portOf(service: Manifest, ref: BackendRef, where: string): Generator<Finding> {
  const ports = list(service.spec['ports']).map(map);
  const port = ports.find((p) => p['port'] === ref.port);
  if (!port) {
    yield {
      breaks: true,
      where,
      message: `sends to port ${ref.port} of ${spelled(service)}, which has ${ports.map((p) => String(p['port'])).join(', ') || 'none'}`,
      hint: "the Service's port, not the pod's: collector.port in the contract",
    };
  } else if (!http2.includes(text(port['appProtocol']) ?? ''))
    yield {
      breaks: true,
      where,
      message: `sends OTLP to port ${ref.port} of ${spelled(service)}, whose appProtocol is ${text(port['appProtocol']) ?? 'not set'}: Envoy would speak HTTP/1.1 and nothing would arrive`,
      hint: `set appProtocol: grpc there (or ${http2.filter((p) => p !== 'grpc').join(', ')}); a port's name does not count`,
    };
}

function granted(policy: Policy, ref: BackendRef, world: World): boolean {
  return world.grants.some(
    ({ namespace, spec }) =>
      namespace === ref.namespace &&
      list(spec['from']).some((from) => {
        const f = map(from);
        return (
          f['kind'] === policy.object.kind &&
          f['namespace'] === policy.object.namespace &&
          f['group'] === 'gateway.kgateway.dev'
        );
      }) &&
      list(spec['to']).some((to) => {
        const t = map(to);
        return t['kind'] === 'Service' && (t['name'] === undefined || t['name'] === ref.name);
      }),
  );
}
