import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel as GrafanaPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel } from '../../../boards/board.ts';
import { type At, prometheus, resultLabel } from '../at.ts';
import type { Clicked } from '../clicked.ts';
import { seriesLooks } from '../decode.ts';
import { thresholds, units } from '../units.ts';
import { description, refId, target, withLinks } from './base.ts';

type Kind = Extract<Panel, { kind: 'timeseries' }>;

export function timeseries(panel: Kind, at: At): GrafanaPanel {
  const labelled = panel.shown.filter((s) => typeof s.legend !== 'string');
  const made = new PanelBuilder()
    .title(panel.title)
    .description(description(panel, at))
    .datasource(prometheus)
    .unit(units[panel.unit])
    .axisSoftMin(0)
    .lineWidth(1)
    .fillOpacity(panel.stacked ? 60 : 8)
    .thresholds(thresholds(panel.thresholds))
    .legend(legend(labelled.length > 0))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (panel.max !== undefined) made.max(panel.max);
  if (panel.stacked) made.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (panel.thresholds)
    made.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  for (const [i, { query, legend: shown }] of panel.shown.entries())
    made.withTarget(
      target(query, panel.id, at, { refId: refId(i), instant: false }).legendFormat(
        typeof shown === 'string' ? shown : shown.map((l) => `{{${resultLabel(l, query, at.path)}}}`).join(' '),
      ),
    );
  if (panel.decode) for (const { name, properties } of seriesLooks(panel.decode)) made.overrideByName(name, properties);
  return withLinks(made.build(), panel, clicked(panel, at), at);
}

/** The labels that every series of the panel has. */
function clicked({ shown }: Kind, at: At): Clicked {
  const [first] = shown;
  const by = first === undefined || typeof first.legend === 'string' ? [] : first.legend;
  return { by, kind: 'series', name: (label) => (first ? resultLabel(label, first.query, at.path) : label) };
}

/** Many series are read as a table, the greatest first; a few with fixed names need one line. */
const legend = (many: boolean): VizLegendOptionsBuilder => {
  const made = new VizLegendOptionsBuilder().showLegend(true).placement(LegendPlacement.Bottom);
  return many
    ? made.displayMode(LegendDisplayMode.Table).calcs(['lastNotNull', 'max']).sortBy('Max').sortDesc(true)
    : made.displayMode(LegendDisplayMode.List).calcs([]);
};
