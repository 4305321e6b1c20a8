import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { type At, fill, tempo } from './at.ts';
import { type Clicked, chosen } from './clicked.ts';
import { encoded } from './encode.ts';

/** Grafana's Explore (https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/, "Generating Explore URLs"). */
export function explore(datasource: DataSourceRef, query: Readonly<Record<string, unknown>>): string {
  const pane = {
    datasource: datasource.uid,
    queries: [{ refId: 'A', datasource, ...query }],
    range: { from: fill('__from'), to: fill('__to') },
  };
  return `/explore?schemaVersion=1&panes=${encoded(JSON.stringify({ v: pane }))}`;
}

/** Spans of the gateway; Envoy's own tag names the backend. */
export function traceql(clicked: Clicked, at: At): string {
  const filters = chosen(clicked, at).flatMap(({ label, operator, text }) => {
    if (label === 'gateway') return [`resource.service.name ${operator} "${text}"`];
    return label === 'backend' ? [`span.upstream_cluster ${operator} "${text}"`] : [];
  });
  return explore(tempo, { queryType: 'traceql', query: `{ ${filters.join(' && ')} }`, limit: 50 });
}
