import { z } from 'zod';

const strings = z.record(z.string(), z.string());
/** A part of a Kubernetes object that the chart hands on as it is. */
const part = z.record(z.string(), z.unknown());
const parts = z.array(part);
const quantity = z.union([z.string(), z.number()]);
/** null takes one away. */
const objects = z
  .record(z.string(), part.nullable())
  .default({})
  .describe('whole objects by `kind/namespace/name`; null leaves one out');
const automatic = z.union([z.boolean(), z.literal('auto')]);
const yes = z.boolean().default(true);
const no = z.boolean().default(false);

const image = (repository: string, tag: string) =>
  z
    .strictObject({
      repository: z.string().default(repository).describe('without tag'),
      tag: z.string().default(tag).describe('the version'),
      digest: z.string().default('').describe('`sha256:...`; wins over the tag'),
      pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent').describe('when it is pulled'),
    })
    .prefault({});

const resources = (requests: Record<string, string>, limits: Record<string, string>) =>
  z
    .strictObject({
      requests: z.record(z.string(), quantity).default(requests).describe('what is asked for'),
      limits: z.record(z.string(), quantity).default(limits).describe('what is never passed'),
    })
    .prefault({});

const serviceAccount = z
  .strictObject({
    create: yes.describe('make one'),
    name: z.string().default('').describe('without it the full name'),
    annotations: strings
      .default({})
      .describe('such as `eks.amazonaws.com/role-arn` (IRSA); EKS Pod Identity needs none'),
  })
  .prefault({});

const collector = z
  .strictObject({
    mode: z
      .enum(['deploy', 'operator', 'external'])
      .default('deploy')
      .describe(
        "`deploy`: this chart's own; `operator`: an OpenTelemetryCollector object; `external`: one that is there already",
      ),
    workload: z
      .enum(['StatefulSet', 'Deployment'])
      .default('StatefulSet')
      .describe('StatefulSet where a replica needs a number or a volume of its own'),
    image: image('otel/opentelemetry-collector-contrib', '').describe(
      'the Collector: contrib, which alone has every part',
    ),
    replicas: z.int().min(1).default(2).describe('replicas, and the lower end of autoscaling'),
    autoscaling: z
      .strictObject({
        enabled: no.describe('a HorizontalPodAutoscaler'),
        maxReplicas: z.int().min(1).default(6).describe('upper end'),
        targetCPUUtilizationPercentage: z.int().min(1).max(100).default(70).describe('of the CPU request'),
      })
      .prefault({}),
    resources: resources({ cpu: '500m', memory: '1Gi' }, { memory: '1Gi' }).describe(
      'one CPU decodes some 10,000 requests a second; memory holds the series (about 1.3 GB at 5,000 routes) and the queue; no CPU limit, which would throttle',
    ),
    gogc: z.int().min(10).default(300).describe("Go's GOGC: higher is less CPU and more memory, up to the limit"),
    queue: z
      .strictObject({
        persistent: yes.describe('a volume for each replica: records survive a killed Collector'),
        size: z.string().default('5Gi').describe('of the volume'),
        storageClass: z.string().default('').describe("without it the cluster's default"),
      })
      .prefault({}),
    service: z
      .strictObject({
        create: yes.describe('false where `kgateway/<cluster>/before` was applied by hand'),
        name: z.string().default('vigia-collector').describe('what the gateways send to'),
        port: z.int().min(1).max(65_535).default(4317).describe('OTLP/gRPC'),
        trafficDistribution: z.string().default('PreferClose').describe('keeps traffic in its zone; empty: none'),
      })
      .prefault({}),
    secretEnv: z
      .array(z.strictObject({ name: z.string(), secret: z.string(), key: z.string() }))
      .default([])
      .describe('credentials, each a variable from a key of a Secret; never a value'),
    extraEnv: parts.default([]).describe('more variables'),
    config: z.string().default('').describe('the whole configuration, as `vigia generate` wrote it'),
    serviceAccount: serviceAccount.describe("the Collector's ServiceAccount"),
    rbac: z
      .strictObject({
        create: yes.describe('make Roles'),
        namespaces: z.array(z.string()).default([]).describe('where it finds pods to scrape'),
        allPods: no.describe('reads pods of all namespaces: only where a label of the contract comes from a pod'),
      })
      .prefault({}),
    podDisruptionBudget: z
      .strictObject({
        enabled: yes.describe('with two replicas or more'),
        maxUnavailable: quantity.default(1).describe('at once'),
      })
      .prefault({}),
    networkPolicy: z
      .strictObject({
        enabled: no.describe('only gateways may send and only scrapers may scrape; what goes out is left open'),
        scrapers: parts.default([{ namespaceSelector: {} }]).describe('who may reach the metrics ports'),
      })
      .prefault({}),
    terminationGracePeriodSeconds: z.int().min(1).default(60).describe('to empty what is held in memory'),
    podAnnotations: strings.default({}).describe('on its pods'),
    podLabels: strings.default({}).describe('on its pods'),
    priorityClassName: z.string().default('').describe('of its pods'),
    nodeSelector: strings.default({}).describe('of its pods'),
    tolerations: parts.default([]).describe('of its pods'),
    affinity: part.default({}).describe('of its pods'),
    topologySpread: yes.describe('spread over zones and nodes where that can be'),
  })
  .prefault({});

