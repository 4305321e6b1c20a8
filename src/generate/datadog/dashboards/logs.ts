import type { BoardLabel, LogCondition } from '../../../boards/board.ts';
import { variableName } from '../../../boards/query/context.ts';
import { fields } from '../../../envoy/fields.ts';
import { derived } from '../../../signals/labels.ts';

const status = `@${fields.status.name}`;
const statuses: Readonly<Record<NonNullable<LogCondition['status']>, string>> = {
  '5xx': `${status}:[500 TO 599]`,
  '4xx': `${status}:[400 TO 499]`,
  '503': `${status}:503`,
  '0': `${status}:0`,
};

const either = (path: string, values: readonly string[] | undefined): readonly string[] => {
  if (values === undefined || values.length === 0) return [];
  return [`${path}:${values.length === 1 ? values[0] : `(${values.join(' OR ')})`}`];
};

/** Datadog's log search for a condition. Its words are our own: nothing that was read from anywhere is in it. */
export function condition({ status, side, flag, failed }: LogCondition): readonly string[] {
  return [
    ...(status === undefined ? [] : [statuses[status]]),
    ...either(`@${derived.side}`, side),
    ...either(`@${derived.flag}`, flag),
    // Only what failed carries a side.
    ...(failed === true && side === undefined ? [`@${derived.side}:*`] : []),
  ];
}

/**
 * Where a record in Datadog has what a label says; the exporter makes tags of the resource
 * (https://docs.datadoghq.com/opentelemetry/schema_semantics/semantic_mapping/). undefined: no attribute has exactly the label's value: tags of
 * flags are in lower case, and a search for an attribute minds it.
 */
export function recordPath(label: BoardLabel): string | undefined {
  if (label.startsWith('custom:')) return `@${label.slice('custom:'.length)}`;
  return paths[label];
}

const paths: Readonly<Record<string, string>> = {
  gateway: 'service',
  environment: 'env',
  cluster: 'kube_cluster_name',
  route: `@${fields.route.name}`,
  backend: `@${fields.cluster.name}`,
  status,
  side: `@${derived.side}`,
};

/** The board's own filters, as a search in a widget spells variables. */
export const scopeSearch = (scope: readonly BoardLabel[]): readonly string[] =>
  scope.flatMap((label) => {
    const path = recordPath(label);
    return path === undefined ? [] : [`${path}:$${variableName(label)}.value`];
  });
