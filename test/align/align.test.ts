import { describe, expect, test } from 'vitest';
import { align } from '../../src/align/align.ts';
import { readManifests } from '../../src/contract/draft/manifests.ts';
import { exampleModel, modelOf } from '../generate/model.ts';

const model = (gateway: string, more = '', version = '2.3') =>
  modelOf(`version: 1
kgateway: { version: "${version}" }
environments: { dev: { metrics: { to: prometheus, retention: 30d }, logs: { to: file }, traces: { to: otlp, endpoint: "t:4317" } } }
clusters: { dev: { environment: dev } }
gateways: [{ name: public, namespace: edge${gateway === '' ? '' : `, ${gateway}`} }]
${more}`);

const alb = 'loadBalancer: { type: alb, idleTimeout: 60s }';
const backend = (limits: string) => `backends: [{ name: checkout, namespace: shop, ${limits} }]`;
const route = (limits = '') =>
  `routes: [{ name: checkout, namespace: shop, gateways: [public.edge], backends: [shop/checkout]${limits === '' ? '' : `, ${limits}`} }]`;

const found = (m: ReturnType<typeof model>, yaml = '') => align(m, readManifests(yaml, 'given').objects);
/** `! rule where` for what is misaligned, `rule where` for notes. */
const said = (m: ReturnType<typeof model>, yaml = '') =>
  found(m, yaml).findings.map((f) => `${f.severity === 'misaligned' ? '! ' : ''}${f.rule} ${f.where}`);

const kgateway = (kind: string, name: string, spec: string, more = '') => `
apiVersion: gateway.kgateway.dev/v1alpha1
kind: ${kind}
metadata: { name: ${name}, namespace: ${kind === 'ListenerPolicy' || kind === 'HTTPListenerPolicy' || kind === 'GatewayParameters' ? 'edge' : 'shop'}${more} }
spec: ${spec}
---`;
const toGateway = 'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: public }]';
const toService = 'targetRefs: [{ group: "", kind: Service, name: checkout }]';
const toRoute = (section = '') =>
  `targetRefs: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: checkout${section} }]`;
