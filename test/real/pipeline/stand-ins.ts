import { parse, stringify } from 'yaml';
import { z } from 'zod';

/** Components of the contrib image that the Go proxy does not serve, so the test's Collector lacks them. */
export const unserved = new Set(['datadog', 'awscloudwatchlogs']);

const queue = z.strictObject({
  enabled: z.literal(true),
  storage: z.literal('file_storage').optional(),
  sizer: z.literal('items'),
  queue_size: z.int().positive(),
  num_consumers: z.int().positive().optional(),
  batch: z.strictObject({ flush_timeout: z.string(), min_size: z.int(), max_size: z.int() }),
});
const retry = z.strictObject({
  enabled: z.literal(true),
  initial_interval: z.string(),
  max_interval: z.string(),
  max_elapsed_time: z.string(),
});
const variable = z.string().regex(/^\$\{env:[A-Z_]+\}$/);

/**
 * What those components take, as far as it is written: keys and values of their documentation (the Datadog exporter's and connector's and
 * awscloudwatchlogs' READMEs in opentelemetry-collector-contrib). Not run: no binary with them could be built.
 */
const schemas: Readonly<Record<string, z.ZodType>> = {
  'exporters.datadog': z.strictObject({
    api: z.strictObject({ key: variable, site: z.string() }),
    hostname: variable,
    hostname_detection_timeout: z.string(),
    host_metadata: z.strictObject({ enabled: z.literal(false) }),
    metrics: z.strictObject({
      histograms: z.strictObject({ mode: z.enum(['distributions', 'counters', 'nobuckets']) }),
      sums: z.strictObject({
        cumulative_monotonic_mode: z.enum(['to_delta', 'raw_value']),
        initial_cumulative_monotonic_value: z.enum(['auto', 'drop', 'keep']),
      }),
      resource_attributes_as_tags: z.literal(false),
      instrumentation_scope_metadata_as_tags: z.literal(false),
    }),
    retry_on_failure: retry,
    sending_queue: queue,
  }),
  'connectors.datadog': z.strictObject({
    traces: z.strictObject({
      compute_stats_by_span_kind: z.boolean(),
      peer_tags_aggregation: z.boolean(),
      bucket_interval: z.string(),
    }),
  }),
  'exporters.awscloudwatchlogs': z.strictObject({
    log_group_name: z.string(),
    log_stream_name: variable,
    region: z.string(),
    log_retention: z.int(),
    raw_log: z.boolean(),
    role_arn: z.string().optional(),
    retry_on_failure: retry,
    sending_queue: queue,
  }),
};

interface Config {
  exporters: Record<string, unknown>;
  connectors: Record<string, unknown>;
  service: { pipelines: Record<string, { receivers?: string[]; exporters?: string[] }> };
}

/**
 * The configuration with each unserved component held to its schema and replaced by one that takes the same place: an exporter that throws
 * everything away, a connector that makes metrics of spans. The rest is the generator's own.
 */
export function standIns(text: string): { readonly config: string; readonly replaced: readonly string[] } {
  const config = parse(text) as Config;
  const replaced = new Map<string, string>();
  for (const kind of ['exporters', 'connectors'] as const)
    for (const [name, value] of Object.entries(config[kind])) {
      const type = name.split('/')[0] ?? '';
      if (!unserved.has(type)) continue;
      const schema = schemas[`${kind}.${type}`];
      if (!schema)
        throw new Error(`${kind}.${type} is not in the binary and has no schema here: nothing would check it`);
      schema.parse(value);
      const other = kind === 'exporters' ? `nop/${type}` : `span_metrics/${type}`;
      delete config[kind][name];
      config[kind][other] = {};
      replaced.set(name, other);
    }
  const renamed = (list: string[] | undefined): string[] | undefined => list?.map((name) => replaced.get(name) ?? name);
  for (const pipeline of Object.values(config.service.pipelines)) {
    pipeline.receivers = renamed(pipeline.receivers) ?? [];
    pipeline.exporters = renamed(pipeline.exporters) ?? [];
  }
  return { config: stringify(config, { lineWidth: 0 }), replaced: [...replaced.keys()] };
}
