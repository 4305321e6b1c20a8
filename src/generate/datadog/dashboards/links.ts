import type { BoardLabel, Panel } from '../../../boards/board.ts';
import { tagKey, variableName } from '../../../boards/query/context.ts';
import { condition, recordPath } from './logs.ts';
import type { At } from './measured.ts';
import type { WidgetCustomLink } from './models.ts';

/** Where people open Datadog: sites with a subdomain have it as it is, the others are behind `app.` */
export const appOf = (site: string): string => `https://${site.split('.').length > 2 ? site : `app.${site}`}`;

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

/** What was clicked says more than the board's variable of the same label. */
function filters(by: readonly BoardLabel[], { scope }: At): readonly string[] {
  return [...new Set([...scope, ...by])].flatMap((label) => {
    const path = recordPath(label);
    if (path === undefined) return [];
    return [`${path}:{{${by.includes(label) ? tagKey(label) : `$${variableName(label)}`}.value}}`];
  });
}

/** Encoded as a URL wants it, but for the braces that Datadog fills in. */
const search = (terms: readonly string[]): string =>
  encodeURIComponent(terms.join(' ')).replace(
    /%7B%7B(.*?)%7D%7D/g,
    (_, inner: string) => `{{${decodeURIComponent(inner)}}}`,
  );
