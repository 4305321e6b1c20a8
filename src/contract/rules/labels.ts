import type { Finding, Path } from '../problem.ts';
import { flat, takenBy } from '../reserved-labels.ts';
import { attributeName } from '../schema/access-log.ts';
import type { Contract } from '../schema/index.ts';
import { shown } from '../shape.ts';

/** Custom labels: a name of their own, and a bound where clients choose the value. */
export function* labels(contract: Contract): Generator<Finding> {
  const first = new Map<string, Path>();
  for (const [name, label] of Object.entries(contract.labels)) {
    const path: Path = ['labels', name];
    yield* wellNamed(name, path);
    const before = first.get(flat(name));
    if (before)
      yield {
        path,
        message: `${name} and ${String(before[1])} are one name in Prometheus and in JSON files`,
        against: before,
        onKey: true,
      };
    else first.set(flat(name), path);
    if (label.from === 'literal') continue;
    if (label.values && label.buckets !== undefined)
      yield {
        path: [...path, 'buckets'],
        message: 'values bound it already',
        against: [...path, 'values'],
        hint: 'keep one of them',
      };
    if (label.values?.includes(label.other))
      yield {
        path: [...path, 'values', label.values.indexOf(label.other)],
        message: `"${label.other}" is what all other values become, so it can't be told from an allowed one`,
        hint: 'set other to another word',
      };
    if (label.from === 'header' && label.on.includes('metrics') && !label.values && label.buckets === undefined)
      yield {
        path,
        message: `${label.header} is the client's to choose: without a bound any client could mint series, and cost, at will`,
        hint: 'add values: [...], or buckets: 50, or keep it off metrics with on: [logs, traces]',
        lacks: ['values', 'buckets', 'on'].map((key) => [...path, key]),
        onKey: true,
      };
    if (label.from === 'route-metadata')
      for (const [i, part] of [label.namespace, ...label.path].entries())
        if (/[:%()]/.test(part))
          yield {
            path: i === 0 ? [...path, 'namespace'] : [...path, 'path', i - 1],
            message: `${part}: Envoy's %METADATA(ROUTE:...)% can't name a key with : % ( or )`,
          };
    if (label.from === 'header' && credentialHeaders.has(label.header))
      yield { path: [...path, 'header'], message: `${label.header} carries credentials, which must not be stored` };
  }
  const extra: [Path, Readonly<Record<string, unknown>> | undefined][] = [
    [['accessLog', 'extraFields'], contract.accessLog.extraFields],
    ...contract.gateways.map((g, i): [Path, Readonly<Record<string, unknown>> | undefined] => [
      ['gateways', i, 'accessLog', 'extraFields'],
      g.accessLog?.extraFields,
    ]),
    ...Object.entries(contract.environments).map(([e, v]): [Path, Readonly<Record<string, unknown>> | undefined] => [
      ['environments', e, 'accessLog', 'extraFields'],
      v.accessLog?.extraFields,
    ]),
  ];
  for (const [path, fields] of extra)
    for (const name of Object.keys(fields ?? {})) {
      const label = first.get(flat(name));
      if (label)
        yield {
          path: [...path, name],
          message: `${name} is a label already, which is logged by itself`,
          against: label,
          onKey: true,
        };
      else if (takenBy(name))
        yield { path: [...path, name], message: `${name} is a name ${takenBy(name)}`, onKey: true };
    }
}

/** Headers that are credentials by definition. */
export const credentialHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-amz-security-token',
]);

function* wellNamed(name: string, path: Path): Generator<Finding> {
  const named = attributeName.safeParse(name);
  if (!named.success)
    yield {
      path,
      message: `"${shown(name)}" can't be a label: expected ${named.error.issues[0]?.message ?? 'a name'}`,
      onKey: true,
    };
  const whose = takenBy(name);
  if (whose)
    yield {
      path,
      message: `"${name}" is a name ${whose}`,
      hint: `choose another, such as custom.${flat(name)}`,
      onKey: true,
    };
}