const httpRoute = (rules: string, parent = '') => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: checkout, namespace: shop }
spec: { parentRefs: [{ name: public, namespace: edge${parent} }], rules: [${rules}] }
---`;
const refs = 'backendRefs: [{ name: checkout, port: 80 }]';

describe('the backend closes first', () => {
  const race = '! backend-closes-first Service shop/checkout';

  test.each([
    ['server: node', '', [race]],
    ['server: "Node.js 22"', '', [race]],
    ['keepAlive: 75s', '', [race]],
    ['keepAlive: 2h', '', []],
    ['server: go', '', []],
    ['server: node', 'commonHttpProtocolOptions: { idleTimeout: 4s }', []],
    ['server: node', 'commonHttpProtocolOptions: { idleTimeout: 5s }', [race]],
    ['server: node, keepAlive: 65s', 'commonHttpProtocolOptions: { idleTimeout: 1m }', []],
    // 0 is no timeout for Envoy.
    ['keepAlive: 65s', 'commonHttpProtocolOptions: { idleTimeout: 0s }', [race]],
  ])('%s, with %s', (limits, policy, expected) => {
    const yaml = policy === '' ? '' : kgateway('BackendConfigPolicy', 'checkout', `{ ${policy}, ${toService} }`);
    expect(said(model('', backend(limits)), yaml)).toEqual(expected);
  });

  test('both limits are told with whose they are, and a policy below the server', () => {
    const [finding] = found(model('', backend('server: node'))).findings;
    expect(finding?.says).toBe(
      "Envoy keeps an idle connection 1h (Envoy's default), the server 5s (node's default; 65s from Node.js 26 on)",
    );
    const [object] = readManifests(finding?.change.yaml ?? '', 'made').objects;
    expect(object).toMatchObject({ kind: 'BackendConfigPolicy', name: 'checkout', namespace: 'shop' });
    expect(object?.spec).toEqual({
      targetRefs: [{ group: '', kind: 'Service', name: 'checkout' }],
      commonHttpProtocolOptions: { idleTimeout: '4s' },
    });
    // Applied, nothing is left.
    expect(said(model('', backend('server: node')), finding?.change.yaml)).toEqual([]);
  });

  test('a policy that is there already gets the one field', () => {
    const yaml = kgateway('BackendConfigPolicy', 'slow-pool', `{ connectTimeout: 2s, ${toService} }`);
    const [finding] = found(model('', backend('server: uvicorn')), yaml).findings;
    const [object] = readManifests(finding?.change.yaml ?? '', 'made').objects;
    expect(object?.name).toBe('slow-pool');
    expect(object?.spec).toEqual({ commonHttpProtocolOptions: { idleTimeout: '4s' } });
  });

  test('of two policies the older wins, by labels too', () => {
    const idle = (seconds: number) => `commonHttpProtocolOptions: { idleTimeout: ${seconds}s }`;
    const picked = 'targetSelectors: [{ group: "", kind: Service, matchLabels: { app: checkout } }]';
    const service =
      '\napiVersion: v1\nkind: Service\nmetadata: { name: checkout, namespace: shop, labels: { app: checkout } }\n---';
    const two = (older: number, newer: number) =>
      kgateway(
        'BackendConfigPolicy',
        'a',
        `{ ${idle(newer)}, ${toService} }`,
        ', creationTimestamp: "2026-02-01T00:00:00Z"',
      ) +
      kgateway(
        'BackendConfigPolicy',
        'b',
        `{ ${idle(older)}, ${picked} }`,
        ', creationTimestamp: "2026-01-01T00:00:00Z"',
      ) +
      service;
    expect(said(model('', backend('server: node')), two(4, 30))).toEqual([]);
    expect(said(model('', backend('server: node')), two(30, 4))).toEqual([race]);
  });

  test('a backend that only a route names is said not to be known', () => {
    const { findings, unknown } = found(model(''), httpRoute(`{ ${refs} }`));
    expect(findings).toEqual([]);
    expect(unknown.map((u) => [u.what, u.names])).toEqual([
      ['when these servers close idle connections', ['shop/checkout']],
    ]);
  });

  test('a server that is not known is said so, with what it may be', () => {
    const { unknown } = found(model('', backend('server: unicorn')));
    expect(unknown[1]?.names).toEqual(['shop/checkout (unicorn; gunicorn?)']);
  });
});

describe('the gateway closes first', () => {
  const early = '! gateway-closes-first Gateway edge/public';

  const policy = (kind: string, spec: string) => kgateway(kind, 'p', `{ ${spec}, ${toGateway} }`);
  const idle = (time: string) => `httpSettings: { idleTimeout: ${time} }`;

  test.each([
    ["with Envoy's default", alb, '', []],
    ['above', `${alb}, idleTimeout: 75s`, '', []],
    ['alike', `${alb}, idleTimeout: 60s`, '', [early.slice(2)]],
    // Envoy closes five seconds after it.
    ['a little below', `${alb}, idleTimeout: 56s`, '', [early.slice(2)]],
    ['five seconds below', `${alb}, idleTimeout: 55s`, '', [early]],
    ['below', `${alb}, idleTimeout: 30s`, '', [early]],
    ['below, with nothing before it', 'idleTimeout: 30s', '', []],
    ['below in a ListenerPolicy', alb, policy('ListenerPolicy', `default: { ${idle('30s')} }`), [early]],
    ['below in an HTTPListenerPolicy', alb, policy('HTTPListenerPolicy', 'idleTimeout: 30s'), [early]],
    // What the cluster has counts, not what the contract would make of it.
    [
      'above in a ListenerPolicy',
      `${alb}, idleTimeout: 30s`,
      policy('ListenerPolicy', `default: { ${idle('90s')} }`),
      [],
    ],
    [
      'below on one port',
      alb,
      policy('ListenerPolicy', `perPort: [{ port: 8443, listener: { ${idle('30s')} } }]`),
      [`${early}, port 8443`],
    ],
  ])('%s', (_, gateway, yaml, expected) => {
    expect(said(model(gateway), yaml)).toEqual(expected);
  });
});

describe('the load balancer forgets', () => {
  const nlb = (more = '') => `loadBalancer: { type: nlb${more} }`;
  const forgets = '! load-balancer-forgets Gateway edge/public';
  const probing = (time: string) =>
    kgateway('ListenerPolicy', 'p', `{ default: { tcpKeepalive: { keepAliveTime: ${time} } }, ${toGateway} }`);

  test.each([
    ["Envoy's default", nlb(), '', [forgets]],
    ['below', `${nlb()}, idleTimeout: 344s`, '', []],
    ['below, but closed too late', `${nlb()}, idleTimeout: 345s`, '', [forgets]],
    ['alike', `${nlb()}, idleTimeout: 350s`, '', [forgets]],
    ['an NLB that waits longer', nlb(', idleTimeout: 6000s'), '', []],
    ['probes in time', nlb(), probing('60s'), []],
    // kgateway's own sample, which does nothing there.
    ['probes too late', nlb(), probing('20m'), [forgets]],
    // Probes end at a listener that ends TLS.
    ['probes to a tls listener', nlb(', protocol: tls'), probing('60s'), [forgets]],
  ])('%s', (_, gateway, yaml, expected) => {
    expect(said(model(gateway), yaml)).toEqual(expected);
  });
});

test("a load balancer is what its annotations say, and what they don't say is AWS's default", () => {
  const gateway =
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: public, namespace: edge }\nspec: {}\n---\n';
  const ingress = (attributes: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: public, namespace: edge, annotations: { "alb.ingress.kubernetes.io/load-balancer-attributes": "${attributes}" } }
spec: { ingressClassName: alb, defaultBackend: { service: { name: public, port: { number: 80 } } } }
`;
  const at = (attributes: string) => found(model(`${alb}, idleTimeout: 75s`), gateway + ingress(attributes)).findings;
  expect(at('idle_timeout.timeout_seconds=70')).toEqual([]);
  expect(at('routing.http2.enabled=true')).toEqual([]);
  expect(at('idle_timeout.timeout_seconds=120').map((f) => f.says)).toEqual([
    'the ALB keeps an idle connection 120s (its annotations), Envoy 75s (vigia.yaml), which it closes 5s after that',
  ]);
});

