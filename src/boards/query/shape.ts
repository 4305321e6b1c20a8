import { edgesOf } from '../../signals/edges.ts';
import { type SeriesId, type SeriesLabel, seriesIds, seriesOf } from '../../signals/series.ts';
import type { BoardLabel, Unit } from '../board.ts';
import type { Query, Selection } from './expression.ts';
import { instead, type Place, QueryError } from './query-error.ts';

/** Which node needs which kind of series. */
const kinds = {
  rate: 'counter',
  increase: 'counter',
  gauge: 'gauge',
  quantile: 'histogram',
  mean: 'histogram',
  under: 'histogram',
  observations: 'histogram',
  buckets: 'histogram',
} as const;

/**
 * The labels of a query's results, in the order the query names them. Throws QueryError, with `place`, for a series that there is not, a label
 * that the series lacks, a node for another type of series, and sides of a ratio, sum or difference that are not by the same labels.
 */
export function labelsOf(query: Query, place?: Place): readonly BoardLabel[] {
  switch (query.node) {
    case 'ratio':
      return same(query.of, query.to, 'ratio', place);
    case 'minus':
    case 'plus':
      return same(query.left, query.right, query.node, place);
    case 'zero': {
      if (query.universe) return same(query.of, query.universe, 'zero', place);
      const labels = labelsOf(query.of, place);
      if (labels.length > 0)
        throw new QueryError(
          `zero of a query by ${labels.join(', ')} needs a universe: what could have had a value`,
          place,
        );
      return labels;
    }
    case 'scale':
      return labelsOf(query.of, place);
    case 'top':
      if (!(Number.isInteger(query.limit) && query.limit > 0))
        throw new QueryError(`top wants a whole number above 0, not ${query.limit}`, place);
      return labelsOf(query.of, place);
    case 'objective':
      return ['gateway'];
    default:
      return selected(query, place);
  }
}

function selected(
  query: Selection & { readonly node: keyof typeof kinds },
  place: Place | undefined,
): readonly BoardLabel[] {
  if (!seriesIds.includes(query.series))
    throw new QueryError(`there is no series ${query.series}${instead(query.series, seriesIds)}`, place);
  const series = seriesOf(query.series);
  if (series.type !== kinds[query.node])
    throw new QueryError(`${query.node} wants a ${kinds[query.node]}, and ${query.series} is a ${series.type}`, place);
  for (const label of [...query.by, ...query.where.map((f) => f.label)])
    if (!carries(query.series, label))
      throw new QueryError(`${query.series} has no label ${label}${instead(label, Object.keys(series.labels))}`, place);
  const twice = query.by.find((label, i) => query.by.indexOf(label) !== i);
  if (twice !== undefined) throw new QueryError(`${query.series} is by ${twice} twice`, place);
  for (const filter of query.where) {
    const values =
      'is' in filter
        ? filter.is
        : 'not' in filter
          ? filter.not
          : 'prefix' in filter
            ? [filter.prefix]
            : filter.contains;
    if (values.length === 0 || values.includes(''))
      throw new QueryError(
        `${query.series}: the filter on ${filter.label} has ${values.length === 0 ? 'no value' : 'an empty one'}`,
        place,
      );
  }
  numbers(query as Query, place);
  return query.by;
}

/** Numbers that a store would take and answer with nothing. */
function numbers(query: Query, place: Place | undefined): void {
  if ('window' in query && typeof query.window === 'number' && !(Number.isInteger(query.window) && query.window > 0))
    throw new QueryError(`a window is a whole number of milliseconds above 0, not ${query.window}`, place);
  if (query.node === 'quantile' && !(query.q >= 0 && query.q <= 1))
    throw new QueryError(`a quantile is from 0 to 1, not ${query.q}`, place);
  if (query.node !== 'under') return;
  const edges = edgesOf(query.series);
  if (edges && !edges.includes(query.bound))
    throw new QueryError(`${query.series} has no edge at ${query.bound}; there are ${edges.join(', ')}`, place);
}

