import type { Panel } from '../../../boards/board.ts';
import { fields } from '../../../envoy/fields.ts';
import { derived } from '../../../signals/labels.ts';
import { condition, scopeSearch } from './logs.ts';
import type { At } from './measured.ts';
import type { ListStreamColumn, WidgetDefinition } from './models.ts';
import { note } from './note.ts';

const shown = [
  'timestamp',
  'service',
  `@${fields.method.name}`,
  `@${fields.path.name}`,
  `@${fields.status.name}`,
  `@${fields.flags.name}`,
  `@${fields.details.name}`,
  `@${derived.side}`,
  `@${fields.cluster.name}`,
  `@${fields.duration.name}`,
];

const elsewhere = {
  cloudwatch: 'CloudWatch Logs',
  loki: 'Loki',
  file: 'files on the gateways',
} as const;

/** The requests themselves, where they are in Datadog; else where they are, which no widget can show. */
export function logStream(panel: Extract<Panel, { readonly kind: 'logs' }>, at: At): WidgetDefinition {
  const { logs } = at.context.environment;
  if (logs.to !== 'datadog') {
    const group = logs.to === 'cloudwatch' ? `, group \`${logs.group}\`` : '';
    return note(
      `**${panel.title}**\n\nThe access logs of ${at.context.environment.name} are in ${elsewhere[logs.to]}${group}. ${panel.description}`,
    );
  }
  return {
    type: 'list_stream',
    title: panel.title,
    description: panel.description,
    requests: [
      {
        responseFormat: 'event_list',
        columns: shown.map(
          (field): ListStreamColumn => ({ field, width: field === `@${fields.path.name}` ? 'full' : 'auto' }),
        ),
        query: {
          dataSource: 'logs_stream',
          queryString: [...scopeSearch(at.scope), ...condition(panel.condition)].join(' '),
          indexes: [],
          storage: 'hot',
          sort: { column: 'timestamp', order: 'desc' },
        },
      },
    ],
  };
}
