import type { Cluster, Gateway, Kgateway } from '../../contract/model.ts';
import { logAttributes, logFile, logResource, type Named } from '../logged.ts';
import { typed } from './typed.ts';

/** The HTTP connection manager's access loggers, as kgateway would make them of the same contract. */
export function accessLog(
  gateway: Gateway,
  cluster: Cluster,
  kgateway: Kgateway,
  grpcService: object,
): readonly object[] {
  const { otlp, file } = gateway.accessLog;
  const loggers = [];
  if (otlp)
    loggers.push({
      name: 'envoy.access_loggers.open_telemetry',
      typed_config: typed('extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig', {
        log_name: 'access',
        grpc_service: grpcService,
        resource_attributes: keyValues(logResource(gateway, cluster)),
        attributes: keyValues(logAttributes(gateway, kgateway)),
      }),
    });
  if (file)
    loggers.push({
      name: 'envoy.access_loggers.file',
      typed_config: typed('extensions.access_loggers.file.v3.FileAccessLog', {
        path: file.path,
        log_format: { json_format: logFile(gateway, cluster, kgateway) },
      }),
    });
  return loggers;
}

function keyValues(named: readonly Named[]): object {
  return { values: named.map(({ name, value }) => ({ key: name, value: { string_value: value } })) };
}
