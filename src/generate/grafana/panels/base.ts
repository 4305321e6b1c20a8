import type { DashboardLink, Panel as GrafanaPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Panel } from '../../../boards/board.ts';
import type { Query } from '../../../boards/query/expression.ts';
import { triageCommand } from '../../../boards/triage-command.ts';
import { type At, compiled, fill, prometheus } from '../at.ts';
import type { Clicked } from '../clicked.ts';
import { dataLinks } from '../links.ts';

/** What a panel says and what to ask next: Grafana fills in the time that is shown. */
export function description({ description: text, triage }: Panel, { context }: At): string {
  if (!triage) return text;
  const [only, ...others] = context.clusters;
  const cluster = others.length === 0 ? only : fill('cluster:text');
  const line = triageCommand(triage, { from: fill('__from:date:iso'), to: fill('__to:date:iso'), cluster });
  return `${text}\n\n\`${line}\``;
}

/** A target; `instant` asks for the last point alone. */
export function target(
  query: Query,
  panel: string,
  at: At,
  shape: { readonly refId: string; readonly instant: boolean },
): DataqueryBuilder {
  const made = new DataqueryBuilder()
    .datasource(prometheus)
    .refId(shape.refId)
    .expr(compiled(query, panel, at));
  return shape.instant ? made.instant() : made.range();
}

/** A, B, ... */
export const refId = (index: number): string => String.fromCharCode(65 + index);

/** Whether a query is about the whole time shown: then it has one value, and no course. */
export function ofView(query: Query): boolean {
  switch (query.node) {
    case 'ratio':
      return ofView(query.of);
    case 'minus':
    case 'plus':
      return ofView(query.left);
    case 'scale':
    case 'top':
    case 'zero':
      return ofView(query.of);
    case 'gauge':
    case 'objective':
      return false;
    default:
      return query.window === 'view';
  }
}

/** The panel with links on its values; the SDK's own have keys that data links do not. */
export function withLinks(made: GrafanaPanel, panel: Panel, clicked: Clicked, at: At): GrafanaPanel {
  const links = dataLinks(panel, clicked, at);
  const { fieldConfig } = made;
  if (links.length === 0 || !fieldConfig) return made;
  return {
    ...made,
    fieldConfig: {
      ...fieldConfig,
      defaults: { ...fieldConfig.defaults, links: links as readonly object[] as DashboardLink[] },
    },
  };
}
