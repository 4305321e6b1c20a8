import type { Gateway, Model } from '../../../src/contract/model.ts';
import { logAttributes, logResource, type Named } from '../../../src/generate/logged.ts';
import type { Beside } from '../../lab/bootstrap.ts';
import { cluster } from '../../lab/bootstrap.ts';
import { type Json, type JsonObject, typed } from '../../lab/json.ts';
import { clusterOf } from './contract.ts';

const collectorCluster = 'vigia_collector';

/** The gateway that a scenario stands for: every one is a gateway of its own, so that its counters are. */
export const gatewayId = (scenario: string): string => `${scenario}.lab`;

/** Envoy's access log over OTLP as the contract has it, beside the lab's files, from every listener to a Collector on `port`. */
export function otlpLoggers(model: Model, port: number): Beside {
  const home = clusterOf(model);
  const [first] = home.gateways;
  if (first === undefined) throw new Error('the contract has no gateway');
  return {
    loggers: (scenario) => [logger({ ...first, id: gatewayId(scenario) }, model)],
    clusters: [cluster(collectorCluster, [port], {}, true)],
  };
}

function logger(gateway: Gateway, model: Model): Json {
  return {
    name: 'envoy.access_loggers.open_telemetry',
    typed_config: typed('access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig', {
      log_name: 'access',
      grpc_service: { envoy_grpc: { cluster_name: collectorCluster } },
      attributes: keyValues(logAttributes(gateway, model.kgateway)),
      resource_attributes: keyValues(logResource(gateway, clusterOf(model))),
    }),
  };
}

const keyValues = (list: readonly Named[]): JsonObject => ({
  values: list.map(({ name, value }) => ({ key: name, value: { string_value: value } })),
});
