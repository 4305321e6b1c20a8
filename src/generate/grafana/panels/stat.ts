import { BigValueColorMode, BigValueGraphMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { type Panel as GrafanaPanel, MappingType, type RangeMap } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Panel } from '../../../boards/board.ts';
import { type At, prometheus } from '../at.ts';
import { thresholds, units } from '../units.ts';
import { description, ofView, target, withLinks } from './base.ts';

/** One number: the last, with its course behind it unless it is of the whole time shown. */
export function stat(panel: Extract<Panel, { kind: 'stat' }>, at: At): GrafanaPanel {
  const whole = ofView(panel.query);
  const made = new PanelBuilder()
    .title(panel.title)
    .description(description(panel, at))
    .datasource(prometheus)
    .unit(units[panel.unit])
    .thresholds(thresholds(panel.thresholds))
    .colorMode(panel.thresholds ? BigValueColorMode.BackgroundSolid : BigValueColorMode.Value)
    .graphMode(whole ? BigValueGraphMode.None : BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .withTarget(target(panel.query, panel.id, at, { refId: 'A', instant: whole }));
  if (panel.none !== undefined) made.noValue(panel.none);
  if (panel.none !== undefined && panel.unit === 'days') made.mappings([never(panel.none)]);
  return withLinks(made.build(), panel, { by: [], kind: 'series', name: (label) => label }, at);
}

/** Where Envoy has no certificate it says 2^32 - 1 days (seen on a running 1.40), which is more than anybody's. */
const never = (text: string): RangeMap => ({
  type: MappingType.RangeToText,
  options: { from: 1_000_000, to: null, result: { text, color: 'text', index: 0 } },
});
