import type { Panel as GrafanaPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import type { Panel } from '../../../boards/board.ts';
import type { At } from '../at.ts';
import { bars } from './bars.ts';
import { heatmap } from './heatmap.ts';
import { logs } from './logs.ts';
import { stat } from './stat.ts';
import { table } from './table.ts';
import { timeseries } from './timeseries.ts';

/** A panel as Grafana has it, without its place and number. */
export function grafanaPanel(panel: Panel, at: At): GrafanaPanel {
  switch (panel.kind) {
    case 'timeseries':
      return timeseries(panel, at);
    case 'stat':
      return stat(panel, at);
    case 'table':
      return table(panel, at);
    case 'bars':
      return bars(panel, at);
    case 'heatmap':
      return heatmap(panel, at);
    case 'logs':
      return logs(panel, at);
    case 'text':
      return new TextBuilder()
        .title(panel.title)
        .description(panel.description)
        .mode(TextMode.Markdown)
        .content(panel.markdown)
        .build();
  }
}
