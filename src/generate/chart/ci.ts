import type { ChartInput } from './values.ts';

/** Enough of a configuration to render with; the real ones are in clusters/. */
const smallConfig = `receivers:
  otlp: {protocols: {grpc: {endpoint: "\${env:MY_POD_IP}:4317"}}}
extensions:
  health_check: {endpoint: "\${env:MY_POD_IP}:13133"}
exporters:
  debug: {}
service:
  extensions: [health_check]
  pipelines:
    logs: {receivers: [otlp], exporters: [debug]}
`;

/** Values for chart-testing (\`ct lint\`, \`ct install\`), one file for each thing that can be switched; each stands alone. */
export function ciValues(cluster: ChartInput): Readonly<Record<string, ChartInput>> {
  const base: ChartInput = {
    cluster: cluster.cluster,
    environment: cluster.environment,
    collector: { image: cluster.collector?.image, config: smallConfig },
  };
  const collector = base.collector;
  return {
    default: base,
    'deployment-without-volume': {
      ...base,
      collector: { ...collector, workload: 'Deployment', replicas: 1, queue: { persistent: false } },
    },
    autoscaling: {
      ...base,
      collector: { ...collector, autoscaling: { enabled: true, maxReplicas: 9 }, networkPolicy: { enabled: true } },
    },
    digest: { ...base, collector: { ...collector, image: { digest: `sha256:${'0'.repeat(64)}` } } },
    operator: { ...base, collector: { ...collector, mode: 'operator' } },
    external: { ...base, collector: { mode: 'external' }, policies: { enabled: false } },
    'grafana-operator': {
      ...base,
      dashboards: { mode: 'operator' },
      monitors: { enabled: true },
      rules: { enabled: true },
    },
    standalone: { ...base, standalone: { ...cluster.standalone, enabled: true } },
    watch: {
      ...base,
      watch: {
        enabled: true,
        image: { repository: 'registry.example.com/vigia', tag: '0.1.0' },
        args: ['--source=loki', '--loki-url=http://loki-gateway.monitoring', '--state=/var/lib/vigia/watch.json'],
      },
    },
  };
}
