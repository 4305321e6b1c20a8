import { commandSignals, ownLabels } from '../signals/verdicts.ts';
import type { CommandFacts } from './facts.ts';
import { metricExporter, startSdk } from './sdk.ts';
import { wayOf } from './wanted.ts';

/** A Collector that is away or slow costs a command no more than this, ms, and only after all its output. */
export const budget = 2000;

/** Upper bounds, seconds: from an `explain` to a scan of a day. */
const buckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/**
 * Sends a command's span and metrics, after the command: while it works nothing of the SDK is loaded. Never throws. False when it was given up
 * because nobody took it in time; sockets may then be left that would keep the process.
 */
export async function sendFacts(
  facts: CommandFacts,
  env: Readonly<Record<string, string | undefined>>,
  version: string,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), budget);
  });
  const sent = send(facts, env, version).then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([sent, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function send(
  facts: CommandFacts,
  env: Readonly<Record<string, string | undefined>>,
  version: string,
): Promise<void> {
  const { trace, metrics, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode } = await import('@opentelemetry/api');
  // A watch had an SDK of its own, which is shut down by now.
  trace.disable();
  metrics.disable();
  const sdk = await startSdk({ version }, { ...(await traceParts(env)), ...(await metricParts(env)) });
  const { command, source, outcome, exitCode, bytes, began, ended } = facts;
  const labels = { [ownLabels.command.attribute]: command, [ownLabels.source.attribute]: source };
  const meter = metrics.getMeter('vigia', version);
  const { duration, scanned } = commandSignals;
  meter
    .createHistogram(duration.name, {
      unit: duration.unit,
      description: duration.description,
      advice: { explicitBucketBoundaries: buckets },
    })
    .record((ended - began) / 1000, { ...labels, [ownLabels.exit.attribute]: outcome });
  if (bytes !== undefined)
    meter.createCounter(scanned.name, { unit: scanned.unit, description: scanned.description }).add(bytes, labels);
  // What started the command may be part of a trace: https://opentelemetry.io/docs/specs/otel/context/env-carriers/
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent: env['TRACEPARENT'], tracestate: env['TRACESTATE'] });
  const span = trace.getTracer('vigia', version).startSpan(
    `vigia ${command}`,
    {
      kind: SpanKind.INTERNAL,
      startTime: began,
      attributes: {
        'vigia.command': command,
        'vigia.source': source,
        'vigia.outcome': outcome,
        ...(bytes === undefined ? {} : { 'vigia.scanned': bytes }),
        ...(exitCode === undefined ? {} : { 'process.exit.code': exitCode }),
      },
    },
    parent,
  );
  if (outcome === 'misuse' || outcome === 'failed' || outcome === 'crashed')
    span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', outcome);
  span.end(ended);
  await sdk.shutdown();
}

async function traceParts(env: Readonly<Record<string, string | undefined>>) {
  const way = wayOf('TRACES', env);
  if (way === 'none') return { spanProcessors: [] };
  if (way === 'environment') return {};
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-grpc');
  return { traceExporter: new OTLPTraceExporter({ timeoutMillis: budget }) };
}

async function metricParts(env: Readonly<Record<string, string | undefined>>) {
  const way = wayOf('METRICS', env);
  if (way === 'none') return { metricReaders: [] };
  if (way === 'environment') return {};
  const { PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics');
  return { metricReaders: [new PeriodicExportingMetricReader({ exporter: await metricExporter(undefined, budget) })] };
}
