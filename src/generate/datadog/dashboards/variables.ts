import type { BoardLabel } from '../../../boards/board.ts';
import type { BoardContext } from '../../../boards/context.ts';
import { tagKey, variableName } from '../../../boards/query/context.ts';
import { tagValue } from '../../../boards/query/datadog-text.ts';
import type { DashboardTemplateVariable, DashboardTemplateVariablePreset } from './models.ts';

/** The board's variables. What the contract knows is offered; for the others Datadog offers the tags that it has. */
export function templateVariables(scope: readonly BoardLabel[], context: BoardContext): DashboardTemplateVariable[] {
  return scope.map((label): DashboardTemplateVariable => {
    const values = known(label, context);
    return {
      name: variableName(label),
      prefix: tagKey(label),
      ...(values.length > 0 ? { availableValues: [...values] } : {}),
      defaults: label === 'environment' ? [context.environment.name] : ['*'],
    };
  });
}

/** Values as the tags have them; what none can have is not offered. */
function known(label: BoardLabel, { environment, clusters, gateways, labels: own }: BoardContext): readonly string[] {
  if (label === 'environment') return [environment.name];
  if (label === 'cluster') return clusters;
  if (label === 'gateway') return gateways;
  const custom = own.find((l) => label === `custom:${l.name}`);
  if (custom?.bound.kind !== 'values') return [];
  const values = [...custom.bound.values, custom.other, custom.absent].filter((v) => !/[,(){}\s*"'$]/.test(v));
  return [...new Set(values.map((v) => tagValue(v)))];
}

/** One saved view for each cluster, where there are several. */
export function presets(scope: readonly BoardLabel[], { clusters }: BoardContext): DashboardTemplateVariablePreset[] {
  if (!scope.includes('cluster') || clusters.length < 2) return [];
  return clusters.map((cluster) => ({
    name: cluster,
    templateVariables: [{ name: variableName('cluster'), values: [cluster] }],
  }));
}
