import type { Label } from '../../contract/model.ts';
import { responseFlags } from '../../envoy/response-flags.ts';
import { signals } from '../../signals/catalogue.ts';
import { derived, flagsCounted, identityLabels, labels, sourceOf } from '../../signals/labels.ts';
import { isOnRecord, metricKey } from './labels.ts';
import { type Group, groups, map, point, remove, resource, set, text } from './ottl.ts';

/** What stands for the Collector itself on its metrics; undefined where a scrape says it anyway. */
export interface Writer {
  readonly name: string;
  readonly instance: string;
}

/**
 * From the connector's points to the catalogue's labels. Everything becomes a label of the point, because exporters treat resources
 * differently by version; what is left of the resource names the one who writes, since two replicas must never write the same series.
 */
export function metricGroups(custom: readonly Label[], writer: Writer | undefined): readonly Group[] {
  const fromResource = [
    ...identityLabels.map((id) => [labels[id].attribute, sourceOf(labels[id])] as const),
    ...custom.filter((l) => l.on.metrics && !isOnRecord(l)).map((l) => [l.name, l.name] as const),
  ];
  const renamed = [
    ...Object.values(labels).flatMap(({ attribute, from }) =>
      'record' in from && from.record !== attribute && from.record !== derived.nthFlag(1)
        ? [[attribute, from.record] as const]
        : [],
    ),
    ...custom.filter((l) => l.on.metrics && metricKey(l) !== l.name).map((l) => [l.name, metricKey(l)] as const),
  ];
  return groups(
    {
      statements: [
        ...fromResource.map(([to, from]) => set(point(to), resource(from))),
        ...renamed.flatMap(([to, from]) => [
          set(point(to), point(from), `${point(from)} != nil`),
          remove('datapoint.attributes', from),
        ]),
      ],
    },
    flagGroup(),
    // The same flag may have been first in one request and second in another: one point each, and one series must have one.
    { statements: [`aggregate_on_attributes("sum") where metric.name == ${text(signals.flags.name)}`] },
    {
      statements: [
        'keep_keys(resource.attributes, [])',
        ...(writer
          ? [
              set(resource('service.name'), text(writer.name)),
              // An environment variable, so not as `text`, which would keep the Collector from reading it.
              set(resource('service.instance.id'), `"${writer.instance}"`),
            ]
          : []),
      ],
    },
    { statements: ['set(scope.name, "")'] },
  );
}

/** The n-th flags are flags, whichever n; and each has its long name, which an extension's own flag lacks. */
function flagGroup(): Group {
  const flag = point(labels.nthFlag.attribute);
  const nth = Array.from({ length: flagsCounted }, (_, i) => derived.nthFlag(i + 1));
  const names = 'datapoint.cache["names"]';
  const long = Object.fromEntries(Object.entries(responseFlags).map(([short, f]) => [short, f.long]));
  return {
    conditions: [`metric.name == ${text(signals.flags.name)}`],
    statements: [
      ...nth.flatMap((key) => [set(flag, point(key), `${point(key)} != nil`), remove('datapoint.attributes', key)]),
      set(names, map(long)),
      set(point(labels.flagName.attribute), flag),
      set(point(labels.flagName.attribute), `${names}[${flag}]`),
    ],
  };
}
