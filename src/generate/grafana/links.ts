import type { Panel } from '../../boards/board.ts';
import { variableName } from '../../boards/query/context.ts';
import { type At, loki } from './at.ts';
import { type Clicked, chosen, value } from './clicked.ts';
import { datadogLogs, datadogTraces } from './datadog-link.ts';
import { explore, traceql } from './explore-link.ts';
import { insights } from './insights-link.ts';
import { logql } from './logql.ts';
import { datasources } from './variables.ts';

export interface DataLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank: boolean;
}

const requests = 'Requests behind it (logs)';

/** Where a reader goes from a value: the same filters, the value's own labels, the same time. */
export function dataLinks({ drill }: Pick<Panel, 'drill'>, clicked: Clicked, at: At): DataLink[] {
  if (!drill) return [];
  const urls = [
    ...(drill.board === undefined ? [] : boardLink(drill.board, clicked, at)),
    ...(drill.logs === undefined ? [] : logLink(drill.logs, clicked, at)),
    ...(drill.traces ? traceLink(clicked, at) : []),
  ];
  return urls.map(([title, url]) => ({ title, url, targetBlank: !url.startsWith('/d/') }));
}

type Titled = readonly [title: string, url: string];

function boardLink(id: string, clicked: Clicked, at: At): readonly Titled[] {
  const target = at.boards.find((b) => b.id === id);
  if (!target) return [];
  const filters = target.scope.flatMap((label) => {
    const name = variableName(label);
    if (clicked.by.includes(label)) return [`var-${name}=${value(label, clicked)}`];
    if (!at.board.scope.includes(label)) return [];
    return [...(label === 'backend' ? ['namespace'] : []), name].map((n) => `\${${n}:queryparam}`);
  });
  const parts = [...datasources(at).map((type) => `\${${type}_datasource:queryparam}`), ...filters];
  return [[`${target.title}, with the same filters`, `/d/${at.uid(id)}?\${__url_time_range}&${parts.join('&')}`]];
}

function logLink(
  condition: NonNullable<NonNullable<Panel['drill']>['logs']>,
  clicked: Clicked,
  at: At,
): readonly Titled[] {
  switch (at.context.environment.logs.to) {
    case 'loki':
      return [
        [requests, explore(loki, { expr: logql(condition, chosen(clicked, at), at.context), queryType: 'range' })],
      ];
    case 'cloudwatch':
      return insights(condition, clicked, at).map((url) => [requests, url]);
    case 'datadog':
      return [[requests, datadogLogs(condition, clicked, at)]];
    case 'file':
      return [];
  }
}

function traceLink(clicked: Clicked, at: At): readonly Titled[] {
  switch (at.context.environment.traces.to) {
    case 'otlp':
      return [['Traces', traceql(clicked, at)]];
    case 'datadog':
      return [['Traces', datadogTraces(clicked, at)]];
    case 'none':
      return [];
  }
}
