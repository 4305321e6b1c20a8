type Env = Readonly<Record<string, string | undefined>>;

/** How a kind of telemetry leaves. */
export type Way =
  /** By our own gRPC exporter. */
  | 'grpc'
  /** As sdk-node makes it of the variables: another protocol, the console. */
  | 'environment'
  | 'none';

/**
 * How traces or metrics are sent, by OpenTelemetry's own variables
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/): only where one of them names a Collector or an exporter.
 * Without OTEL_EXPORTER_OTLP_PROTOCOL it is gRPC, the one protocol that the generated Collector listens for.
 */
export function wayOf(kind: 'TRACES' | 'METRICS', env: Env): Way {
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return 'none';
  const exporter = env[`OTEL_${kind}_EXPORTER`]?.trim();
  if (exporter === 'none') return 'none';
  const endpoint = env[`OTEL_EXPORTER_OTLP_${kind}_ENDPOINT`] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!exporter && !endpoint) return 'none';
  if (exporter && exporter !== 'otlp') return 'environment';
  const protocol = env[`OTEL_EXPORTER_OTLP_${kind}_PROTOCOL`] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'grpc';
  return protocol.trim() === 'grpc' ? 'grpc' : 'environment';
}

/** Whether a command says anything of itself. Nothing of the SDK is loaded when it does not. */
export const wantsTelemetry = (env: Env): boolean =>
  wayOf('TRACES', env) !== 'none' || wayOf('METRICS', env) !== 'none';
