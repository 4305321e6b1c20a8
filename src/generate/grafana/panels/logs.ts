import { LogsDedupStrategy, LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import type { Panel as GrafanaPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { DataqueryBuilder, LokiQueryDirection, LokiQueryType } from '@grafana/grafana-foundation-sdk/loki';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import type { Panel } from '../../../boards/board.ts';
import { type At, loki } from '../at.ts';
import { dataLinks } from '../links.ts';
import { byVariables, logql } from '../logql.ts';
import { description } from './base.ts';

type Kind = Extract<Panel, { kind: 'logs' }>;

/** The records themselves where Grafana can read them, else the way to them. */
export const logs = (panel: Kind, at: At): GrafanaPanel =>
  at.context.environment.logs.to === 'loki' ? lines(panel, at) : way(panel, at);

const lines = (panel: Kind, at: At): GrafanaPanel =>
  new PanelBuilder()
    .title(panel.title)
    .description(description(panel, at))
    .datasource(loki)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Descending)
    .dedupStrategy(LogsDedupStrategy.None)
    .withTarget(
      new DataqueryBuilder()
        .datasource(loki)
        .refId('A')
        .queryType(LokiQueryType.Range)
        .direction(LokiQueryDirection.Backward)
        .maxLines(200)
        .expr(logql(panel.condition, byVariables(at.board.scope), at.context)),
    )
    .build();

const stores = {
  cloudwatch: 'CloudWatch Logs',
  datadog: 'Datadog',
  file: 'a file in the Collector',
  loki: 'Loki',
} as const;

function way(panel: Kind, at: At): GrafanaPanel {
  const links = dataLinks({ drill: { logs: panel.condition } }, { by: [], kind: 'series', name: (l) => l }, at);
  const store = stores[at.context.environment.logs.to];
  const content = [
    `The records of ${at.context.environment.name} are in ${store}.`,
    ...links.map(({ title, url }) => `[${title}](<${url}>)`),
    description(panel, at),
  ].join('\n\n');
  return new TextBuilder()
    .title(panel.title)
    .description(panel.description)
    .mode(TextMode.Markdown)
    .content(content)
    .build();
}
