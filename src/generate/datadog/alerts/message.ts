import type { Alert } from '../../../alerts/alert.ts';
import { pagePath, runbookUrl } from '../../../alerts/page.ts';
import { takers } from '../../../alerts/routing.ts';
import type { BoardContext } from '../../../boards/context.ts';
import { triageCommand } from '../../../boards/triage-command.ts';
import type { Model, Severity } from '../../../contract/model.ts';

export const priority: Readonly<Record<Severity, number>> = { critical: 1, warning: 3, info: 5 };

/** What a monitor tells its takers: what is so, where to read, what to ask, and when it is over. */
export function message(
  { page, summary, triage }: Pick<Alert, 'page' | 'summary'> & { readonly triage?: Alert['triage'] | undefined },
  text: string,
  severity: Severity,
  model: Model,
  context: BoardContext,
  named: readonly string[],
  backend?: string,
): string {
  const runbook = runbookUrl(context.runbooks, page);
  const handles = takers(model.notifications, context.environment.name, severity, named).flatMap((n) => n.datadog);
  const line =
    triage === undefined ? undefined : `${triageCommand(triage)}${backend ? ` --backend '{{${backend}.name}}'` : ''}`;
  return [
    '{{#is_alert}}',
    text,
    '',
    `Read: ${runbook ?? `docs/${pagePath(page)}`}`,
    ...(line === undefined ? [] : [`Ask: \`${line}\``]),
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
