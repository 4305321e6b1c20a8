import type { Label } from '../../contract/model.ts';
import { responseFlags } from '../../envoy/response-flags.ts';
import { signals } from '../../signals/catalogue.ts';
import { derived, flagsCounted, identityLabels, labels, sourceOf } from '../../signals/labels.ts';
import { isOnRecord, metricKey } from './labels.ts';
import { type Group, groups, map, point, remove, resource, set, text } from './ottl.ts';

/**
 * What is left of the resource, which names the one who writes. A scrape names the Collector by itself; a push must say it, since two replicas
 * must never write the same series; Datadog makes its own tags (`service`, `env`, `kube_cluster_name`) of the gateway's.
 */
export type Writer = 'scraped' | 'datadog' | { readonly name: string; readonly instance: string };

/** Where the labels lie that all points of a gateway have, until the resource is emptied. */
const fixedKey = 'vigia.fixed';

/**
 * From the connector's points to the catalogue's labels. Everything becomes a label of the point, because exporters treat resources
 * differently by version.
 */
export function metricGroups(custom: readonly Label[], writer: Writer): readonly Group[] {
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
  const fixed = fromResource.map(([to, from]) => `${text(to)}: ${resource(from)}`);
  return groups(
    // Once for each gateway, so that a point takes one statement for them all.
    { statements: [set(resource(fixedKey), `{${fixed.join(', ')}}`)] },
    {
      statements: [
        `merge_maps(datapoint.attributes, ${resource(fixedKey)}, "upsert")`,
        ...renamed.flatMap(([to, from]) => [
          set(point(to), point(from), `${point(from)} != nil`),
          remove('datapoint.attributes', from),
        ]),
      ],
    },
    flagGroup(),
    // The same flag may have been first in one request and second in another: one point each, and one series must have one.
    { statements: [`aggregate_on_attributes("sum") where metric.name == ${text(signals.flags.name)}`] },
    { statements: writerStatements(writer) },
    { statements: ['set(scope.name, "")'] },
  );
}

function writerStatements(writer: Writer): readonly string[] {
  const kept = writer === 'datadog' ? identityLabels.map((id) => text(sourceOf(labels[id]))) : [];
  const keep = `keep_keys(resource.attributes, [${kept.join(', ')}])`;
  if (typeof writer === 'string') return [keep];
  // The instance is an environment variable, so not as `text`, which would keep the Collector from reading it.
  return [
    keep,
    set(resource('service.name'), text(writer.name)),
    set(resource('service.instance.id'), `"${writer.instance}"`),
  ];
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
      set(point(labels.flagName.attribute), `${names}[${flag}]`, `${names}[${flag}] != nil`),
    ],
  };
}
