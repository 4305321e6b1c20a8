import type { Panel } from '../../../boards/board.ts';
import type { Query } from '../../../boards/query/expression.ts';
import { labelsOf } from '../../../boards/query/shape.ts';
import { reference } from '../../datadog-reference.ts';
import { sloId } from '../names.ts';
import { textFormats } from './flags.ts';
import { customLinks } from './links.ts';
import { logStream } from './log-stream.ts';
import { type At, measured } from './measured.ts';
import type { HeatMapWidgetRequest, TimeseriesWidgetRequest, WidgetDefinition, WidgetFormula } from './models.ts';
import { note } from './note.ts';
import { conditionalFormats, inUnit, markers } from './units.ts';

type Of<K extends Panel['kind']> = Extract<Panel, { readonly kind: K }>;

/** The widget of a panel. Throws QueryError where Datadog has no form for it. */
export function widget(panel: Panel, at: At): WidgetDefinition {
  if (panel.kind === 'bars' && panel.query.node === 'objective') return slo(panel, panel.query, at);
  switch (panel.kind) {
    case 'timeseries':
      return timeseries(panel, at);
    case 'stat':
      return queryValue(panel, at);
    case 'table':
      return queryTable(panel, at);
    case 'bars':
      return bars(panel, at);
    case 'heatmap':
      return heatmap(panel, at);
    case 'logs':
      return logStream(panel, at);
    case 'text':
      return note(panel.markdown);
  }
}

const head = (panel: Panel): { title: string; description: string } => ({
  title: panel.title,
  description: panel.description,
});

function timeseries(panel: Of<'timeseries'>, at: At): WidgetDefinition {
  return {
    type: 'timeseries',
    ...head(panel),
    showLegend: true,
    legendLayout: 'auto',
    legendColumns: ['avg', 'max', 'value'],
    yaxis: {
      includeZero: true,
      scale: 'linear',
      min: 'auto',
      max: panel.max === undefined ? 'auto' : String(inUnit(panel.max, panel.unit)),
    },
    ...markers(panel.thresholds, panel.unit),
    requests: panel.shown.map(({ query, legend }, i): TimeseriesWidgetRequest => {
      const { queries, formula } = measured(query, panel.unit, at, panel.shown.length > 1 ? `s${i + 1}_` : '');
      return {
        responseFormat: 'timeseries',
        displayType: panel.stacked ? 'area' : 'line',
        style: { palette: 'dog_classic', lineType: 'solid', lineWidth: 'normal', orderBy: 'values' },
        queries: [...queries],
        formulas: [{ ...formula, ...(typeof legend === 'string' ? { alias: legend } : {}) }],
      };
    }),
    ...customLinks(panel, labelsOf(panel.shown[0]?.query ?? unreachable(panel)), at),
  };
}

function queryValue(panel: Of<'stat'>, at: At): WidgetDefinition {
  const { queries, formula } = measured(panel.query, panel.unit, at);
  return {
    type: 'query_value',
    ...head(panel),
    autoscale: true,
    precision: 2,
    requests: [
      {
        responseFormat: 'scalar',
        queries: [...queries],
        formulas: [formula],
        ...conditionalFormats(panel.thresholds, panel.unit),
      },
    ],
    ...customLinks(panel, labelsOf(panel.query), at),
  };
}

function queryTable(panel: Of<'table'>, at: At): WidgetDefinition {
  const columns = panel.columns.map((column, i) => ({
    ...column,
    ...measured(column.query, column.unit, at, panel.columns.length > 1 ? `c${i + 1}_` : ''),
  }));
  return {
    type: 'query_table',
    ...head(panel),
    hasSearchBar: 'auto',
    requests: [
      {
        responseFormat: 'scalar',
        queries: columns.flatMap((c) => c.queries),
        formulas: columns.map((c): WidgetFormula => {
          const { limit: _, ...formula } = c.formula;
          return {
            ...formula,
            alias: c.title,
            cellDisplayMode: 'number',
            ...conditionalFormats(c.thresholds, c.unit),
          };
        }),
        sort: { count: panel.limit, orderBy: [{ type: 'formula', index: 0, order: 'desc' }] },
        ...textFormats(panel.by),
      },
    ],
    ...customLinks(panel, panel.by, at),
  };
}

/** A list of the greatest; a table with bars in it where flags are to be decoded, which only tables do. */
function bars(panel: Of<'bars'>, at: At): WidgetDefinition {
  const { queries, formula } = measured(panel.query, panel.unit, at);
  const links = customLinks(panel, panel.by, at);
  if (panel.by.includes('flag')) {
    const { limit: _, ...plain } = formula;
    return {
      type: 'query_table',
      ...head(panel),
      hasSearchBar: 'never',
      requests: [
        {
          responseFormat: 'scalar',
          queries: [...queries],
          formulas: [
            {
              ...plain,
              alias: panel.title,
              cellDisplayMode: 'bar',
              ...conditionalFormats(panel.thresholds, panel.unit),
            },
          ],
          sort: { count: panel.limit, orderBy: [{ type: 'formula', index: 0, order: 'desc' }] },
          ...textFormats(panel.by),
        },
      ],
      ...links,
    };
  }
  return {
    type: 'toplist',
    ...head(panel),
    requests: [
      {
        responseFormat: 'scalar',
        queries: [...queries],
        formulas: [{ ...formula, limit: { count: panel.limit, order: 'desc' } }],
        ...conditionalFormats(panel.thresholds, panel.unit),
      },
    ],
    style: { display: { type: 'flat' }, scaling: 'absolute' },
    ...links,
  };
}

/** An objective as Datadog shows its own: status and budget, in all and by group. */
function slo(
  panel: Panel,
  { objective, blame }: Extract<Query, { readonly node: 'objective' }>,
  { context }: At,
): WidgetDefinition {
  const days = context.objectives.find((o) => o.name === objective)?.windowDays;
  const window = days === 7 ? '7d' : days === 90 ? '90d' : '30d';
  return {
    type: 'slo',
    ...head(panel),
    sloId: reference('slo', context.environment.name, sloId(objective, blame)),
    viewType: 'detail',
    viewMode: 'both',
    timeWindows: [window],
    showErrorBudget: true,
    globalTimeTarget: '0',
  };
}

function heatmap(panel: Of<'heatmap'>, at: At): WidgetDefinition {
  const [query] = measured(panel.query, panel.unit, at).queries;
  if (query === undefined || !('query' in query)) return unreachable(panel);
  const request: HeatMapWidgetRequest = {
    requestType: 'histogram',
    query: { dataSource: 'metrics', name: query.name ?? '', query: query.query },
  };
  return {
    type: 'heatmap',
    ...head(panel),
    yaxis: { includeZero: true, scale: 'linear', min: 'auto', max: 'auto' },
    requests: [request],
    ...customLinks(panel, [], at),
  };
}

function unreachable(panel: Panel): never {
  throw new Error(`panel ${panel.id} has no query`);
}
