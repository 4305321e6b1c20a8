/** A Collector's configuration as far as its structure goes. */
export interface Config {
  extensions: Record<string, unknown>;
  receivers: Record<string, unknown>;
  processors: Record<string, unknown>;
  connectors: Record<string, unknown>;
  exporters: Record<string, Record<string, unknown>>;
  service: {
    extensions: string[];
    pipelines: Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }>;
  };
}

/** What breaks the rules that a generated configuration keeps (docs/decisions/0006-the-pipeline.md); none of them is `otelcol validate`'s. */
export function structureProblems(config: Config, persistent: boolean): readonly string[] {
  return [
    ...references(config),
    ...order(config),
    ...oneWriter(config),
    ...stores(config),
    ...queues(config, persistent),
    ...values(config, ''),
  ];
}

const pipelinesOf = (config: Config) =>
  Object.entries(config.service.pipelines).map(([name, p]) => ({ name, ...p, processors: p.processors ?? [] }));

const typeOf = (name: string): string => name.split('/')[0] ?? '';

/** Whatever is defined is used and whatever is used is defined; a connector on both ends. */
function* references(config: Config): Generator<string> {
  const pipelines = pipelinesOf(config);
  const used = {
    receivers: new Set(pipelines.flatMap((p) => p.receivers)),
    processors: new Set(pipelines.flatMap((p) => p.processors)),
    exporters: new Set(pipelines.flatMap((p) => p.exporters)),
    extensions: new Set(config.service.extensions),
  };
  for (const kind of ['receivers', 'processors', 'exporters', 'extensions'] as const) {
    for (const name of Object.keys(config[kind])) if (!used[kind].has(name)) yield `${kind}: ${name} is not used`;
    for (const name of used[kind])
      if (!(name in config[kind]) && !(name in config.connectors)) yield `${kind}: ${name} is not defined`;
  }
  for (const name of Object.keys(config.connectors))
    if (!used.receivers.has(name) || !used.exporters.has(name)) yield `connectors: ${name} is not used on both ends`;
  for (const [name, settings] of Object.entries(config.exporters)) {
    const named = [
      (settings['auth'] as { authenticator?: string } | undefined)?.authenticator,
      ((settings['http'] as Record<string, unknown> | undefined)?.['auth'] as { authenticator?: string } | undefined)
        ?.authenticator,
      (settings['sending_queue'] as { storage?: string } | undefined)?.storage,
    ];
    for (const extension of named)
      if (extension !== undefined && !(extension in config.extensions))
        yield `exporters: ${name} names the extension ${extension}, which is not defined`;
  }
}

/** Memory is guarded where data comes in, records are batched right after, and counters are added up after they have their labels. */
function* order(config: Config): Generator<string> {
  for (const { name, receivers, processors } of pipelinesOf(config)) {
    const outside = receivers.some((r) => r in config.receivers);
    if (outside && processors[0] !== 'memory_limiter') yield `${name}: memory_limiter is not first`;
    if (!outside && processors.includes('memory_limiter'))
      yield `${name}: memory_limiter refuses what is already taken`;
    if (name.startsWith('logs') && outside && processors[1] !== 'batch') yield `${name}: batch is not second`;
    const chain = ['transform/signals', /^delta_?to_?cumulative$/, 'interval'].map((wanted) =>
      processors.findIndex((p) => (typeof wanted === 'string' ? p === wanted : wanted.test(p))),
    );
    const places = chain.filter((at) => at >= 0);
    if (places.some((at, i) => at < (places[i - 1] ?? -1)))
      yield `${name}: labels, sums and intervals are out of order`;
  }
  const batch = config.processors['batch'] as { metadata_keys?: unknown } | undefined;
  if (batch?.metadata_keys !== undefined) yield 'batch: metadata_keys make more than one writer of the same series';
}

