import type { Board, BoardLabel, Panel } from '../../../boards/board.ts';
import { tagKey, variableName } from '../../../boards/query/context.ts';
import { reference } from '../../datadog-reference.ts';
import { appOf } from '../names.ts';
import { condition, recordPath } from './logs.ts';
import type { At } from './measured.ts';
import type { WidgetCustomLink } from './models.ts';

/**
 * Where a reader goes from a value, with its own labels and the board's filters: Datadog fills in `{{tag.value}}` of what was clicked and
 * `{{$variable.value}}` of the board (https://docs.datadoghq.com/dashboards/guide/context-links/).
 */
export function customLinks(panel: Panel, by: readonly BoardLabel[], at: At): { customLinks?: WidgetCustomLink[] } {
  const { drill } = panel;
  const { environment } = at.context;
  if (!drill || !environment.datadog) return {};
  const app = appOf(environment.datadog.site);
  const links: WidgetCustomLink[] = [];
  const board = at.boards.find((b) => b.id === drill.board);
  if (board && board.id !== at.board)
    links.push({ label: `${board.title}, with the same filters`, link: `${app}${boardPath(board, by, at)}` });
  if (drill.logs && environment.logs.to === 'datadog')
    links.push({
      label: 'Requests behind it (logs)',
      link: `${app}/logs?query=${search([...filters(by, at), ...condition(drill.logs)])}&from_ts={{timestamp_start}}&to_ts={{timestamp_end}}&live=false`,
    });
  if (drill.traces && environment.traces.to === 'datadog')
    links.push({
      label: 'Traces',
      link: `${app}/apm/traces?query=${search(filters(by, at).filter((term) => /^(service|env):/.test(term)))}&start={{timestamp_start}}&end={{timestamp_end}}&paused=true`,
    });
  return links.length > 0 ? { customLinks: links } : {};
}

/**
 * Another board with its own variables set to what was clicked or what this board's are, and the time of it
 * (https://docs.datadoghq.com/monitors/notify/variables/#dynamic-links). Its id is filled in when both are there.
 */
function boardPath({ id, scope }: Board, by: readonly BoardLabel[], at: At): string {
  const filters = scope
    .filter((label) => by.includes(label) || at.scope.includes(label))
    .map((label) => `tpl_var_${variableName(label)}={{${clickedOr(label, by)}.value}}&`);
  return `/dashboard/${reference('dashboard', at.context.environment.name, id)}?${filters.join('')}from_ts={{timestamp_start}}&to_ts={{timestamp_end}}&live=false`;
}

function filters(by: readonly BoardLabel[], { scope }: At): readonly string[] {
  return [...new Set([...scope, ...by])].flatMap((label) => {
    const path = recordPath(label);
    if (path === undefined) return [];
    return [`${path}:{{${clickedOr(label, by)}.value}}`];
  });
}

/** What was clicked says more than the board's variable of the same label. */
const clickedOr = (label: BoardLabel, by: readonly BoardLabel[]): string =>
  by.includes(label) ? tagKey(label) : `$${variableName(label)}`;

/** Encoded as a URL wants it, but for the braces that Datadog fills in. */
const search = (terms: readonly string[]): string =>
  encodeURIComponent(terms.join(' ')).replace(
    /%7B%7B(.*?)%7D%7D/g,
    (_, inner: string) => `{{${decodeURIComponent(inner)}}}`,
  );
