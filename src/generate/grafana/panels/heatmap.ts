import { TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import type { Panel as GrafanaPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapTooltipBuilder,
  PanelBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Panel } from '../../../boards/board.ts';
import { type At, prometheus } from '../at.ts';
import { units } from '../units.ts';
import { description, target } from './base.ts';

/** A classic histogram's buckets over time. */
export const heatmap = (panel: Extract<Panel, { kind: 'heatmap' }>, at: At): GrafanaPanel =>
  new PanelBuilder()
    .title(panel.title)
    .description(description(panel, at))
    .datasource(prometheus)
    .calculate(false)
    .yAxis(new YAxisConfigBuilder().unit(units[panel.unit]))
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').exponent(0.5).steps(64))
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true))
    .showLegend()
    .withTarget(
      target(panel.query, panel.id, at, { refId: 'A', instant: false })
        .format(PromQueryFormat.Heatmap)
        .legendFormat('{{le}}'),
    )
    .build();
