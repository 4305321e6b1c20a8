import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import { yamlText } from '../yaml.ts';
import type { Condition, Question } from './question.ts';

/** The product of the limits of all groups must not pass this. */
const mostGroups = 10_000;

/**
 * Datadog's search says which records, its aggregate call says what of them, so the file is the call's body
 * (https://docs.datadoghq.com/api/latest/logs/#aggregate-events), for want of a comment in either written as YAML.
 */
export function datadog({ where, by, of }: Question, environment: string): string {
  const duration = `@${fields.duration.name}`;
  const tests = [`env:${quoted(environment)}`, where === undefined ? `${duration}:*` : condition(where)];
  const measures =
    of === 'requests'
      ? [{ aggregation: 'count', type: 'total' }]
      : ['median', 'pc99'].map((aggregation) => ({ aggregation, metric: duration, type: 'total' }));
  const sort =
    of === 'requests'
      ? { type: 'measure', aggregation: 'count', order: 'desc' }
      : { type: 'measure', aggregation: 'pc99', metric: duration, order: 'desc' };
  return yamlText({
    filter: { query: tests.join(' AND '), from: 'now-1h', to: 'now', indexes: ['*'] },
    compute: measures,
    group_by: by.map(({ attribute }) => ({
      facet: `@${attribute}`,
      limit: Math.min(100, Math.floor(mostGroups ** (1 / by.length))),
      // A record without the attribute is left out unless this is given.
      missing: '-',
      sort,
    })),
  });
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

function condition(of: Condition): string {
  switch (of.kind) {
    case 'failed':
      return `@${derived.side}:*`;
    case 'status':
      return `@${fields.status.name}:${of.status}`;
    case 'flag': {
      // One text holds them all, comma-joined.
      const { flag } = of;
      return `@${fields.flags.name}:(${[flag, `${flag},*`, `*,${flag}`, `*,${flag},*`].join(' OR ')})`;
    }
    case 'any':
      return `(${of.of.map(condition).join(' OR ')})`;
  }
}
