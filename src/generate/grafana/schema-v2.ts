import type { Dashboard as Classic, Panel, RowPanel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  type AnnotationQueryKind,
  type Dashboard,
  DashboardCursorSync,
  type DashboardLink,
  type DataQueryKind,
  type PanelKind,
  type RowsLayoutRowKind,
  VariableHide,
  type VariableKind,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboardv2';

/** What Grafana 13's API, its operator's GrafanaManifest and Git Sync take; the folder is theirs to say. */
export interface Resource {
  readonly apiVersion: 'dashboard.grafana.app/v2';
  readonly kind: 'Dashboard';
  readonly metadata: { readonly name: string };
  readonly spec: Dashboard;
}

/** The same dashboard in schema v2: panels by name apart from where they stand, one query and variable shape for all data sources. */
export function asV2(classic: Classic): Resource {
  const spec: Dashboard = {
    title: classic.title ?? '',
    ...(classic.description === undefined ? {} : { description: classic.description }),
    tags: classic.tags ?? [],
    editable: classic.editable ?? false,
    preload: false,
    cursorSync: DashboardCursorSync.Crosshair,
    timeSettings: {
      timezone: classic.timezone ?? 'browser',
      from: classic.time?.from ?? 'now-1h',
      to: classic.time?.to ?? 'now',
      autoRefresh: classic.refresh ?? '',
      autoRefreshIntervals: classic.timepicker?.refresh_intervals ?? [],
      hideTimepicker: false,
      fiscalYearStartMonth: 0,
    },
    variables: (classic.templating?.list ?? []).map(variable),
    annotations: [annotation],
    links: (classic.links ?? []) as unknown as DashboardLink[],
    elements: Object.fromEntries(panelsOf(classic).map((p) => [nameOf(p), element(p)])),
    layout: { kind: 'RowsLayout', spec: { rows: rows(classic) } },
  };
  return { apiVersion: 'dashboard.grafana.app/v2', kind: 'Dashboard', metadata: { name: classic.uid ?? '' }, spec };
}

const isRow = (p: Panel | RowPanel): p is RowPanel => p.type === 'row';

const panelsOf = ({ panels = [] }: Classic): readonly Panel[] => panels.flatMap((p) => (isRow(p) ? p.panels : [p]));

const nameOf = ({ id }: Panel): string => `panel-${id}`;

/** A row holds what follows it, its panels placed from its own top. */
function rows({ panels = [] }: Classic): RowsLayoutRowKind[] {
  const all: { readonly row: RowPanel; readonly panels: Panel[] }[] = [];
  for (const p of panels)
    if (isRow(p)) all.push({ row: p, panels: [...p.panels] });
    else all.at(-1)?.panels.push(p);
  return all.map(({ row, panels: mine }) => {
    const top = Math.min(...mine.map((p) => p.gridPos?.y ?? 0));
    const items = mine.map((p) => ({
      kind: 'GridLayoutItem' as const,
      spec: {
        x: p.gridPos?.x ?? 0,
        y: (p.gridPos?.y ?? 0) - top,
        width: p.gridPos?.w ?? 24,
        height: p.gridPos?.h ?? 8,
        element: { kind: 'ElementReference' as const, name: nameOf(p) },
      },
    }));
    return {
      kind: 'RowsLayoutRow',
      spec: { title: row.title ?? '', collapse: row.collapsed, layout: { kind: 'GridLayout', spec: { items } } },
    };
  });
}

function element(p: Panel): PanelKind {
  const { refId: _, ...options } = { refId: undefined, ...p.options };
  return {
    kind: 'Panel',
    spec: {
      id: p.id ?? 0,
      title: p.title ?? '',
      description: p.description ?? '',
      links: [],
      data: {
        kind: 'QueryGroup',
        spec: {
          queries: (p.targets ?? []).map((target) => {
            const { refId, datasource, ...spec } = target as unknown as Target;
            return { kind: 'PanelQuery', spec: { refId, hidden: false, query: query(datasource, spec) } };
          }),
          transformations: (p.transformations ?? []).map(({ id, options: how }) => ({
            kind: 'Transformation',
            group: id,
            spec: { options: how },
          })),
          queryOptions: {},
        },
      },
      vizConfig: {
        kind: 'VizConfig',
        group: p.type,
        version: '',
        spec: { options, fieldConfig: (p.fieldConfig ?? { defaults: {}, overrides: [] }) as never },
      },
    },
  };
}

interface Target {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}

const query = ({ type, uid }: Target['datasource'], spec: object): DataQueryKind => ({
  kind: 'DataQuery',
  group: type,
  version: 'v0',
  datasource: { name: uid },
  spec,
});

function variable(v: VariableModel): VariableKind {
  const shared = {
    name: v.name,
    label: v.label ?? v.name,
    current: (v.current ?? { text: '', value: '' }) as { text: string; value: string },
    hide: VariableHide.DontHide,
    skipUrlSync: false,
    options: [],
    multi: v.multi ?? false,
    includeAll: v.includeAll ?? false,
    allowCustomValue: true,
    regex: v.regex ?? '',
  };
  if (v.type === 'datasource')
    return {
      kind: 'DatasourceVariable',
      spec: { ...shared, pluginId: v.query as string, refresh: VariableRefresh.OnDashboardLoad },
    };
  return {
    kind: 'QueryVariable',
    spec: {
      ...shared,
      refresh: VariableRefresh.OnTimeRangeChanged,
      sort: VariableSort.AlphabeticalAsc,
      query: query(v.datasource as Target['datasource'], { query: v.query, refId: v.name }),
      ...(v.allValue === undefined ? {} : { allValue: v.allValue }),
    },
  };
}

const annotation: AnnotationQueryKind = {
  kind: 'AnnotationQuery',
  spec: {
    name: 'Annotations & Alerts',
    builtIn: true,
    enable: true,
    hide: true,
    iconColor: 'rgba(0, 211, 255, 1)',
    query: query({ type: 'grafana', uid: '-- Grafana --' }, {}),
  },
};
