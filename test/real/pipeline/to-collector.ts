import type { Model } from '../../../src/contract/model.ts';
import { fragment } from '../../../src/generate/envoy/fragment.ts';
import { type Beside, cluster } from '../../lab/bootstrap.ts';
import type { Json, JsonObject } from '../../lab/json.ts';
import { clusterOf } from './contract.ts';

/** The gateway that a scenario stands for: every one is a gateway of its own, so that its counters are. */
export const gatewayId = (scenario: string): string => `${scenario}.lab`;

/** What is generated for a plain Envoy (access log over OTLP, tracing), in every listener of the lab beside its files, to a Collector on `port`. */
export function toCollector(model: Model, port: number): Beside {
  const home = clusterOf(model);
  const [first] = home.gateways;
  if (first === undefined) throw new Error('the contract has no gateway');
  const parts = (scenario: string) => {
    const gateway = { ...first, id: gatewayId(scenario) };
    const { access_log, ...rest } = fragment(gateway, home, model.kgateway).http_connection_manager;
    return { loggers: access_log as readonly Json[], rest: rest as JsonObject };
  };
  return {
    loggers: (scenario) => parts(scenario).loggers,
    more: (scenario) => parts(scenario).rest,
    // By the name the fragment uses; the Collector of a test is on this machine.
    clusters: [cluster('vigia_collector', [port], {}, true)],
  };
}
