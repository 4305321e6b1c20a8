import { metricExporter, startSdk } from '../../telemetry/sdk.ts';
import { wayOf } from '../../telemetry/wanted.ts';
import { producerOf, tellingFailures } from '../../watch/publish/otlp.ts';
import type { Family } from '../../watch/totals.ts';
import type { Io } from '../io.ts';
import { version } from '../version.ts';
import type { Settings } from './settings.ts';

export interface Pushing {
  /** Where to, in words. */
  readonly to: string;
  /** Pushes now, unless a push is under way. Nobody waits for it. */
  flush(): void;
  /** The last push, and no longer than this, ms. */
  end(within: number): Promise<void>;
}

/** A series that is quiet is sent again so often, ms, so that a Collector that was away has it; OTEL_METRIC_EXPORT_INTERVAL wins. */
const interval = 15_000;
const timeout = 10_000;

/** Pushes what is published over OTLP/gRPC, where a flag or the OTEL_* variables name a Collector. Loads the SDK only then. */
export async function startPushing(o: {
  readonly settings: Settings;
  readonly instance: string;
  readonly families: () => readonly Family[];
  readonly io: Io;
  readonly log: (message: string) => void;
  readonly failed: () => void;
}): Promise<Pushing | undefined> {
  const { settings, io, log } = o;
  const way = wayOf('METRICS', io.env);
  if (settings.otlp === undefined) {
    if (way === 'environment')
      log(
        'verdicts are pushed over gRPC only, and the OTEL_* variables ask for another way; --otlp names a port for it',
      );
    if (way !== 'grpc') return undefined;
  } else if (io.env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') {
    log('OTEL_SDK_DISABLED is true, so nothing is pushed');
    return undefined;
  }
  const { PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics');
  let told = false;
  const exporter = tellingFailures(
    await metricExporter(settings.otlp, timeout),
    (reason) => {
      o.failed();
      // Once each time it goes away: it is tried again, and the metric counts.
      if (!told) log(`not taken by the Collector, it is tried again: ${reason}`);
      told = true;
    },
    () => {
      told = false;
    },
  );
  const every = Number(io.env['OTEL_METRIC_EXPORT_INTERVAL']) || interval;
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: every,
    exportTimeoutMillis: Math.min(every, timeout),
    metricProducers: [await producerOf(settings.identity, o.families, () => io.now())],
  });
  const sdk = await startSdk({ version, instance: o.instance }, { metricReaders: [reader], spanProcessors: [] });
  return {
    to: settings.otlp ?? 'where OTEL_EXPORTER_OTLP_ENDPOINT says',
    flush: () => void reader.forceFlush().catch(() => {}),
    async end(within) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, within);
      });
      await Promise.race([sdk.shutdown().catch(() => {}), late]);
      clearTimeout(timer);
    },
  };
}
