import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel as GrafanaPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '../../../boards/board.ts';
import { top } from '../../../boards/query/expression.ts';
import { type At, prometheus, resultLabel } from '../at.ts';
import { seriesLooks } from '../decode.ts';
import { thresholds, units } from '../units.ts';
import { description, target, withLinks } from './base.ts';

/** The greatest, each as a bar. */
export function bars(panel: Extract<Panel, { kind: 'bars' }>, at: At): GrafanaPanel {
  const { by, query, limit } = panel;
  const name = (label: (typeof by)[number]): string => resultLabel(label, query, at.path);
  const made = new PanelBuilder()
    .title(panel.title)
    .description(description(panel, at))
    .datasource(prometheus)
    .unit(units[panel.unit])
    .min(0)
    .thresholds(thresholds(panel.thresholds))
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Text)
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .withTarget(
      target(top(limit, query), panel.id, at, { refId: 'A', instant: true }).legendFormat(
        by.map((label) => `{{${name(label)}}}`).join(' '),
      ),
    );
  if (panel.decimals !== undefined) made.decimals(panel.decimals);
  const [only, ...more] = by;
  if (more.length === 0 && (only === 'side' || only === 'flag' || only === 'statusClass'))
    for (const { name: value, properties } of seriesLooks(only)) made.overrideByName(value, properties);
  return withLinks(made.build(), panel, { by, kind: 'series', name }, at);
}
