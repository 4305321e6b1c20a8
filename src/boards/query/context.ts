import type { Label, Objective } from '../../contract/model.ts';
import { flat } from '../../contract/reserved-labels.ts';
import { type SeriesId, type SeriesLabel, seriesIds, seriesOf } from '../../signals/series.ts';
import { type SeriesPath, seriesLabelName } from '../../signals/spelling.ts';
import type { BoardLabel } from '../board.ts';
import { instead, type Place, QueryError } from './query-error.ts';
import { carries } from './shape.ts';

/** What every compiler must know of where the query is shown. */
export interface CompileContext {
  /** The board's variables: a selection is filtered by each that its series carries. Empty in rules and monitors. */
  readonly scope: readonly BoardLabel[];
  /** The contract's labels that the environment has on metrics. */
  readonly labels: readonly Label[];
  /** The environment's objectives, for queries that ask for one. */
  readonly objectives?: readonly Objective[];
  /** For messages. */
  readonly place?: Place;
}

/** The board's variable of a label: the label's id with `_` for what no variable may have, a custom label's flat name. Alike in Grafana and Datadog. */
export const variableName = (label: BoardLabel): string =>
  label.startsWith('custom:') ? flat(label.slice('custom:'.length)) : label.replace(/\W/g, '_');

/** The tag that a variable is of in Datadog: what the signals call the label, or the first series that has it. */
export function tagKey(label: BoardLabel): string {
  if (label.startsWith('custom:')) return label.slice('custom:'.length);
  const spelled = seriesIds.flatMap((id) => seriesOf(id).labels[label as SeriesLabel] ?? []);
  return spelled[0] ?? label;
}

/** A label's name in the store; throws QueryError for a label that the series lacks or a custom one that the environment has not on metrics. */
export function storedLabel(id: SeriesId, label: BoardLabel, path: SeriesPath, at: CompileContext): string {
  const series = seriesOf(id);
  if (label.startsWith('custom:')) {
    const name = label.slice('custom:'.length);
    const known = at.labels.filter((l) => l.on.metrics).map((l) => l.name);
    if (series.origin !== 'access-log')
      throw new QueryError(
        `${id} has no label ${label}: only signals made of access logs carry the contract's`,
        at.place,
      );
    if (!known.includes(name))
      throw new QueryError(`the environment has no label ${name} on metrics${instead(name, known)}`, at.place);
    return seriesLabelName(name, path);
  }
  const attribute = series.labels[label as SeriesLabel];
  if (attribute === undefined)
    throw new QueryError(`${id} has no label ${label}${instead(label, Object.keys(series.labels))}`, at.place);
  return seriesLabelName(attribute, path);
}

/** The variables that filter a series: those of the scope that it carries. */
export const scopeOf = (id: SeriesId, at: CompileContext): readonly BoardLabel[] =>
  at.scope.filter((label) => carries(id, label));
