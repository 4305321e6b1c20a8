import { parse, stringify } from 'yaml';
import { settingsProblems } from './settings-schema.ts';

/**
 * Components of the contrib image that the Go proxy does not serve whole, so the test's Collector lacks them, and the schema of upstream that
 * each is held to instead, by the Collector's version (scripts/tools/registry.ts). awscloudwatchlogs is served as 0.156.0 alone,
 * which the second of the two has.
 */
const unserved: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '0.155.0': {
    'exporters.datadog': 'pkg/datadog/config@0.155.0#config',
    'connectors.datadog': 'pkg/datadog/config@0.155.0#connector_component_config',
    'exporters.awscloudwatchlogs': 'exporter/awscloudwatchlogsexporter@0.156.0',
  },
  // The newest schema of Datadog's, later than the binary.
  '0.161.0': {
    'exporters.datadog': 'pkg/datadog/config@0.165.0#config',
    'connectors.datadog': 'pkg/datadog/config@0.165.0#connector_component_config',
  },
};

/** Words that those schemas only call text. Source: the constants in pkg/datadog v0.155.0 and v0.165.0, config/metrics.go. */
const words: Readonly<Record<string, readonly string[]>> = {
  'metrics.histograms.mode': ['distributions', 'counters', 'nobuckets'],
  'metrics.sums.cumulative_monotonic_mode': ['to_delta', 'raw_value'],
  'metrics.sums.initial_cumulative_monotonic_value': ['auto', 'drop', 'keep'],
};

interface Config {
  exporters: Record<string, unknown>;
  connectors: Record<string, unknown>;
  service: { pipelines: Record<string, { receivers?: string[]; exporters?: string[] }> };
}

/** What takes the place of a component: an exporter that throws everything away, a connector that makes metrics of spans. */
const others = { exporters: 'nop', connectors: 'span_metrics' } as const;

/** The configuration with each unserved component held to its schema and replaced. The rest is the generator's own. */
export function standIns(
  text: string,
  version = '0.155.0',
): { readonly config: string; readonly replaced: readonly string[] } {
  const config = parse(text) as Config;
  const replaced = new Map<string, string>();
  for (const kind of ['exporters', 'connectors'] as const)
    for (const [name, value] of Object.entries(config[kind])) {
      const type = name.split('/')[0] ?? '';
      const schema = unserved[version]?.[`${kind}.${type}`];
      if (schema === undefined) continue;
      const problems = [...settingsProblems(schema, value), ...wordProblems(value)];
      if (problems.length > 0) throw new Error(`${kind}.${name} is not as ${schema} has it: ${problems.join('; ')}`);
      const other = `${others[kind]}/${type}`;
      delete config[kind][name];
      config[kind][other] = {};
      replaced.set(name, other);
    }
  const renamed = (list: string[] | undefined): string[] => (list ?? []).map((name) => replaced.get(name) ?? name);
  for (const pipeline of Object.values(config.service.pipelines)) {
    pipeline.receivers = renamed(pipeline.receivers);
    pipeline.exporters = renamed(pipeline.exporters);
  }
  return { config: stringify(config, { lineWidth: 0 }), replaced: [...replaced.keys()] };
}

function wordProblems(settings: unknown): readonly string[] {
  return Object.entries(words).flatMap(([path, known]) => {
    const value = path
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], settings);
    return value === undefined || known.includes(String(value))
      ? []
      : [`${path}: ${value} is none of ${known.join(', ')}`];
  });
}