const dashboards = z
  .strictObject({
    mode: z
      .enum(['auto', 'sidecar', 'operator', 'none'])
      .default('auto')
      .describe(
        "`sidecar`: ConfigMaps for Grafana's sidecar; `operator`: GrafanaDashboard objects; `auto`: the operator's where it is there, else ConfigMaps",
      ),
    sidecar: z
      .strictObject({
        label: z.string().default('grafana_dashboard').describe('that the sidecar looks for'),
        labelValue: z.string().default('1').describe('its value'),
        folderAnnotation: z
          .string()
          .default('grafana_folder')
          .describe("the folder; Grafana's chart must set `sidecar.dashboards.folderAnnotation` to it"),
      })
      .prefault({}),
    folder: z.string().default('vigia').describe('the folder in Grafana'),
    instanceSelector: part.default({ matchLabels: { dashboards: 'grafana' } }).describe("of Grafana's operator"),
  })
  .prefault({});

const standaloneImage = (repository: string, tag: string, what: string) => image(repository, tag).describe(what);

/** The chart's values: this schema is values.schema.json, values.yaml with its comments, and the table in the chart's README. */
export const chartValues = z.strictObject({
  global: part.default({}).describe('of a chart above this one; not read'),
  nameOverride: z.string().default('').describe("instead of the chart's name"),
  fullnameOverride: z.string().default('').describe('instead of release and name'),
  commonLabels: strings.default({}).describe('on every object'),
  imagePullSecrets: parts.default([]).describe('for all images'),
  contractVersion: z.int().min(1).default(1).describe('which version of contracts these values were made of'),
  cluster: z.string().default('').describe('which cluster of the contract this is; `vigia generate` writes it'),
  environment: z.string().default('').describe("the cluster's environment"),
  namespace: z.string().default('vigia').describe('where all objects live that have no namespace of their own'),
  collector: collector.describe('the OpenTelemetry Collector'),
  grants: z.array(z.string()).default([]).describe('namespaces of gateways, each allowed to point at the Collector'),
  grantKind: z.string().default('ListenerPolicy').describe('what in them may'),
  policies: z
    .strictObject({
      enabled: yes.describe("kgateway's telemetry policies"),
      objects,
    })
    .prefault({}),
  monitors: z
    .strictObject({
      enabled: automatic.default('auto').describe('PodMonitors; `auto`: where the cluster has them'),
      objects,
    })
    .prefault({}),
  rules: z
    .strictObject({
      enabled: automatic.default('auto').describe('PrometheusRules; `auto`: where the cluster has them'),
      labels: strings.default({}).describe('that the Prometheus operator selects rules by'),
    })
    .prefault({}),
  dashboards: dashboards.describe('Grafana dashboards'),
  datadogObjects: z
    .strictObject({
      enabled: no.describe(
        "DatadogDashboard and DatadogMonitor objects for Datadog's operator; what needs the id of another object is left to `vigia apply`",
      ),
    })
    .prefault({}),
  watch: z
    .strictObject({
      enabled: no.describe('continuous verdicts as metrics'),
      image: image('', '').describe('an image of vigia: `npm pack` in a Node image'),
      args: z
        .array(z.string())
        .default([])
        .describe(
          'of `vigia watch`: where the logs are, and `--state=/var/lib/vigia/watch.json` to go on after a restart',
        ),
      extraEnv: parts.default([]).describe('more variables'),
      resources: resources({ cpu: '100m', memory: '256Mi' }, { memory: '256Mi' }),
      serviceAccount: serviceAccount.describe(
        "what it may read is the store's own matter: it needs nothing of Kubernetes",
      ),
    })
    .prefault({}),
  standalone: z
    .strictObject({
      enabled: no.describe(
        'a plain Prometheus, Grafana and Loki beside it, without volumes: for a kind cluster, not for production',
      ),
      namespaces: z
        .array(z.string())
        .default([])
        .describe('of gateways and control plane, which its Prometheus scrapes'),
      lokiInsteadOf: z
        .string()
        .default('')
        .describe("the contract's Loki, for which this one stands in the Collector's configuration"),
      prometheus: standaloneImage('prom/prometheus', 'v3.13.5', 'Prometheus'),
      grafana: standaloneImage('grafana/grafana', '13.0.1', 'Grafana'),
      loki: standaloneImage('grafana/loki', '3.7.8', 'Loki'),
    })
    .prefault({}),
  tests: z
    .strictObject({
      enabled: yes.describe('`helm test`: sends one record and looks for its metric'),
      telemetrygen: image('ghcr.io/open-telemetry/opentelemetry-collector-contrib/telemetrygen', 'v0.155.0').describe(
        'sends it',
      ),
      curl: image('curlimages/curl', '8.17.0').describe('looks'),
    })
    .prefault({}),
  prepareUninstall: no.describe(
    'first of two steps of an uninstall that leaves nothing: policies go, and the rest is not kept any more (see UPGRADING)',
  ),
  extraManifests: parts.default([]).describe('more objects, rendered with `tpl`'),
});

export type ChartValues = z.output<typeof chartValues>;
export type ChartInput = z.input<typeof chartValues>;
