import { z } from 'zod';
import { kgatewayVersionNames } from '../kgateway-versions.ts';
import { accessLog } from './access-log.ts';
import { backend, route } from './backends.ts';
import { collector, collectorOverride } from './collector.ts';
import { gateway } from './gateways.ts';
import { label } from './labels.ts';
import { flag, name, text, url } from './leaf.ts';
import { notification, objective } from './objectives.ts';
import { overriding } from './overriding.ts';
import { datadog, grafana, logs, metrics, traces } from './stores.ts';
import { tracing } from './tracing.ts';

const environment = z.strictObject({
  metrics: metrics.describe('where metrics go'),
  logs: logs.describe('where access logs go'),
  traces: traces.describe('where traces go').prefault({ to: 'none' }),
  datadog: datadog.optional().describe('the Datadog account; required when metrics, logs or traces go there'),
  grafana: grafana.optional().describe('the Grafana that shows the dashboards'),
  accessLog: overriding(accessLog)
    .optional()
    .describe('what this environment does differently from `accessLog` at the top'),
  tracing: overriding(tracing).optional().describe('what this environment does differently from `tracing` at the top'),
});

const cluster = z.strictObject({
  environment: name.describe('which of `environments` it belongs to'),
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1')
    .optional()
    .describe('its AWS region'),
  account: text(/^\d{12}$/, "an AWS account's twelve digits, in quotes")
    .optional()
    .describe('its AWS account, in quotes'),
  collector: collectorOverride.optional().describe('what this cluster does differently from `collector` at the top'),
});

const kgateway = z.strictObject({
  version: z.enum(kgatewayVersionNames).describe('the minor version, in quotes'),
  namespace: name.default('kgateway-system').describe('where its control plane runs'),
  routeSource: flag
    .default(false)
    .describe(
      'the control plane runs with `enableRouteSourceMetadata` (2.4 and newer), so every record names its HTTPRoute',
    ),
});

/** The contract as a user writes it (`z.input`) and as it is checked (`z.output`); `resolve` makes the Model of the latter. */
export const contractSchema = z
  .strictObject({
    version: z.literal(1, '1: this vigia reads no other version of contracts').describe("the contract's own version"),
    name: name
      .default('vigia')
      .describe(
        "marks what is published to Grafana and Datadog as this contract's own, where several contracts share one",
      ),
    kgateway: kgateway.describe('the kgateway that the clusters run'),
    environments: z.record(name, environment).describe('by name: where signals go'),
    clusters: z
      .record(name, cluster)
      .describe('by name: the Kubernetes clusters, one Collector and one Helm release each'),
    gateways: z.array(gateway).min(1, 'at least one gateway').describe('the Gateways whose traffic is looked at'),
    labels: z
      .record(z.string(), label)
      .default({})
      .describe('by name: custom labels, on metrics, logs and traces alike'),
    accessLog: accessLog.prefault({}).describe('what is logged of each request and what is stored'),
    tracing: tracing.prefault({}).describe('traces'),
    collector: collector.prefault({}).describe('the OpenTelemetry Collector of each cluster'),
    routes: z
      .array(route)
      .default([])
      .describe('HTTPRoutes worth naming: for objectives, and to tell apart route names that read two ways'),
    backends: z
      .array(backend)
      .default([])
      .describe('Services and the time limits they have of their own, for `vigia align`'),
    objectives: z.array(objective).default([]).describe('what is promised, and alerts when it is not kept'),
    notifications: z.record(name, notification).default({}).describe('by name: who is told'),
    links: z
      .strictObject({
        runbooks: url
          .optional()
          .describe('where docs/ is published: alerts link to `causes/<code>.md` and `alerts/<name>.md` below it'),
      })
      .prefault({})
      .describe('addresses for alerts and dashboards'),
  })
  .describe('The contract of vigia: environments, clusters, gateways, labels and objectives.');

export type ContractInput = z.input<typeof contractSchema>;
export type Contract = z.output<typeof contractSchema>;