function same(left: Query, right: Query, node: string, place: Place | undefined): readonly BoardLabel[] {
  const [a, b] = [labelsOf(left, place), labelsOf(right, place)];
  if ([...a].sort().join() !== [...b].sort().join())
    throw new QueryError(
      `the sides of ${node} are by ${said(a)} and by ${said(b)}; both must be by the same labels`,
      place,
    );
  return a;
}

const said = (labels: readonly string[]): string => (labels.length === 0 ? 'nothing' : labels.join(', '));

/** Whether a series carries a label: its own, or on signals made of access logs any of the contract's (`custom:<name>`). */
export function carries(id: SeriesId, label: BoardLabel): boolean {
  const series = seriesOf(id);
  if (label.startsWith('custom:')) return series.origin === 'access-log';
  return series.labels[label as SeriesLabel] !== undefined;
}

/** What a query is made of, left to right: its selections and objectives. */
export function leaves(
  query: Query,
): readonly (Extract<Query, Selection> | Extract<Query, { readonly node: 'objective' }>)[] {
  switch (query.node) {
    case 'ratio':
      return [...leaves(query.of), ...leaves(query.to)];
    case 'minus':
    case 'plus':
      return [...leaves(query.left), ...leaves(query.right)];
    case 'zero':
      return [...leaves(query.of), ...(query.universe ? leaves(query.universe) : [])];
    case 'scale':
    case 'top':
      return leaves(query.of);
    default:
      return [query];
  }
}

/** Every selection in a query, for whoever must look at all of its series. */
export const selectionsOf = (query: Query): readonly Extract<Query, Selection>[] =>
  leaves(query).filter((q) => q.node !== 'objective');

/** Whether a query's numbers may be shown in a unit. */
export const unitFits = (query: Query, unit: Unit): boolean => unitsOf(query).includes(unit);

/** What a query's numbers may be called. */
export function unitsOf(query: Query): readonly Unit[] {
  switch (query.node) {
    case 'rate':
      return perSecond(seriesOf(query.series).unit);
    case 'observations':
      return ['requests/s', 'events/s'];
    case 'increase':
      return seriesOf(query.series).unit === 'By' ? ['bytes'] : ['count'];
    case 'gauge': {
      const units = plain(seriesOf(query.series).unit);
      return query.how === 'sum' && units.includes('switch') ? [...units, 'count'] : units;
    }
    // A heat map's axis is what was measured.
    case 'buckets':
    case 'quantile':
    case 'mean':
      return plain(seriesOf(query.series).unit);
    case 'under':
      return ['share'];
    case 'ratio':
      return ['share', 'factor'];
    case 'minus':
    case 'plus':
      return unitsOf(query.left).filter((u) => unitsOf(query.right).includes(u));
    case 'scale':
      return [
        ...unitsOf(query.of),
        ...unitsOf(query.of).flatMap((u) =>
          conversions.flatMap(([from, by, to]) => (from === u && Math.abs(by / query.factor - 1) < 1e-9 ? [to] : [])),
        ),
      ];
    case 'objective':
      return query.measure === 'burn' ? ['factor'] : ['share'];
    case 'top':
    case 'zero':
      return unitsOf(query.of);
  }
}

const conversions: readonly (readonly [Unit, number, Unit])[] = [
  ['milliseconds', 0.001, 'seconds'],
  ['seconds', 1000, 'milliseconds'],
  ['seconds', 1 / 86_400, 'days'],
];

function perSecond(unit: string): readonly Unit[] {
  if (unit === 'By') return ['bytes/s'];
  return unit === '{request}' ? ['requests/s', 'events/s'] : ['events/s'];
}

const plainUnits: Readonly<Record<string, Unit>> = {
  s: 'seconds',
  ms: 'milliseconds',
  By: 'bytes',
  d: 'days',
  '1': 'switch',
};

const plain = (unit: string): readonly Unit[] => [plainUnits[unit] ?? 'count'];
