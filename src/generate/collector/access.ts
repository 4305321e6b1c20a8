import { fields } from '../../envoy/fields.ts';
import { benignFlags } from '../../envoy/response-flags.ts';
import { derived, flagsCounted } from '../../signals/labels.ts';
import { isMarked, markAsked, markOdd } from './marks.ts';
import { attribute, cache, type Group, isMatch, replace, resource, set, text } from './ottl.ts';
import { sideGroups, tablesKey } from './side.ts';

const flags = attribute(fields.flags.name);
const flag = attribute(derived.flag);
const status = attribute(fields.status.name);
const grpc = attribute(fields.grpcStatus.name);

/** What says that something failed beside the status: a flag or a gRPC status. Values are still Envoy's strings here, an absent one is `-`. */
const flagged = `${flags} != "-"`;
const grpcFailed = `(${grpc} != "-" and ${grpc} != "OK" and ${grpc} != nil)`;
/** Three digits, or "0" when nothing was sent. */
const failed = `${status} >= "400" or ${status} < "100"`;

const harmless = `\\b(?:${[...benignFlags].join('|')})\\b`;

/**
 * What metrics need of each record: status class, flags, side. Order matters: metrics are made right after. A plain success is compared once
 * and marked as nothing; all else stands behind the mark. Few groups, since each is a walk over all records.
 */
export function accessGroups(): readonly Group[] {
  return [
    { conditions: [flagged, `not HasPrefix(${status}, "2")`, grpcFailed], statements: [markOdd] },
    {
      conditions: [isMarked],
      statements: [
        ...classStatements(),
        // A flag is a capital letter, which comes after the dash; one that is not logged does not.
        ...[flag, attribute(derived.nthFlag(1))].map((to) => set(to, flags, `${flags} > "-"`)),
        markAsked(`(${flagged} or ${failed} or ${grpcFailed})`),
      ],
    },
    { conditions: [`${isMarked} and ${isMatch(flags, ',')}`], statements: severalFlags() },
    { conditions: [`${isMarked} and ${isMatch(flags, harmless)}`], statements: harmlessFlags() },
    ...sideGroups(),
    { statements: [`delete_key(resource.attributes, ${text(tablesKey)})`] },
  ];
}

/** `2xx` is what the metric takes a record for that says nothing. */
function classStatements(): readonly string[] {
  const to = attribute(derived.statusClass);
  return [
    set(to, '"0"', `${status} < "100"`),
    set(
      to,
      `Concat([Substring(${status}, 0, 1), "xx"], "")`,
      `(${status} >= "300" or (${status} < "200" and ${status} >= "100"))`,
    ),
  ];
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
