import type { Rules } from '../compare.ts';
import { isObject, type Json, type JsonObject, sorted, textOf } from '../json.ts';
import { panelId } from './normal.ts';

/** What Grafana takes for granted where a key is absent, by the key's last part. */
const defaults: Readonly<Record<string, readonly Json[]>> = {
  editable: [true],
  graphTooltip: [0],
  fiscalYearStartMonth: [0],
  liveNow: [false],
  preload: [false],
  transparent: [false],
  repeatDirection: ['h'],
  skipUrlSync: [false],
  hide: [0, false],
  placement: ['inControlsMenu'],
  multi: [false],
  includeAll: [false],
  allowCustomValue: [true],
  builtIn: [0],
  collapsed: [false],
  auto: [false],
  auto_min: ['10s'],
  auto_count: [30],
  sort: [0],
  range: [true],
  instant: [false],
  exemplar: [false],
  legendFormat: ['__auto'],
  format: ['time_series'],
  intervalFactor: [1],
};

/** Written by the UI's editors into queries and variables that are saved, without a change of what is asked. */
const noise =
  /(^|\.)(editorMode|useBackend|fullMetaSearch|includeNullMetadata|disableTextWrap|definition|queryValue|regexApplyTo|cacheTimeout|hideTimeOverride|localMode)$/;
/** Filled in by the UI where a board leaves them out: its default data source, the built-in annotation's query, the menu of times. */
const uiAdds =
  /^(panels\[\](\.targets\[\])?\.datasource|.*\.datasource\.type|annotations\.list\[\]\.target|timepicker(\..*)?)$/;
/** Where Grafana and its plugins write out their defaults when somebody saves. */
const pluginOwn = /^panels\[\]\.(options|fieldConfig\.defaults)(\.|$)/;
/** Of those, what no plugin fills in: a person did. */
const personal =
  /^panels\[\]\.fieldConfig\.defaults\.(unit|min|max|decimals|displayName|noValue|description|links|mappings)$/;

const identities: readonly (readonly [shape: RegExp, id: (element: JsonObject) => string])[] = [
  [/^panels\[\]$/, panelId],
  [/\.targets\[\]$/, (e) => textOf(e, 'refId')],
  [/^(templating|annotations)\.list\[\]$/, (e) => textOf(e, 'name')],
  [/\.overrides\[\]$/, (e) => JSON.stringify(sorted(e['matcher'] ?? null))],
  [/\.overrides\[\]\.properties\[\]$/, (e) => textOf(e, 'id')],
  [/(^|\.)links\[\]$/, (e) => textOf(e, 'title')],
];

/** What two Grafana boards, both normal, have to have in common to be the same board. */
export const boardRules: Rules = {
  identity(shape, element) {
    if (shape === 'tags[]') return String(element);
    if (!isObject(element)) return undefined;
    return identities.find(([where]) => where.test(shape))?.[1](element) || undefined;
  },
  isDefault: (shape, value) => defaults[lastOf(shape)]?.includes(value) ?? false,
  isFilledIn(shape, value) {
    if (noise.test(shape)) return true;
    if (pluginOwn.test(shape)) return !personal.test(shape);
    // The annotation that every board has, added when it is absent.
    if (shape === 'annotations.list[]') return isObject(value) && value['builtIn'] === 1;
    return uiAdds.test(shape);
  },
  isOrdered: () => false,
  same(shape, live, wanted) {
    // Raised by the server's own migrations; older than ours is a difference.
    if (shape === 'schemaVersion') return typeof live === 'number' && typeof wanted === 'number' && live >= wanted;
    if (shape.endsWith('.datasource')) return typeof live !== typeof wanted && uidOf(live) === uidOf(wanted);
    if (shape === 'templating.list[].query') return typeof live !== typeof wanted && queryOf(live) === queryOf(wanted);
    if (typeof live !== 'string' || typeof wanted !== 'string') return false;
    if (/\.expr$/.test(shape) || shape === 'templating.list[].query') return spaced(live) === spaced(wanted);
    return /color$/i.test(shape) && live.toLowerCase() === wanted.toLowerCase();
  },
};

const lastOf = (shape: string): string => shape.slice(shape.lastIndexOf('.') + 1);

function uidOf(datasource: Json): Json {
  return isObject(datasource) ? (datasource['uid'] ?? null) : datasource;
}

function queryOf(query: Json): Json {
  return isObject(query) ? (query['query'] ?? null) : query;
}

/** White space outside of quotes collapsed: PromQL and LogQL mean the same then. */
export function spaced(query: string): string {
  return query
    .trim()
    .split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/\s+/g, ' ')))
    .join('');
}
