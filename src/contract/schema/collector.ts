import { z } from 'zod';
import { count, flag, name, port, quantity, sentence, stringMap, text } from './leaf.ts';
import { overriding } from './overriding.ts';

export const collector = z.strictObject({
  mode: z
    .enum(['deploy', 'operator', 'external'])
    .default('deploy')
    .describe(
      "`deploy`: the chart's own; `operator`: an OpenTelemetryCollector object; `external`: one that is there already",
    ),
  version: text(/^0\.\d{1,4}\.\d{1,4}$/, 'a version of opentelemetry-collector-contrib such as 0.155.0, in quotes')
    .default('0.155.0')
    .describe('the version of opentelemetry-collector-contrib: names and keys of its configuration follow it'),
  image: text(/^[a-z0-9]([-._/:a-z0-9]*[a-z0-9])?$/, 'an image without tag')
    .default('otel/opentelemetry-collector-contrib')
    .describe('the image without tag'),
  namespace: name.default('vigia').describe('where it runs'),
  service: name.default('vigia-collector').describe('the Service that gateways send to'),
  port: port.default(4317).describe("the Service's OTLP/gRPC port"),
  replicas: count.default(2).describe('replicas'),
  maxReplicas: count.optional().describe('upper end of autoscaling; without it there is none'),
  resources: z
    .strictObject({
      cpu: quantity.default('500m').describe('CPU request'),
      memory: quantity.default('1Gi').describe('memory request and limit'),
    })
    .prefault({})
    .describe('of each replica'),
  queue: z
    .strictObject({
      persistent: flag.default(true).describe('records survive a killed Collector (a volume for each replica)'),
      size: quantity.default('5Gi').describe('the volume'),
      storageClass: sentence.optional().describe("without it the cluster's default"),
      records: count.default(500_000).describe('records held while a store is away'),
    })
    .prefault({})
    .describe('what waits for a store that is away'),
  serviceAccountAnnotations: stringMap.default({}).describe('such as `eks.amazonaws.com/role-arn`'),
});

/** What one cluster may set differently. */
export const collectorOverride = overriding(collector);
