import type { DraftGateway, DraftRoute, Inventory } from './inventory.ts';

/** What a cluster's own name tells. */
export interface DraftCluster {
  readonly name: string;
  readonly region: string | undefined;
  readonly account: string | undefined;
}

/** A contract to start from: valid as it is, everything else in comments beside the place where it goes. */
export function writeDraft(inventory: Inventory, cluster: DraftCluster, schema: string): string {
  const gateways = inventory.gateways.length > 0 ? inventory.gateways : [standard];
  return [
    `# yaml-language-server: $schema=${schema}`,
    '# The contract of vigia: what it generates and asks for follows from this file. docs/contract.md has every key.',
    'version: 1',
    '',
    'kgateway:',
    `  version: "${inventory.kgateway ?? '2.3'}"${inventory.kgateway ? '' : ' # 2.1, 2.2, 2.3 or 2.4'}`,
    '  # routeSource: true # 2.4: every record names its HTTPRoute; set enableRouteSourceMetadata in the Helm values of kgateway too',
    '',
    '# Where signals go. Credentials never stand here: { secret: NAME, key: KEY } or { env: NAME }.',
    'environments:',
    '  dev:',
    '    metrics: { to: prometheus } # scraped; or mode: remote-write with url; or to: datadog',
    '    logs: { to: loki, url: "http://loki-gateway.monitoring" } # or cloudwatch, datadog, file',
    '    traces: { to: none } # or { to: otlp, endpoint: "tempo.monitoring:4317", insecure: true }, or datadog',
    '  # prod:',
    '  #   metrics: { to: datadog }',
    '  #   logs: { to: cloudwatch, group: /gateways/prod/access }',
    '  #   traces: { to: datadog }',
    '  #   datadog: { site: datadoghq.com, apiKey: { secret: datadog, key: api-key } }',
    '  #   tracing: { sampling: 1 }',
    '',
    'clusters:',
    `  ${cluster.name}:`,
    '    environment: dev',
    ...(cluster.region ? [`    region: ${cluster.region}`] : ['    # region: eu-west-1']),
    ...(cluster.account ? [`    account: "${cluster.account}"`] : ['    # account: "123456789012" # in quotes']),
    '',
    'gateways:',
    ...gateways.flatMap(gatewayLines),
    '',
    '# Your own labels, on metrics, logs and traces alike. A header needs values or buckets: its sender chooses what is in it.',
    '# labels:',
    '#   tenant:',
    '#     from: header',
    '#     header: x-tenant',
    '#     values: [retail, business]',
    '',
    'accessLog:',
    '  file: {} # JSON lines on stdout as well: kubectl logs deploy/<gateway> | vigia triage -',
    '  keepHealthy: 100 # percent of the requests without failure that are stored; metrics stay exact',
    '',
    'tracing:',
    '  sampling: 10 # whole percent',
    '',
    '# collector: # the OpenTelemetry Collector of each cluster',
    '#   version: "0.155.0"',
    '#   replicas: 2',
    '',
    ...routeLines(inventory.routes),
    '# backends: # what servers do themselves, for `vigia align`; it says which ones it does not know',
    '#   - { name: checkout, namespace: shop, server: node } # or keepAlive: 5s',
    '',
    '# objectives:',
    '#   - { name: available, kind: availability, target: 99.5, window: 7d }',
    '#   - { name: fast, kind: latency, under: 500ms, target: 95, window: 7d }',
    '',
  ].join('\n');
}

const standard: DraftGateway = { name: 'http', namespace: 'kgateway-system', waypoint: false, loadBalancer: undefined };

function gatewayLines(g: DraftGateway): string[] {
  const lb = Object.entries(g.loadBalancer ?? {}).map(([key, value]) => `${key}: ${value}`);
  return [
    `  - name: ${scalar(g.name)}`,
    `    namespace: ${scalar(g.namespace)}`,
    ...(g.waypoint ? ['    waypoint: true'] : []),
    ...(lb.length > 0 ? [`    loadBalancer: { ${lb.join(', ')} }`] : []),
    ...(g.waypoint || lb.length > 0 ? [] : ['    # loadBalancer: { type: alb, idleTimeout: 60s }']),
  ];
}

function routeLines(routes: readonly DraftRoute[]): string[] {
  if (routes.length === 0)
    return ['# routes: # HTTPRoutes that objectives name', '#   - { name: checkout, namespace: shop }', ''];
  return [
    'routes:',
    ...routes.flatMap((r) => [
      `  - name: ${scalar(r.name)}`,
      `    namespace: ${scalar(r.namespace)}`,
      `    gateways: [${r.gateways.map(scalar).join(', ')}]`,
      ...(r.backends.length > 0 ? [`    backends: [${r.backends.map(scalar).join(', ')}]`] : []),
      ...(r.timeout ? [`    timeout: ${r.timeout}`] : []),
    ]),
    '',
  ];
}

/** Names are plain, except those that YAML would read as something else: `1`, `1e3`, `true`, `null`. */
function scalar(name: string): string {
  return /^[a-z]/.test(name) && !/^(true|false|null|yes|no|on|off|y|n)$/.test(name) ? name : `"${name}"`;
}
