import type { Alert } from '../../../alerts/alert.ts';
import { pagePath, runbookUrl } from '../../../alerts/page.ts';
import { takers } from '../../../alerts/routing.ts';
import type { BoardContext } from '../../../boards/context.ts';
import { triageCommand } from '../../../boards/triage-command.ts';
import type { Model, Severity } from '../../../contract/model.ts';
import { reference } from '../../datadog-reference.ts';
import { appOf } from '../names.ts';

export const priority: Readonly<Record<Severity, number>> = { critical: 1, warning: 3, info: 5 };

type Asked = Pick<Alert, 'page' | 'summary' | 'board'> & { readonly triage?: Alert['triage'] | undefined };

/** What is told beside the alert's own words. `tags`: those that it is grouped by, of the labels that boards and triage take. */
export interface Told {
  readonly text: string;
  readonly severity: Severity;
  /** Notifications that an objective names; none: whoever takes the severity. */
  readonly named: readonly string[];
  readonly tags: Readonly<Partial<Record<'cluster' | 'gateway' | 'backend', string>>>;
}

/** What a monitor tells its takers: what is so, where to read and to look, what to ask, and when it is over. */
export function message(
  { page, summary, board, triage }: Asked,
  { text, severity, named, tags }: Told,
  model: Model,
  context: BoardContext,
): string {
  const runbook = runbookUrl(context.runbooks, page);
  const handles = takers(model.notifications, context.environment.name, severity, named).flatMap((n) => n.datadog);
  const backend = tags.backend === undefined ? '' : ` --backend '{{${tags.backend}.name}}'`;
  return [
    '{{#is_alert}}',
    text,
    '',
    `Read: ${runbook ?? `docs/${pagePath(page)}`}`,
    ...look(board, tags, context),
    ...(triage === undefined ? [] : [`Ask: \`${triageCommand(triage)}${backend}\``]),
    '{{/is_alert}}',
    '{{#is_no_data}}',
    'No data: nobody can tell whether it is so.',
    '{{/is_no_data}}',
    '{{#is_recovery}}',
    `Over: ${summary}`,
    '{{/is_recovery}}',
    ...(handles.length === 0 ? [] : ['', [...new Set(handles)].join(' ')]),
  ].join('\n');
}

/** The board, with what was told of, from an hour before (https://docs.datadoghq.com/monitors/notify/variables/#dynamic-links). */
function look(board: string, tags: Told['tags'], { environment }: BoardContext): readonly string[] {
  if (!environment.datadog) return [];
  const filters = Object.entries(tags).map(([label, tag]) => `tpl_var_${label}={{${tag}.name}}&`);
  const at = (minutes: string): string => `{{eval "last_triggered_at_epoch${minutes}*60*1000"}}`;
  const dashboard = reference('dashboard', environment.name, board);
  return [
    `Look: ${appOf(environment.datadog.site)}/dashboard/${dashboard}?${filters.join('')}from_ts=${at('-60')}&to_ts=${at('+10')}&live=false`,
  ];
}
