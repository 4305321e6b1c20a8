import { fields } from '../../envoy/fields.ts';
import { benignFlags } from '../../envoy/response-flags.ts';
import { derived, flagsCounted } from '../../signals/labels.ts';
import { isMarked, markFailing, markOdd } from './marks.ts';
import { attribute, cache, type Group, isMatch, replace, resource, set, text } from './ottl.ts';
import { sideStatements, tablesKey } from './side.ts';

const flags = attribute(fields.flags.name);
const flag = attribute(derived.flag);
const status = attribute(fields.status.name);
const grpc = attribute(fields.grpcStatus.name);
const details = attribute(fields.details.name);

/**
 * A record whose status is below or above those, or that has a flag or a gRPC failure. Values are still Envoy's strings here: three digits,
 * or "0" when nothing was sent.
 */
const beyond = (least: string, most: string): readonly string[] => [
  `${flags} != "-"`,
  `${status} >= ${text(most)}`,
  `${status} < ${text(least)}`,
  `(${grpc} != "-" and ${grpc} != "OK" and ${grpc} != nil)`,
];

const raised = `${isMarked} and ${flags} != nil and ${flags} != "-"`;
const harmless = `\\b(?:${[...benignFlags].join('|')})\\b`;

/**
 * What metrics need of each record: status class, flags, side. Order matters: metrics are made right after. A plain success is compared once
 * and marked as nothing; all else stands behind the mark.
 */
export function accessGroups(): readonly Group[] {
  return [
    { conditions: beyond('200', '300'), statements: [markOdd] },
    { conditions: [`${isMarked} and (${status} >= "300" or ${status} < "200")`], statements: classStatements() },
    { conditions: [raised], statements: [set(flag, flags), set(attribute(derived.nthFlag(1)), flags)] },
    { conditions: [`${raised} and ${isMatch(flags, ',')}`], statements: severalFlags() },
    { conditions: [`${raised} and ${isMatch(flags, harmless)}`], statements: harmlessFlags() },
    {
      conditions: [`${isMarked} and (${beyond('100', '400').join(' or ')})`],
      statements: [
        ...factStatements(),
        ...sideStatements(),
        markFailing(`(${attribute(derived.side)} != nil or ${flag} != nil)`),
      ],
    },
    { statements: [`delete_key(resource.attributes, ${text(tablesKey)})`] },
  ];
}

/** `2xx` is what the metric takes a record for that says nothing. */
function classStatements(): readonly string[] {
  const to = attribute(derived.statusClass);
  return [set(to, '"0"'), set(to, `Concat([Substring(${status}, 0, 1), "xx"], "")`, `${status} >= "100"`)];
}

/** The primary flag, as src/envoy/response-flags.ts has it, and each flag by its place. */
function severalFlags(): readonly string[] {
  const nth = Array.from({ length: flagsCounted }, (_, i) => i + 1);
  return [
    ...primary(flags, flag),
    ...nth.map((n) =>
      set(
        attribute(derived.nthFlag(n)),
        `Split(${flags}, ",")[${n - 1}]`,
        ...(n > 2 ? [isMatch(flags, `^[^,]*(?:,[^,]*){${n - 1}}`)] : []),
      ),
    ),
  ];
}

/** A delay that was injected or an answer of the cache is no failure: what counts is what was raised beside it. */
function harmlessFlags(): readonly string[] {
  const rest = cache('failing');
  const to = attribute(derived.failingFlag);
  return [
    set(rest, flags),
    replace(rest, `${harmless},?`, ''),
    replace(rest, ',$', ''),
    ...primary(rest, to),
    set(to, '"-"', `${rest} == ""`),
  ];
}

/**
 * The first flag that is neither URX nor UO: both only say what became of the retries. When nothing else was raised UO comes before URX.
 */
function primary(from: string, to: string): readonly string[] {
  const rest = cache('rest');
  return [
    set(rest, from),
    replace(rest, '\\b(?:URX|UO)\\b,?', ''),
    set(to, `Split(${rest}, ",")[0]`, `${rest} != ""`),
    set(to, '"URX"', `${rest} == ""`),
    set(to, '"UO"', `${rest} == ""`, isMatch(from, '\\bUO\\b')),
  ];
}

/** What the rules of src/signals/side.ts look at. */
function factStatements(): readonly string[] {
  const key = cache('key');
  const failing = attribute(derived.failingFlag);
  const transport = attribute(fields.transportFailure.name);
  const logged = (value: string) => `${value} != nil and ${value} != "-"`;
  const reset = (when: string) => `HasPrefix(${key}, "upstream_reset_${when}_response_started{")`;
  // Splitting costs a tenth of what a regular expression with groups does, and in an outage every record comes here.
  const reason = `Split(Split(Split(${key}, "{")[1], "|")[0], ",")[0]`;
  const taken = `(HasPrefix(${key}, "reset{") or HasPrefix(${key}, "after{"))`;
  const number = (name: string, field: string) =>
    set(cache(name), `Double(${attribute(field)})`, logged(attribute(field)));
  return [
    set(cache('flag'), '"-"'),
    set(cache('flag'), flag, `${flag} != nil`),
    set(cache('flag'), failing, `${failing} != nil`),
    set(key, '""'),
    set(key, details, logged(details)),
    set(key, `TrimSuffix(Concat(["reset{", ${reason}], ""), "}")`, reset('before')),
    set(key, `TrimSuffix(Concat(["after{", ${reason}], ""), "}")`, reset('after')),
    replace(key, '[\\[{(].*$', '', `not ${taken}`),
    set(cache('transport'), transport, logged(transport)),
    set(cache('transport'), details, `${cache('transport')} == nil`, isMatch(details, '[|,]')),
    replace(cache('transport'), '^upstream_reset[^|,]*[|,]', '', `HasPrefix(${cache('transport')}, "upstream_reset")`),
    set(cache('grpc'), '""'),
    set(cache('grpc'), grpc, `${grpc} != nil`),
    number('status', fields.status.name),
    number('duration', fields.duration.name),
    number('age', fields.connectionAge.name),
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
