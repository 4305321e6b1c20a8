import { type FieldId, fieldIds, fields } from '../../envoy/fields.ts';
import type { AccessLog } from '../model.ts';
import type { Contract } from '../schema/index.ts';
import { merge } from './merge.ts';

/** The access log from the general to the particular: top, environment, gateway. Extra fields add up; everything else is replaced. */
export function resolveAccessLog(
  served: readonly FieldId[],
  top: Contract['accessLog'],
  environment: Contract['environments'][string]['accessLog'],
  gateway: Contract['gateways'][number]['accessLog'],
): AccessLog {
  const log = merge(top, environment, gateway);
  const extra = { ...top.extraFields, ...environment?.extraFields, ...gateway?.extraFields };
  return {
    otlp: log.otlp,
    file: log.file && { path: log.file.path },
    fields: served.filter((id) => !log.omit.includes(fields[id].name)),
    extraFields: Object.entries(extra).map(([name, format]) => ({ name, format })),
    sampling: {
      healthyPercent: log.keepHealthy,
      healthyWeight: log.keepHealthy === 0 ? undefined : Number((100 / log.keepHealthy).toPrecision(12)),
      keepSlowerThanMs: log.keepSlowerThan,
    },
    redaction: fieldIds.flatMap((field) => {
      const how = log.redact[fields[field].name];
      return how === undefined ? [] : [{ field, how }];
    }),
    maskPathTokens: log.maskPathTokens,
  };
}
