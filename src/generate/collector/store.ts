import type { Cluster, Label } from '../../contract/model.ts';
import { type FieldId, fields } from '../../envoy/fields.ts';
import { derived, flagsCounted } from '../../signals/labels.ts';
import { bucketGroups, signatureStatements } from './buckets.ts';
import { labelCleanup } from './labels.ts';
import { isFailing, isMarked } from './marks.ts';
import { attribute, type Group, joined, remove, set, text } from './ottl.ts';
import { pathGroups, redactionStatements } from './redaction.ts';
import { weightGroup } from './sampling.ts';

/** Longer values are cut: a hostile header must not swell what is stored and billed. */
const longest = 2048;

/**
 * What a record goes through on its way to a store, after metrics were made of all and the sampling has chosen: weight, buckets, signature and
 * severity while values are still Envoy's strings, then numbers and redaction.
 */
export function storeGroups({ accessLog: log, environment }: Cluster, labels: readonly Label[]): readonly Group[] {
  const flat = environment.logs.to === 'cloudwatch' && environment.logs.shape === 'flat';
  // What Envoy sends as text; a weight is a number of ours, and a fraction.
  const numbers = log.fields.filter((id) => fields[id].type === 'number' && fields[id].operator !== '');
  // Loki keeps every attribute as text.
  const typed = environment.logs.to !== 'loki';
  return joined(
    weightGroup(log.sampling),
    ...bucketGroups(),
    // What only metrics needed.
    {
      conditions: [isMarked],
      statements: [
        remove('log.attributes', derived.statusClass),
        remove('log.attributes', derived.failingFlag),
        ...Array.from({ length: flagsCounted }, (_, i) => remove('log.attributes', derived.nthFlag(i + 1))),
      ],
    },
    { conditions: [isFailing], statements: [...signatureStatements(), ...severityStatements()] },
    {
      statements: [
        ...severity('INFO', 'log.severity_number < SEVERITY_NUMBER_INFO'),
        ...numbers.flatMap((id) => numberStatements(id, typed)),
        ...redactionStatements(log.redaction),
      ],
    },
    ...(log.maskPathTokens ? pathGroups() : []),
    {
      statements: [
        ...labelCleanup(labels),
        `truncate_all(log.attributes, ${longest})`,
        flat ? 'set(log.body, log.attributes)' : bodyStatement(),
        // Chooses Datadog's own processing of Envoy's logs.
        ...(environment.logs.to === 'datadog' ? ['set(resource.attributes["datadog.log.source"], "envoy")'] : []),
        'set(log.observed_time_unix_nano, log.time_unix_nano)',
        ...(environment.logs.to === 'cloudwatch' ? takenTimes : []),
      ],
    },
  );
}

/**
 * CloudWatch takes no event that is 14 days old or two hours ahead, and a record has the time at which its request began: a stream may have run
 * for longer. awscloudwatchlogs sends the rest of such a batch and fails, so would send it again for ever. What is left is when it ended.
 * Sources: PutLogEvents' reference; internal/aws/cwlogs/pusher.go of opentelemetry-collector-contrib v0.157.0, Event.Validate.
 */
const takenTimes: readonly string[] = [
  set('log.time', 'Now()', 'Now() - log.time > Duration("312h")'),
  set('log.time', 'Now()', 'log.time - Now() > Duration("1h")'),
];

/** Fields that Envoy always has a number for; the others are absent as `-` and must not be a second type of the same field in a store. */
const alwaysSet: ReadonlySet<FieldId> = new Set(['status', 'attempts', 'bytesReceived', 'bytesSent']);

/** Absent is no second type of the field; and `typed` a number, where the store has numbers. */
function numberStatements(id: FieldId, typed: boolean): readonly string[] {
  const { name } = fields[id];
  const value = attribute(name);
  // Digits come after the dash that stands for none; a field that is not logged is not above it either.
  const asNumber = typed ? [set(value, `Int(${value})`, `${value} > "-"`)] : [];
  return alwaysSet.has(id) ? asNumber : [...asNumber, remove('log.attributes', name, `${value} == "-"`)];
}

/** After this the marks are gone. */
const severity = (level: string, ...when: readonly string[]): readonly string[] => [
  set('log.severity_text', text(level), ...when),
  set('log.severity_number', `SEVERITY_NUMBER_${level}`, ...when),
];

/**
 * Envoy sends none. An error is what somebody has to mend; what a client or a policy caused is a warning. Every 5xx has a side, so all of these
 * are marked.
 */
function severityStatements(): readonly string[] {
  const status = attribute(fields.status.name);
  const side = attribute(derived.side);
  const mend = ['backend', 'gateway', 'between'].map((s) => `${side} == "${s}"`).join(' or ');
  return [...severity('ERROR', `(${status} >= "500" or ${mend})`), ...severity('WARN', isFailing, `${side} != nil`)];
}

/** One line that a person can read, from values that are redacted by now. */
function bodyStatement(): string {
  const parts = (['method', 'path', 'status', 'flags'] as const).map((id) => attribute(fields[id].name));
  return set('log.body', `Concat([${parts.join(', ')}], " ")`);
}
