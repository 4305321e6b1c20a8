import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { NodeSDK } from '@opentelemetry/sdk-node';

/** Who sends: the default detectors would send the command line, which names files and holds what was asked for. */
export interface Sender {
  readonly version: string;
  /** `service.instance.id`; one-shot commands have none, or each run would be a series of its own. */
  readonly instance?: string;
}

type Configuration = NonNullable<ConstructorParameters<typeof NodeSDK>[0]>;

/** OpenTelemetry's SDK with nothing but what is given; loaded here, on first use. What the OTEL_* variables say of the sender wins. */
export async function startSdk(
  { version, instance }: Sender,
  configuration: Pick<Configuration, 'metricReaders' | 'traceExporter' | 'spanProcessors'>,
): Promise<NodeSDK> {
  const [{ NodeSDK }, { envDetector, resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/resources'),
  ]);
  const resource = resourceFromAttributes({
    'service.name': 'vigia',
    'service.version': version,
    ...(instance === undefined ? {} : { 'service.instance.id': instance }),
  });
  const sdk = new NodeSDK({
    ...configuration,
    resource,
    resourceDetectors: [envDetector],
    logRecordProcessors: [],
  });
  sdk.start();
  return sdk;
}

/** An exporter of metrics over OTLP/gRPC; without a URL to where the OTEL_* variables say. */
export async function metricExporter(url: string | undefined, timeoutMillis: number): Promise<PushMetricExporter> {
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-grpc');
  return new OTLPMetricExporter({ timeoutMillis, ...(url === undefined ? {} : { url }) });
}
