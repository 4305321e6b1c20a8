import type { Cluster, Gateway, Kgateway } from '../../contract/model.ts';
import { logAttributes, logFile, logResource, type Named } from '../logged.ts';
import { collectorReference } from './collector-reference.ts';

/** The loggers of one gateway: one entry each, because an entry with two sinks loses one without a word. */
export function accessLog(gateway: Gateway, cluster: Cluster, kgateway: Kgateway): readonly object[] {
  const { otlp, file } = gateway.accessLog;
  return [
    ...(otlp
      ? [
          {
            openTelemetry: {
              // Envoy's built-in labels stay on: `node_name` is the only trace of the pod.
              grpcService: { logName: 'access', backendRef: collectorReference(cluster) },
              resourceAttributes: keyValues(logResource(gateway, cluster)),
              attributes: keyValues(logAttributes(gateway, kgateway)),
            },
          },
        ]
      : []),
    ...(file ? [{ fileSink: { path: file.path, jsonFormat: logFile(gateway, cluster, kgateway) } }] : []),
  ];
}

/** OTLP's lists as kgateway's API has them; only texts, which is all that Envoy sends. */
function keyValues(named: readonly Named[]): object {
  return { values: named.map(({ name, value }) => ({ key: name, value: { stringValue: value } })) };
}
