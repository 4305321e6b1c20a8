import { fields } from '../../envoy/fields.ts';
import { benignFlags } from '../../envoy/response-flags.ts';
import { derived, flagsCounted } from '../../signals/labels.ts';
import { attribute, cache, type Group, isMatch, replace, resource, set, text } from './ottl.ts';
import { sideStatements, sideTablesStatement, tablesKey } from './side.ts';

const flags = attribute(fields.flags.name);
const flag = attribute(derived.flag);
const status = attribute(fields.status.name);
const grpc = attribute(fields.grpcStatus.name);
const details = attribute(fields.details.name);

/**
 * A record that something may be wrong with. Everything that decodes stands behind it, so that a healthy record pays for these comparisons
 * only. Values are still Envoy's strings here: three digits, or "0" when nothing was sent.
 */
export const suspicious: readonly string[] = [
  `${flags} != "-"`,
  `${status} >= "400"`,
  `${status} < "100"`,
  `(${grpc} != "-" and ${grpc} != "OK" and ${grpc} != nil)`,
];

/** What metrics need of each record: status class, flags, side. Order matters: metrics are made right after. */
export function accessGroups(): readonly Group[] {
  return [
    { statements: [sideTablesStatement()] },
    {
      statements: [
        set(attribute(derived.statusClass), `Concat([Substring(${status}, 0, 1), "xx"], "")`, `${status} >= "100"`),
      ],
    },
    { conditions: suspicious, statements: [...flagStatements(), ...factStatements(), ...sideStatements()] },
    { statements: [`delete_key(resource.attributes, ${text(tablesKey)})`] },
  ];
}

/** The primary flag, as src/envoy/response-flags.ts has it, and each flag by its place. */
function flagStatements(): readonly string[] {
  const raised = `${flags} != nil and ${flags} != "-"`;
  const several = isMatch(flags, ',');
  const nth = Array.from({ length: flagsCounted }, (_, i) => i + 1);
  return [
    set(flag, flags, raised, `not ${several}`),
    ...primary(flags, cache('rest'), flag, several),
    set(attribute(derived.nthFlag(1)), flags, raised, `not ${several}`),
    ...nth.map((n) =>
      set(
        attribute(derived.nthFlag(n)),
        `Split(${flags}, ",")[${n - 1}]`,
        isMatch(flags, n === 1 ? ',' : `^[^,]*(?:,[^,]*){${n - 1}}`),
      ),
    ),
  ];
}

/**
 * The first flag that is neither URX nor UO: both only say what became of the retries. When nothing else was raised UO comes before URX.
 */
function primary(from: string, rest: string, to: string, when: string): readonly string[] {
  return [
    set(rest, from, when),
    replace(rest, '\\b(?:URX|UO)\\b,?', '', when),
    set(to, `Split(${rest}, ",")[0]`, when, `${rest} != ""`),
    set(to, '"URX"', when, `${rest} == ""`),
    set(to, '"UO"', when, `${rest} == ""`, isMatch(from, '\\bUO\\b')),
  ];
}

/** What the rules of src/signals/side.ts look at. */
function factStatements(): readonly string[] {
  const key = cache('key');
  const harmless = isMatch(flags, `\\b(?:${[...benignFlags].join('|')})\\b`);
  const failing = cache('failing');
  const transport = attribute(fields.transportFailure.name);
  return [
    set(cache('flag'), '"-"'),
    set(cache('flag'), flag, `${flag} != nil`, `not ${harmless}`),
    set(failing, flags, harmless),
    replace(failing, `\\b(?:${[...benignFlags].join('|')})\\b,?`, '', harmless),
    replace(failing, ',$', '', harmless),
    ...primary(failing, cache('rest'), cache('flag'), `${harmless} and ${failing} != ""`),
    set(key, '""'),
    set(key, details, `${details} != nil`, `${details} != "-"`),
    replace(key, '^upstream_reset_before_response_started\\{([^|,}]*).*$', 'reset{$1'),
    replace(key, '^upstream_reset_after_response_started\\{([^|,}]*).*$', 'after{$1'),
    replace(key, '[\\[{(].*$', '', `not ${isMatch(key, '^(?:reset|after)\\{')}`),
    set(cache('transport'), transport, `${transport} != nil`, `${transport} != "-"`),
    set(cache('transport'), details, isMatch(details, '[|,]')),
    replace(cache('transport'), '^[^|,]*[|,]', '', isMatch(details, '[|,]')),
    set(cache('grpc'), '""'),
    set(cache('grpc'), grpc, `${grpc} != nil`),
    set(cache('status'), `Double(${status})`),
    set(cache('duration'), `Double(${attribute(fields.duration.name)})`),
    set(cache('age'), `Double(${attribute(fields.connectionAge.name)})`),
  ];
}

/** Once a batch: the pod, which Envoy only names among its built-in labels, and no labels that repeat what is said better elsewhere. */
export function resourceGroup(): Group {
  const node = resource('node_name');
  return {
    statements: [
      set(resource('k8s.pod.name'), `Split(${node}, ".")[0]`, `${node} != nil`),
      ...['log_name', 'zone_name', 'cluster_name', 'node_name'].map((n) => `delete_key(resource.attributes, "${n}")`),
    ],
  };
}
