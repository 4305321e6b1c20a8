import type { Alert } from '../../alerts/alert.ts';
import { pagePath, runbookUrl } from '../../alerts/page.ts';
import type { LogCondition } from '../../boards/board.ts';
import type { BoardContext } from '../../boards/context.ts';
import type { PromqlContext } from '../../boards/query/promql.ts';
import { triageCommand } from '../../boards/triage-command.ts';
import type { Model } from '../../contract/model.ts';
import { boardUid } from '../grafana-uid.ts';

/** What rules of one environment are made with. */
export interface At extends PromqlContext {
  readonly model: Model;
  readonly context: BoardContext;
}

export function at(model: Model, context: BoardContext): At {
  const { metrics } = context.environment;
  return {
    model,
    context,
    path: metrics.to === 'prometheus' ? metrics.mode : 'scrape',
    use: 'rule',
    scope: [],
    labels: context.labels,
    objectives: context.objectives,
  };
}

/** Where to read on: the page, the board with the alert's labels, and the question to triage. */
export function links(
  { model, context }: At,
  {
    page,
    board,
    triage,
    labels,
    stored,
  }: Pick<Alert, 'page' | 'board'> & {
    triage: LogCondition | undefined;
    labels: readonly string[];
    /** A label's name on the alert. */
    stored: (label: string) => string;
  },
): Readonly<Record<string, string>> {
  const { environment } = context;
  const url = environment.grafana?.url?.replace(/\/+$/, '');
  const runbook = runbookUrl(context.runbooks, page);
  const filled = labels.filter((l) => l === 'cluster' || l === 'gateway' || l === 'backend');
  const variables = filled.map((l) => `&var-${l}={{ $labels.${stored(l)} | urlquery }}`).join('');
  const backend = labels.includes('backend') ? ` --backend '{{ $labels.${stored('backend')} }}'` : '';
  const cluster = labels.includes('cluster') ? { cluster: `{{ $labels.${stored('cluster')} }}` } : {};
  return {
    page: `docs/${pagePath(page)}`,
    ...(runbook === undefined ? {} : { runbook_url: runbook }),
    ...(url === undefined
      ? {}
      : {
          dashboard_url: `${url}/d/${boardUid(board, environment, model)}?var-environment=${environment.name}${variables}`,
        }),
    ...(triage === undefined ? {} : { triage: `${triageCommand(triage, cluster)}${backend}` }),
  };
}
