import { z } from 'zod';
import { auth, count, days, duration, flag, header, secretRef, sentence, stringMap, text, url } from './leaf.ts';

const tenant = sentence.optional().describe('sent as `X-Scope-OrgID`');
const region = text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1');

const scrapedDescription =
  "what is kept of Envoy's, kgateway's and the Collector's own series: `needed`, what vigia's dashboards and alerts ask for, or `all`; of each backend there are 90 to 170 on each pod of a gateway";

export const metrics = z.discriminatedUnion('to', [
  z
    .strictObject({
      to: z.literal('datadog'),
      scraped: z.enum(['needed', 'all']).default('needed').describe(scrapedDescription),
    })
    .describe('Metrics to Datadog; needs `datadog` beside it.'),
  z
    .strictObject({
      to: z.literal('prometheus'),
      mode: z
        .enum(['scrape', 'remote-write'])
        .default('scrape')
        .describe('`scrape`: Prometheus scrapes the Collector; `remote-write`: the Collector pushes to `url`'),
      url: url.optional().describe('where remote write goes; required by it, refused without it'),
      tenant,
      auth: auth.optional().describe('how remote write logs in'),
      retention: days.prefault('15d').describe('how long samples are kept; no objective may look back further'),
      scrapeInterval: duration.prefault('30s').describe('how often gateways, control plane and Collector are scraped'),
      scraped: z.enum(['needed', 'all']).default('all').describe(scrapedDescription),
      operatorLabels: stringMap
        .default({})
        .describe(
          'labels by which the Prometheus operator selects monitors and rules, such as `release: kube-prometheus-stack`',
        ),
    })
    .describe('Metrics to Prometheus, Mimir, Thanos or anything that speaks their protocols.'),
]);

export const logs = z.discriminatedUnion('to', [
  z
    .strictObject({
      to: z.literal('cloudwatch'),
      group: text(/^[-._/#A-Za-z0-9]{1,512}$/, "a log group's name: letters, digits and - . _ / #").describe(
        'the log group; one for each environment',
      ),
      region: region.optional().describe("the group's region; without it the cluster's own"),
      retention: days.prefault('30d').describe('how long CloudWatch keeps records'),
      via: z
        .enum(['exporter', 'otlp'])
        .default('exporter')
        .describe(
          "`exporter`: the Collector's awscloudwatchlogs; `otlp`: CloudWatch's OTLP endpoint, signed with SigV4",
        ),
      shape: z
        .enum(['nested', 'flat'])
        .default('nested')
        .describe('`nested`: resource, trace id and attributes; `flat`: the attributes alone, smaller (exporter only)'),
      roleArn: text(
        /^arn:aws[-a-z]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
        'an IAM role such as arn:aws:iam::123456789012:role/logs',
      )
        .optional()
        .describe('role to assume, when the group is in another account'),
    })
    .describe('Access logs to CloudWatch Logs.'),
  z
    .strictObject({
      to: z.literal('loki'),
      url: url.describe("Loki's base URL; records go to `<url>/otlp`"),
      tenant,
      auth: auth.optional().describe('how Loki is logged in to'),
    })
    .describe('Access logs to Loki, over OTLP.'),
  z.strictObject({ to: z.literal('datadog') }).describe('Access logs to Datadog; needs `datadog` beside it.'),
  z
    .strictObject({
      to: z.literal('file'),
      path: text(/^\/\S+$/, 'an absolute path in the Collector')
        .default('/var/log/vigia/access.json')
        .describe('the file in the Collector'),
      maxMegabytes: count.default(100).describe('rotated at this size'),
      maxBackups: count.default(3).describe('rotated files that stay'),
    })
    .describe('Access logs to a file in the Collector: for trying things out.'),
]);

export const traces = z.discriminatedUnion('to', [
  z
    .strictObject({ to: z.literal('datadog') })
    .describe('Traces and APM statistics to Datadog; needs `datadog` beside it.'),
  z
    .strictObject({
      to: z.literal('otlp'),
      endpoint: text(/^(https?:\/\/)?[^\s/@]+(:\d+)?(\/\S*)?$/, 'host:port for grpc, a URL for http').describe(
        '`host:port` for grpc, a URL for http',
      ),
      protocol: z.enum(['grpc', 'http']).default('grpc').describe('how OTLP is spoken'),
      insecure: flag.default(false).describe('no TLS: only inside a cluster'),
      headers: z
        .array(z.strictObject({ name: header, value: secretRef }))
        .prefault([])
        .describe('headers with credentials'),
    })
    .describe('Traces to anything that takes OTLP: Tempo, Jaeger, another Collector.'),
  z.strictObject({ to: z.literal('none') }).describe('No traces.'),
]);

export const datadogSites = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'ddog-gov.com',
] as const;

/** Sites: https://docs.datadoghq.com/getting_started/site/ */
export const datadog = z.strictObject({
  site: z.enum(datadogSites).describe('the Datadog site'),
  apiKey: secretRef.describe('where the API key is'),
  tags: z
    .array(text(/^[a-z][^\s,]*:[^\s,]+$/, 'a tag such as team:platform'))
    .default([])
    .describe('tags on every dashboard, monitor and objective in Datadog'),
});

export const grafana = z.strictObject({
  url: url.optional().describe("Grafana's address, for links and `vigia diff`"),
  folder: sentence.default('Gateways').describe('the folder of the dashboards'),
  v2: flag
    .default(false)
    .describe(
      "each board in schema v2 too, in a folder `v2`: for Grafana 13's API, its operator's GrafanaManifest, Git Sync",
    ),
});
