import type { Logs } from '../../contract/model.ts';
import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import type { Condition, Question } from './question.ts';

/** Groups shown. */
const most = 100;

/** CloudWatch Logs Insights QL, over the event that the pipeline writes: attributes below `attributes.`, or flat at its top. */
export function insights(question: Question, { shape }: Extract<Logs, { to: 'cloudwatch' }>): string {
  const own = (attribute: string): string => (shape === 'flat' ? attribute : `attributes.${attribute}`);
  const duration = own(fields.duration.name);
  const { where, by, of } = question;
  const test = where === undefined ? `ispresent(${duration})` : condition(where, own);
  // What becomes of a group without one of its keys is not documented, so each has a value.
  const keys = by.map(({ attribute }, i) => `coalesce(${own(attribute)}, "-") as ${column(attribute, i)}`);
  const measures =
    of === 'requests' ? 'count(*) as requests' : `pct(${duration}, 50) as p50, pct(${duration}, 99) as p99`;
  const commands = [
    `filter ${test}`,
    `fields ${keys.join(', ')}`,
    `stats ${measures} by ${by.map(({ attribute }, i) => column(attribute, i)).join(', ')}`,
    `sort ${of === 'requests' ? 'requests' : 'p99'} desc`,
    `limit ${most}`,
  ];
  return `${commands.join('\n| ')}\n`;
}

/** A name that no attribute of a record has: an alias must not hide a field. */
const column = (attribute: string, index: number): string =>
  `k${index + 1}_${attribute.replace(/^(envoy|vigia)\./, '').replace(/[^A-Za-z0-9]/g, '_')}`;

function condition(of: Condition, own: (attribute: string) => string): string {
  switch (of.kind) {
    case 'failed':
      return `ispresent(${own(derived.side)})`;
    case 'status':
      return `${own(fields.status.name)} = ${of.status}`;
    case 'flag':
      return `${own(fields.flags.name)} like /^(?:.*,)?${of.flag}(?:,.*)?$/`;
    case 'any':
      return `(${of.of.map((c) => condition(c, own)).join(' or ')})`;
  }
}
