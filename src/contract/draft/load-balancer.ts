import { list, type Manifest, map } from './manifests.ts';

/** A load balancer in the contract's own words, only what differs from AWS's defaults. */
export type DraftLoadBalancer = Readonly<Record<string, string | boolean>>;

const nlb = 'service.beta.kubernetes.io/aws-load-balancer-';
const alb = 'alb.ingress.kubernetes.io/';

/**
 * What stands before a gateway, by the annotations of the AWS Load Balancer Controller
 * (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ and .../ingress/annotations/): an Ingress
 * that leads to the gateway's Service makes an ALB, the Service itself an NLB.
 */
export function loadBalancerOf(gateway: Manifest, objects: readonly Manifest[]): DraftLoadBalancer | undefined {
  const near = objects.filter((o) => o.namespace === gateway.namespace);
  const ingress = near.find((o) => o.kind === 'Ingress' && isAlb(o) && leadsTo(o, gateway.name));
  if (ingress) {
    const a = attributes(ingress.annotations[`${alb}load-balancer-attributes`]);
    return {
      type: 'alb',
      ...seconds('idleTimeout', a.get('idle_timeout.timeout_seconds'), '60'),
      ...seconds('clientKeepAlive', a.get('client_keep_alive.seconds'), '3600'),
      ...delay(ingress.annotations[`${alb}target-group-attributes`]),
    };
  }
  const service = near.find((o) => o.kind === 'Service' && o.name === gateway.name);
  const annotations = { ...service?.annotations, ...parametersOf(gateway, objects), ...infrastructure(gateway) };
  const type = annotations[`${nlb}type`];
  const isNlb =
    ['external', 'nlb', 'nlb-ip'].includes(String(type)) ||
    service?.spec['loadBalancerClass'] === 'service.k8s.aws/nlb';
  if (!isNlb) return undefined;
  const listener = Object.entries(annotations).find(([key]) => key.startsWith(`${nlb}listener-attributes.TCP`))?.[1];
  const tls = annotations[`${nlb}ssl-cert`] !== undefined;
  const target = attributes(annotations[`${nlb}target-group-attributes`]);
  const proxied = annotations[`${nlb}proxy-protocol`] === '*' || target.get('proxy_protocol_v2.enabled') === 'true';
  return {
    type: 'nlb',
    ...(tls
      ? { protocol: 'tls' }
      : seconds('idleTimeout', attributes(listener).get('tcp.idle_timeout.seconds'), '350')),
    ...(proxied ? { proxyProtocol: true } : {}),
    ...delay(annotations[`${nlb}target-group-attributes`]),
  };
}

const isAlb = (ingress: Manifest) =>
  ingress.spec['ingressClassName'] === 'alb' || ingress.annotations['kubernetes.io/ingress.class'] === 'alb';

function leadsTo(ingress: Manifest, service: string): boolean {
  const backends = [
    ingress.spec['defaultBackend'],
    ...list(ingress.spec['rules']).flatMap((r) => list(map(map(r)['http'])['paths']).map((p) => map(p)['backend'])),
  ];
  return backends.some((b) => map(map(b)['service'])['name'] === service);
}

/** Annotations that kgateway puts on the Service: the Gateway's own win over its GatewayParameters'. */
function infrastructure(gateway: Manifest): Record<string, unknown> {
  return map(map(gateway.spec['infrastructure'])['annotations']);
}

function parametersOf(gateway: Manifest, objects: readonly Manifest[]): Record<string, unknown> {
  const ref = map(map(gateway.spec['infrastructure'])['parametersRef']);
  const found = objects.find(
    (o) => o.kind === 'GatewayParameters' && o.name === ref['name'] && o.namespace === gateway.namespace,
  );
  return map(map(map(found?.spec['kube'])['service'])['extraAnnotations']);
}

/** `a=1,b=2` */
function attributes(text: unknown): Map<string, string> {
  return new Map(
    String(text ?? '')
      .split(',')
      .map((pair): [string, string] => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
      }),
  );
}

function seconds(key: string, value: string | undefined, standard: string): Record<string, string> {
  return value !== undefined && /^\d{1,5}$/.test(value) && value !== standard ? { [key]: `${value}s` } : {};
}

function delay(text: unknown): Record<string, string> {
  return seconds('deregistrationDelay', attributes(text).get('deregistration_delay.timeout_seconds'), '300');
}