describe('routes', () => {
  const policy = (spec: string, section = '') =>
    kgateway('TrafficPolicy', 'checkout', `{ ${spec}, ${toRoute(section)} }`);
  const [up, open] = ['! load-balancer-gives-up HTTPRoute shop/checkout', 'stream-ends-first HTTPRoute shop/checkout'];

  test.each([
    ['not said', '', '', []],
    ['below', 'timeout: 59s', '', []],
    ['alike', 'timeout: 60s', '', [up]],
    ['far above', 'timeout: 10m', '', [up, `! ${open}`]],
    ['not said in its object', '', httpRoute(`{ ${refs} }`), []],
    ['above in its object', '', httpRoute(`{ timeouts: { request: 90s }, ${refs} }`), [`${up}, rule 0`]],
    [
      'switched off',
      '',
      httpRoute(`{ name: slow, timeouts: { request: 0s }, ${refs} }`),
      [`${up}, slow`, `${open}, slow`],
    ],
  ])('a timeout %s', (_, limits, yaml, expected) => {
    expect(said(model(alb, route(limits)), yaml)).toEqual(expected);
  });

  test("a TrafficPolicy's timeouts, for the rule before those for the route", () => {
    const yaml = httpRoute(`{ name: slow, ${refs} }, { ${refs} }`);
    const both = policy('timeouts: { request: 90s }') + policy('timeouts: { request: 20s }', ', sectionName: slow');
    expect(said(model(alb), yaml + both)).toEqual([`${up}, rule 1`]);
  });

  test('of a Gateway they count from 2.4 on', () => {
    const yaml =
      httpRoute(`{ ${refs} }`) +
      kgateway('TrafficPolicy', 'all', `{ timeouts: { request: 90s }, ${toGateway} }`).replace(
        'namespace: shop',
        'namespace: edge',
      );
    expect(said(model(alb), yaml)).toEqual([]);
    expect(said(model(alb, '', '2.4'), yaml)).toEqual([`${up}, rule 0`]);
  });

  test('tries fit, do not fit, or have no limit of their own', () => {
    const tries = (spec: string) => said(model(''), httpRoute(`{ ${refs} }`) + policy(spec));
    const name = 'tries-do-not-fit HTTPRoute shop/checkout, rule 0';
    expect(tries('retry: { attempts: 2, perTryTimeout: 5s, retryOn: [reset] }')).toEqual([]);
    expect(tries('retry: { attempts: 3, perTryTimeout: 5s, retryOn: [reset] }')).toEqual([`! ${name}`]);
    expect(tries('timeouts: { request: 20s }, retry: { attempts: 3, perTryTimeout: 5s }')).toEqual([]);
    expect(tries('retry: { attempts: 1 }')).toEqual([name]);
    expect(tries('retry: { attempts: 0 }')).toEqual([]);
  });

  test('a backend that works longer than it is waited for', () => {
    const works = 'backend-works-on HTTPRoute shop/checkout';
    const m = (limit: string) =>
      model('', `${route('timeout: 30s')}\n${backend(`keepAlive: 2h, requestTimeout: ${limit}`)}`);
    expect(said(m('30s'))).toEqual([]);
    expect(said(m('31s'))).toEqual([works]);
  });

  test('a silent stream that is allowed less than the route', () => {
    const listener = kgateway(
      'ListenerPolicy',
      'p',
      `{ default: { httpSettings: { streamIdleTimeout: 10s } }, ${toGateway} }`,
    );
    expect(said(model(''), httpRoute(`{ ${refs} }`) + listener)).toEqual([`! ${open}, rule 0`]);
    expect(said(model(''), httpRoute(`{ ${refs} }`) + listener + policy('timeouts: { streamIdle: 15s }'))).toEqual([]);
  });

  test("a route on one listener has that listener's limits", () => {
    const section = kgateway(
      'ListenerPolicy',
      'p',
      `{ default: { httpSettings: { streamIdleTimeout: 10s } }, ${toGateway.replace('name: public', 'name: public, sectionName: https')} }`,
    );
    expect(said(model(''), httpRoute(`{ ${refs} }`) + section)).toEqual([]);
    expect(said(model(''), httpRoute(`{ ${refs} }`, ', sectionName: https') + section)).toEqual([`! ${open}, rule 0`]);
  });

  test('of other gateways and kinds are nothing to us', () => {
    const other = httpRoute(`{ timeouts: { request: 0s }, ${refs} }`).replace('name: public', 'name: other');
    expect(found(model(alb), other).hops.routes).toEqual([]);
  });
});

