import type { LogCondition } from '../../boards/board.ts';
import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import type { At } from './at.ts';
import { type Clicked, value } from './clicked.ts';
import { starred } from './encode.ts';

/**
 * CloudWatch Logs Insights in its console, with the query written: at most one link, as a group whose region the clusters decide has none
 * that holds for all. Of what was clicked it carries names that Kubernetes made; a route's may hold characters that the console reads itself.
 */
export function insights(condition: LogCondition, clicked: Clicked, at: At): readonly string[] {
  const { logs } = at.context.environment;
  if (logs.to !== 'cloudwatch' || logs.region === undefined) return [];
  const { region, group, shape, via } = logs;
  const own = (name: string): string => (shape === 'flat' ? name : `attributes.${name}`);
  const clickedOn = clicked.by.flatMap((label) => {
    const text = value(label, clicked, '');
    if (label === 'backend') return [`${own(fields.cluster.name)} = "${text}"`];
    if (label === 'status') return [`${own(fields.status.name)} = ${text}`];
    if (label === 'side') return [`${own(derived.side)} = "${text}"`];
    if (label !== 'gateway' || shape === 'flat') return [];
    return [`resource.${via === 'otlp' ? 'attributes.' : ''}service.name = "${text}"`];
  });
  const tests = [...conditions(condition, own), ...clickedOn];
  const query = [
    'fields @timestamp, @message',
    ...(tests.length > 0 ? [`filter ${tests.join(' and ')}`] : []),
    'sort @timestamp desc',
    'limit 200',
  ].join('\n| ');
  const detail = `start~\${__from}~end~\${__to}~timeType~'ABSOLUTE~editorString~'${starred(query)}~source~(~'${starred(group)})`;
  const console = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
  return [`${console}#logsV2:logs-insights$3FqueryDetail$3D~(${detail})`];
}

function conditions({ status, side, flag, failed }: LogCondition, own: (name: string) => string): readonly string[] {
  const list = (values: readonly string[]): string => `[${values.map((v) => `"${v}"`).join(', ')}]`;
  const code = own(fields.status.name);
  const range = status?.endsWith('xx')
    ? `${code} >= ${status[0]}00 and ${code} <= ${status[0]}99`
    : `${code} = ${status}`;
  return [
    ...(status === undefined ? [] : [range]),
    ...(side ? [`${own(derived.side)} in ${list(side)}`] : []),
    ...(flag ? [`${own(fields.flags.name)} in ${list(flag)}`] : []),
    ...(failed && !side ? [`ispresent(${own(derived.side)})`] : []),
  ];
}
