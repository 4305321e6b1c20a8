import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { At } from './at.ts';
import { arranged, numbers, type PlacedRow } from './layout.ts';
import { grafanaPanel } from './panels/index.ts';
import { tidied } from './tidy.ts';
import { variables } from './variables.ts';

/** A board as a classic dashboard (schemaVersion 42), which every Grafana from 10 on, its operator, sidecars and files take. */
export function dashboard(at: At): Dashboard {
  const { board, context } = at;
  const environment = context.environment.name;
  const made = new DashboardBuilder(board.title)
    .uid(at.uid(board.id))
    .description(board.description)
    .tags(['envoy', 'kgateway', 'vigia', environment])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('1m')
    .timezone('browser')
    .timepicker(new TimePickerBuilder().refreshIntervals(['30s', '1m', '5m', '15m']))
    .annotation(annotations)
    .link(
      new DashboardLinkBuilder('Gateways')
        .type(DashboardLinkType.Dashboards)
        .tags(['vigia', environment])
        .asDropdown(false)
        .keepTime(true)
        .includeVars(true),
    )
    .build();
  return tidied({ ...made, templating: { list: variables(at) }, panels: arranged(rows(at)) });
}

/** What Grafana itself adds to a board that lacks it. */
const annotations = new AnnotationQueryBuilder()
  .name('Annotations & Alerts')
  .datasource({ type: 'grafana', uid: '-- Grafana --' })
  .builtIn(1)
  .enable(true)
  .hide(true)
  .iconColor('rgba(0, 211, 255, 1)')
  .type('dashboard');

function rows(at: At): readonly PlacedRow[] {
  const ids = at.board.rows.flatMap((row) => [`row ${row.title}`, ...row.panels.map((p) => p.id)]);
  const number = numbers(ids);
  return at.board.rows.map((row) => ({
    title: row.title,
    id: number.get(`row ${row.title}`) as number,
    collapsed: row.collapsed ?? false,
    panels: row.panels.map((panel) => ({
      ...grafanaPanel(panel, at),
      id: number.get(panel.id) as number,
      width: panel.width,
      height: panel.height,
    })),
  }));
}