/** The connector that counts is fed by one pipeline, from one batch, before anything is dropped; its points are summed in one place. */
function* oneWriter(config: Config): Generator<string> {
  const pipelines = pipelinesOf(config);
  const feeding = pipelines.filter((p) => p.exporters.includes('signal_to_metrics'));
  const reading = pipelines.filter((p) => p.receivers.includes('signal_to_metrics'));
  if (feeding.length !== 1) yield `${feeding.length} pipelines feed signal_to_metrics`;
  if (reading.length !== 1) yield `${reading.length} pipelines read signal_to_metrics`;
  for (const { name, processors } of feeding)
    for (const p of processors)
      if (/^(filter|probabilistic_sampler)/.test(p)) yield `${name}: ${p} drops records before they are counted`;
  for (const { name, processors } of reading)
    if (!processors.some((p) => /^delta_?to_?cumulative$/.test(p))) yield `${name}: deltas are not summed`;
  for (const { name, receivers, processors } of pipelines)
    if (receivers.some((r) => typeOf(r) === 'datadog') && processors.length > 0)
      yield `${name}: APM statistics go out as they are`;
}

/** No record gets to a store but through what redacts it, and its body is made of what is left. */
function* stores(config: Config): Generator<string> {
  for (const { name, processors, exporters } of pipelinesOf(config)) {
    if (!name.startsWith('logs')) continue;
    const kept = exporters.filter((e) => e in config.exporters);
    if (kept.length > 0 && processors.at(-1) !== 'transform/store')
      yield `${name}: ${kept.join(', ')} gets records that are not redacted`;
  }
  const transform = config.processors['transform/store'] as { log_statements: { statements: string[] }[] } | undefined;
  const statements = transform?.log_statements.flatMap((g) => g.statements) ?? [];
  const body = statements.findIndex((s) => s.startsWith('set(log.body'));
  const late = statements.findLastIndex((s) =>
    /^(replace_pattern\(log\.attributes\["(url\.path|client)|set\(.*SHA256)/.test(s),
  );
  if (body < 0) yield 'transform/store: the body is left as it came';
  if (late > body) yield `transform/store: ${statements[late]} comes after the body was made`;
}

/** What leaves over the network waits and is tried again for as long as it takes; on disk where there is a volume. */
function* queues(config: Config, persistent: boolean): Generator<string> {
  for (const [name, settings] of Object.entries(config.exporters)) {
    if (['prometheus', 'file'].includes(typeOf(name))) continue;
    const retry = settings['retry_on_failure'] as { enabled?: boolean; max_elapsed_time?: string } | undefined;
    if (retry?.enabled !== true || retry.max_elapsed_time !== '0s') yield `${name}: gives up`;
    const own = settings['remote_write_queue'] as { enabled?: boolean } | undefined;
    const queue = settings['sending_queue'] as
      | { enabled?: boolean; sizer?: string; storage?: string; batch?: object }
      | undefined;
    if (own?.enabled !== true && queue?.enabled !== true) yield `${name}: has no queue`;
    if (queue && queue.sizer !== 'items') yield `${name}: the queue's size is not in items`;
    if (queue && queue.batch === undefined) yield `${name}: does not batch what it sends`;
    if (queue && (queue.storage !== undefined) !== persistent)
      yield `${name}: its queue is ${persistent ? 'in memory' : 'on a disk that is not there'}`;
  }
}

const secretKey = /^(key|token|password|secret|.*api[-_]?key|authorization)$/i;
const variable = /^(Bearer )?\$\{env:[A-Z][A-Z0-9_]*\}$/;

/** Credentials are environment variables, nothing listens on every address, and no other `$` is one that the Collector would expand. */
function* values(value: unknown, path: string): Generator<string> {
  if (typeof value === 'string') {
    const key = path.split('.').at(-1) ?? '';
    const credential = /^(extensions|exporters)\./.test(path) && secretKey.test(key);
    if (credential && !variable.test(value)) yield `${path}: a credential in the file`;
    if (/(^|[^\d])0\.0\.0\.0|\[::\]/.test(value)) yield `${path}: listens on every address`;
    if (/\$(?!\$|\{env:[A-Z][A-Z0-9_]*\})/.test(value.replaceAll('$$', '')))
      yield `${path}: an open $ in ${value.slice(0, 80)}`;
  } else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* values(inner, path === '' ? key : `${path}.${key}`);
}
