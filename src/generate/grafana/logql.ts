import type { BoardLabel, LogCondition } from '../../boards/board.ts';
import type { BoardContext } from '../../boards/context.ts';
import { variableName } from '../../boards/query/context.ts';
import { flat } from '../../contract/reserved-labels.ts';
import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';

const loki = (attribute: string): string => attribute.replace(/[^A-Za-z0-9_]/g, '_');

/** Loki's index labels: those resource attributes that it takes by itself; everything else of a record is structured metadata. */
const indexed: Readonly<Partial<Record<BoardLabel, string>>> = {
  gateway: 'service_name',
  cluster: 'k8s_cluster_name',
  environment: 'deployment_environment_name',
};

const onRecord: Readonly<Partial<Record<BoardLabel, string>>> = {
  route: loki(fields.route.name),
  backend: loki(fields.cluster.name),
  status: loki(fields.status.name),
  side: loki(derived.side),
};

const status = loki(fields.status.name);
const statuses: Readonly<Record<NonNullable<LogCondition['status']>, string>> = {
  '5xx': `${status}=~"5.."`,
  '4xx': `${status}=~"4.."`,
  '503': `${status}="503"`,
  '0': `${status}="0"`,
};

/** The whole list of flags is on every record, `-` for none; the primary one only where there is one. */
const flagged = (value: string): string => `${loki(fields.flags.name)}=~"(.*,)?${value}(,.*)?"`;

/** A filter's value: a label that the board's variable holds several of, or the one that was clicked. */
export interface Chosen {
  readonly label: BoardLabel;
  /** `=~`: the text is a regular expression. */
  readonly operator: '=' | '=~';
  /** As it stands in the query: a variable of Grafana's, or text. */
  readonly text: string;
}

/**
 * The records behind a number, in LogQL over what the Collector sends: the stream by identity, the rest by structured metadata. Labels that
 * records do not carry as metrics do (buckets, those kept out of logs) are left out: wider, never another question.
 */
export function logql(condition: LogCondition, chosen: readonly Chosen[], context: BoardContext): string {
  const stream = chosen.flatMap(({ label, operator, text }) => {
    const name = indexed[label];
    return name === undefined ? [] : [`${name}${operator}"${text}"`];
  });
  const rest = chosen.flatMap(({ label, operator, text }) => {
    if (label === 'flag') return [flagged(text)];
    const name = onRecord[label] ?? customName(label, context);
    return name === undefined ? [] : [`${name}${operator}"${text}"`];
  });
  const { side, flag, failed } = condition;
  const own = [
    ...(condition.status === undefined ? [] : [statuses[condition.status]]),
    ...(side ? [`${loki(derived.side)}=~"${side.join('|')}"`] : []),
    ...(flag ? [flagged(`(${flag.join('|')})`)] : []),
    // Only what failed, or was refused, carries a side.
    ...(failed && !side ? [`${loki(derived.side)}!=""`] : []),
  ];
  // A selector that can match nothing at all is refused, so one that can't be empty comes first.
  const selector = ['service_name=~".+"', ...stream].join(', ');
  return [`{${selector}}`, ...own, ...rest].join(' | ');
}

function customName(label: BoardLabel, { labels }: BoardContext): string | undefined {
  const own = labels.find((l) => label === `custom:${l.name}`);
  return own?.on.logs && own.bound.kind !== 'buckets' ? flat(own.name) : undefined;
}

/** The board's own variables as filters, for a query of a panel: Grafana makes a regular expression of several values. */
export const byVariables = (scope: readonly BoardLabel[]): readonly Chosen[] =>
  scope.flatMap((label): Chosen[] => {
    const chosen: Chosen = { label, operator: '=~', text: `$${variableName(label)}` };
    return label === 'backend' ? [chosen, { ...chosen, text: '([a-z]+_)?$namespace(_.*)?' }] : [chosen];
  });
