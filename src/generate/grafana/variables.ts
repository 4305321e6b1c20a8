import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { BoardLabel } from '../../boards/board.ts';
import { variableName } from '../../boards/query/context.ts';
import type { SeriesId } from '../../signals/series.ts';
import { seriesOf } from '../../signals/series.ts';
import { seriesLabelName, seriesName } from '../../signals/spelling.ts';
import { type At, prometheus } from './at.ts';

/** The stores that panels and links of the environment ask. */
export function datasources({ context }: At): readonly string[] {
  const { logs, traces } = context.environment;
  return ['prometheus', ...(logs.to === 'loki' ? ['loki'] : []), ...(traces.to === 'otlp' ? ['tempo'] : [])];
}

/** A board's variables: the stores, its scope, and before the backend the namespace that is part of its name. */
export function variables(at: At): VariableModel[] {
  const { scope } = at.board;
  return [
    ...datasources(at).map(datasource),
    ...scope.flatMap((label) => (label === 'backend' ? [namespaces(at), ofLabel(label, at)] : [ofLabel(label, at)])),
  ];
}

const datasource = (type: string): VariableModel =>
  new DatasourceVariableBuilder(`${type}_datasource`)
    .label(`${type[0]?.toUpperCase()}${type.slice(1)} data source`)
    .type(type)
    .current({ text: 'default', value: 'default' })
    .build();

function ofLabel(label: BoardLabel, at: At): VariableModel {
  const { environment } = at.context;
  const chosen = label === 'environment' ? environment.name : undefined;
  return several(variableName(label), title(label), values(label, at))
    .current(chosen === undefined ? all : { text: [chosen], value: [chosen] })
    .build();
}

const namespaces = (at: At): VariableModel =>
  several('namespace', 'Namespace of the backend', values('backend', at, 'namespace'))
    .regex('/^[a-z]+_([^_]+)_/')
    .current(all)
    .build();

const all = { text: ['All'], value: ['$__all'] };

/** "All" also means series that lack the label: gateways need not carry every label of the contract. */
const several = (name: string, label: string, query: string): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(prometheus)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*');

/** What variables before this one in the scope have chosen narrows its values. */
function values(label: BoardLabel, at: At, asked: string = label): string {
  const { scope } = at.board;
  const series = seriesOf(source(label, scope));
  const name = (l: BoardLabel): string =>
    seriesLabelName(l.startsWith('custom:') ? l.slice('custom:'.length) : (series.labels[l as never] ?? l), at.path);
  const before = scope.slice(0, scope.indexOf(label)).filter((l) => ['environment', 'cluster', 'gateway'].includes(l));
  const filters = before.map((l) => `${name(l)}=~"$${variableName(l)}"`);
  if (asked === 'backend') filters.push(`${name('backend')}=~"([a-z]+_)?$namespace(_.*)?"`);
  const of = `${seriesName(series, at.path)}${filters.length === 0 ? '' : `{${filters.join(', ')}}`}`;
  return `label_values(${of}, ${name(label)})`;
}

/**
 * The series with the fewest labels that has this one: values of 2,000 routes are read at each change of the time range. Where no gateway is
 * in the board's scope it is about the machinery, which is there without traffic too.
 */
function source(label: BoardLabel, scope: readonly BoardLabel[]): SeriesId {
  if (label === 'route') return 'requestBytes';
  return scope.includes('gateway') ? 'attempts' : 'live';
}

const titles: Readonly<Partial<Record<BoardLabel, string>>> = {
  flagName: 'Meaning',
  gatewayName: 'Gateway',
  gatewayNamespace: 'Namespace',
  typeUrl: 'Kind',
  errorType: 'Error',
};

/** A label as people read it. */
export function title(label: BoardLabel): string {
  const text = titles[label] ?? label.replace(/^custom:/, '');
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
