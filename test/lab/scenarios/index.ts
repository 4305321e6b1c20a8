import type { Scenario } from '../scenario.ts';
import { balancingScenarios } from './balancing.ts';
import { clientScenarios } from './client.ts';
import { connectScenarios } from './connect.ts';
import { gatewayScenarios } from './gateway.ts';
import { grpcScenarios } from './grpc.ts';
import { healthyScenarios } from './healthy.ts';
import { overloadScenarios } from './overload.ts';
import { policyScenarios } from './policy.ts';
import { responseScenarios } from './response.ts';
import { terminationScenarios } from './termination.ts';
import { timeoutScenarios } from './timeouts.ts';

/** Every scenario, by family; a new one is a row in its family's file. */
export const scenarios: readonly Scenario[] = [
  ...healthyScenarios,
  ...connectScenarios,
  ...terminationScenarios,
  ...responseScenarios,
  ...balancingScenarios,
  ...timeoutScenarios,
  ...policyScenarios,
  ...clientScenarios,
  ...gatewayScenarios,
  ...grpcScenarios,
  ...overloadScenarios,
];
