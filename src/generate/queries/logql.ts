import { fields } from '../../envoy/fields.ts';
import { derived, labels, sourceOf } from '../../signals/labels.ts';
import type { Condition, Question } from './question.ts';

/** Groups shown; Loki answers with 500 series at the most. */
const most = 100;

/** Loki's spelling of an attribute's name. */
const label = (attribute: string): string => attribute.replace(/[^A-Za-z0-9_]/g, '_');

/** LogQL over the structured metadata of OTLP's records: what is missing is the empty text, and all values are texts. */
export function logql({ where, by, of }: Question, environment: string): string {
  // A selector that can match nothing at all is refused; the name is quoted as Go quotes, of which JSON's escapes are a part.
  const selector = `{${label(sourceOf(labels.environment))}=${JSON.stringify(environment)}}`;
  const names = by.map(({ attribute }) => label(attribute)).join(', ');
  if (of === 'requests') {
    const records = [selector, ...(where === undefined ? [] : [condition(where)])].join(' | ');
    return `topk(${most}, sum by (${names}) (count_over_time(\n  ${records} [1h]\n)))\n`;
  }
  const duration = label(fields.duration.name);
  const quantile = (q: number, name: string): string =>
    [
      `label_replace(topk(${most}, quantile_over_time(${q},`,
      `  ${selector} | ${duration}!="" | unwrap ${duration} | __error__="" [1h]`,
      `) by (${names})), "quantile", "${name}", "", "")`,
    ].join('\n');
  return `${quantile(0.99, 'p99')}\nor\n${quantile(0.5, 'p50')}\n`;
}

function condition(of: Condition): string {
  switch (of.kind) {
    case 'failed':
      return `${label(derived.side)}!=""`;
    case 'status':
      return `${label(fields.status.name)}="${of.status}"`;
    case 'flag':
      return `${label(fields.flags.name)}=~"(.*,)?${of.flag}(,.*)?"`;
    case 'any':
      return `(${of.of.map(condition).join(' or ')})`;
  }
}
