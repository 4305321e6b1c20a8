/** Contracts that between them use every block a Collector's configuration can have. */
export const contracts: Readonly<Record<string, string>> = {
  'prometheus scraped, loki, otlp traces': `
version: 1
kgateway: { version: "2.4" }
environments:
  dev:
    metrics: { to: prometheus }
    logs: { to: loki, url: "http://loki.monitoring:3100", tenant: team-a, auth: { bearer: { secret: loki, key: token } } }
    traces: { to: otlp, endpoint: "tempo.monitoring:4317", insecure: true }
clusters: { dev: { environment: dev } }
gateways: [{ name: edge, namespace: gateways }]
labels:
  team: { from: header, header: x-team, values: [checkout, search, "quote\\"s", "back\\\\slash", "dollar$1\${x}", it's, seventh] }
  tenant: { from: header, header: x-tenant, buckets: 16 }
  zone: { from: literal, value: "a$b" }
objectives: [{ name: fast, kind: latency, under: 250ms, gatewayUnder: 50ms, target: 99, window: 7d }]
accessLog: { keepHealthy: 10, keepSlowerThan: 2s, redact: { client.address: network, user_agent.original: hash, envoy.request_id: drop } }
`,
  'remote write with a login, cloudwatch over OTLP, traces over HTTP': `
version: 1
kgateway: { version: "2.3" }
environments:
  prod:
    metrics: { to: prometheus, mode: remote-write, url: "https://mimir.example.com/api/v1/push", tenant: gateways, auth: { basic: { username: vigia, password: { env: MIMIR_PASSWORD } } } }
    logs: { to: cloudwatch, group: /gateways/prod, region: eu-west-1, via: otlp }
    traces: { to: otlp, protocol: http, endpoint: "https://otlp.example.com", headers: [{ name: x-api-key, value: { secret: traces, key: api-key } }] }
clusters: { prod: { environment: prod } }
gateways: [{ name: edge, namespace: gateways }]
objectives: [{ name: fast, kind: latency, under: 250ms, gatewayUnder: 50ms, target: 99, window: 7d }]
`,
  'everything to datadog': `
version: 1
kgateway: { version: "2.4" }
environments:
  prod:
    metrics: { to: datadog }
    logs: { to: datadog }
    traces: { to: datadog }
    datadog: { site: datadoghq.eu, apiKey: { secret: datadog, key: api-key } }
clusters: { prod: { environment: prod } }
gateways: [{ name: edge, namespace: gateways }]
objectives: [{ name: fast, kind: latency, under: 250ms, gatewayUnder: 50ms, target: 99, window: 7d }]
accessLog: { keepHealthy: 0 }
`,
  'metrics to datadog, flat records to cloudwatch by its exporter, no traces': `
version: 1
kgateway: { version: "2.2" }
environments:
  prod:
    metrics: { to: datadog }
    logs: { to: cloudwatch, group: /gateways/prod, region: eu-west-1, shape: flat }
    traces: { to: none }
    datadog: { site: datadoghq.com, apiKey: { env: DD_API_KEY } }
clusters: { prod: { environment: prod } }
gateways: [{ name: edge, namespace: gateways }]
collector: { queue: { persistent: false }, replicas: 1 }
`,
  'a label of the gateways pods': `
version: 1
kgateway: { version: "2.4" }
environments:
  dev:
    metrics: { to: prometheus }
    logs: { to: file }
    traces: { to: none }
clusters: { dev: { environment: dev } }
gateways: [{ name: edge, namespace: gateways }]
labels:
  owner: { from: pod-label, label: example.com/owner, values: [a, b] }
`,
};
