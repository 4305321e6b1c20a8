import type { Cluster } from '../../contract/model.ts';
import type { FieldId } from '../../envoy/fields.ts';
import type { Question } from './question.ts';

/** The fields that records of these clusters can have in the store: logged by some gateway and not dropped by redaction. */
export function storedFields(clusters: readonly Cluster[]): ReadonlySet<FieldId> {
  return new Set(
    clusters.flatMap(({ gateways, accessLog: { redaction } }) => {
      const dropped = new Set(redaction.filter((r) => r.how === 'drop').map((r) => r.field));
      return gateways
        .filter(({ accessLog }) => accessLog.otlp)
        .flatMap(({ accessLog }) => accessLog.fields.filter((id) => !dropped.has(id)));
    }),
  );
}

/** Whether such records answer the question: not without what it counts, nor without what it groups by. */
export const isAnswerable = ({ needs, by }: Question, stored: ReadonlySet<FieldId>): boolean =>
  [...needs, ...by.map(({ from }) => from)].every((id) => stored.has(id));