describe('pods and connections', () => {
  const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: kgateway, infrastructure: { parametersRef: { group: gateway.kgateway.dev, kind: GatewayParameters, name: pods } } }
---`;
  const pods = (template: string) => kgateway('GatewayParameters', 'pods', `{ kube: { podTemplate: ${template} } }`);
  const cut = '! no-drain Gateway edge/public';

  test.each([
    [alb, '{}', [cut]],
    ['', '{}', []],
    [alb, '{ gracefulShutdown: { enabled: true } }', []],
    [alb, '{ gracefulShutdown: { enabled: true, sleepTimeSeconds: 30 } }', [cut]],
    [alb, '{ gracefulShutdown: { enabled: true, sleepTimeSeconds: 30 }, terminationGracePeriodSeconds: 90 }', []],
    [
      alb.replace(' }', ', deregistrationDelay: 20s }'),
      '{ gracefulShutdown: { enabled: true, sleepTimeSeconds: 30 }, terminationGracePeriodSeconds: 90 }',
      [cut.slice(2)],
    ],
  ])('%s %s', (lb, template, expected) => {
    expect(said(model(lb), gateway + pods(template))).toEqual(expected);
  });

  test('a connect timeout that one lost packet uses up', () => {
    const yaml = kgateway('BackendConfigPolicy', 'checkout', `{ connectTimeout: 250ms, ${toService} }`);
    expect(said(model('', backend('keepAlive: 2h')), yaml)).toEqual(['connect-too-short Service shop/checkout']);
  });

  test('what is no duration is told and taken as not set', () => {
    const yaml = kgateway('BackendConfigPolicy', 'checkout', `{ connectTimeout: 1.5s, ${toService} }`);
    const { unread, findings } = found(model('', backend('keepAlive: 2h')), yaml);
    expect(unread).toEqual([
      'BackendConfigPolicy shop/checkout: connectTimeout is no duration such as 500ms, 60s or 1h30m, so taken as not set: "1.5s"',
    ]);
    expect(findings).toEqual([]);
  });
});

test('a gateway that differs by environment is told by environment', () => {
  const large = exampleModel('large');
  const at = align(large).hops.gateways.filter((g) => g.id === 'public.edge');
  expect(at.map((g) => [g.only, g.loadBalancer?.idleTimeoutMs])).toEqual([
    [['prod'], 75_000],
    [['staging'], 60_000],
    [['dev'], 60_000],
  ]);
  // Of one cluster there is one.
  const one = { ...large, clusters: large.clusters.filter((c) => c.name === 'dev') };
  expect(align(one).hops.gateways.find((g) => g.id === 'public.edge')?.only).toBeUndefined();
});
