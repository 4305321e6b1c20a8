import type { Rules } from '../compare.ts';
import { isList, isObject, type Json, type JsonObject, textOf } from '../json.ts';
import type { DocumentKind } from '../plan.ts';
import { withoutSeal } from './seal.ts';

/** Set by Datadog on what it is given; none of it is ours to say. */
const serverKeys: Readonly<Record<DocumentKind, ReadonlySet<string>>> = {
  dashboard: new Set([
    'id',
    'url',
    'author_handle',
    'author_name',
    'author_info',
    'created_at',
    'modified_at',
    'deleted_at',
    'experience_type',
  ]),
  monitor: new Set([
    ...[
      'id',
      'created',
      'created_at',
      'modified',
      'deleted',
      'creator',
      'multi',
      'org_id',
      'overall_state',
      'overall_state_modified',
    ],
    ...['state', 'matching_downtimes', 'assets', 'restriction_policy', 'has_dependencies'],
  ]),
  slo: new Set([
    ...[
      'id',
      'creator',
      'created_at',
      'modified_at',
      'monitor_tags',
      'overall_status',
      'configured_alert_ids',
      'type_id',
      'status',
    ],
  ]),
};
const optionKeys = new Set([
  'silenced',
  'aggregation',
  'avalanche_window',
  'new_host_delay',
  'queryConfig',
  'device_ids',
]);

/** A document of Datadog's in the form in which two can be compared. Normalising it again changes nothing. */
export function normal(kind: DocumentKind, document: JsonObject): JsonObject {
  const own = withoutSeal(
    kind,
    Object.fromEntries(Object.entries(document).filter(([key]) => !serverKeys[kind].has(key))),
  );
  const full = noNulls(own, '');
  if (!isObject(full)) return {};
  // White space around comes and goes with the editor.
  const texts = ['message', 'description', 'query'].filter((key) => typeof full[key] === 'string');
  const tidy = { ...full, ...Object.fromEntries(texts.map((key) => [key, textOf(full, key).trim()])) };
  return kind === 'monitor' ? monitor(tidy) : kind === 'dashboard' ? dashboard(tidy) : tidy;
}

function monitor(document: JsonObject): JsonObject {
  const { options, ...rest } = document;
  const type =
    rest['type'] === 'metric alert'
      ? { type: 'query alert' }
      : rest['type'] === 'composite'
        ? // Numbers, signs and brackets, set as the editor likes.
          {
            query: textOf(rest, 'query')
              .replace(/\s+/g, '')
              .replace(/&&|\|\|/g, ' $& '),
          }
        : {};
  if (!isObject(options)) return { ...rest, ...type };
  const kept = Object.entries(options).filter(
    ([key]) =>
      !optionKeys.has(key) &&
      // Without no-data alerts it means nothing, and comes back anyhow.
      !(key === 'no_data_timeframe' && options['notify_no_data'] !== true),
  );
  return { ...rest, ...type, options: Object.fromEntries(kept) };
}

function dashboard(document: JsonObject): JsonObject {
  const variables = document['template_variables'];
  if (!isList(variables)) return document;
  return {
    ...document,
    template_variables: variables.map((v) => {
      // The old spelling of one default.
      if (!isObject(v) || v['default'] === undefined || v['defaults'] !== undefined) return v;
      const { default: only, ...rest } = v;
      return { ...rest, defaults: [only ?? null] };
    }),
  };
}

/** Without nulls, and without the ids of widgets. */
function noNulls(value: Json, key: string): Json {
  if (isList(value)) return value.map((element) => noNulls(element, key));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([k, v]) => v !== null && !(k === 'id' && key === 'widgets' && isObject(value['definition'])))
      .map(([k, v]) => [k, noNulls(v, k)]),
  );
}

/** What Datadog takes for granted where a key is absent, and what it writes there itself, by the key's last part. */
const defaults: Readonly<Record<string, readonly Json[]>> = {
  is_read_only: [false],
  draft_status: ['published'],
  show_legend: [false],
  legend_size: ['0'],
  title_size: ['16'],
  title_align: ['left'],
  show_title: [true],
  background_color: ['white'],
  has_padding: [true],
  show_tick: [false],
  tick_pos: ['50%'],
  tick_edge: ['left'],
  vertical_align: ['top'],
  text_align: ['left'],
  font_size: ['14'],
  locked: [false],
  include_tags: [true],
  notify_audit: [false],
  notify_no_data: [false],
  timeout_h: [0],
  renotify_interval: [0],
  evaluation_delay: [0],
};

const identities: readonly (readonly [shape: RegExp, id: (element: JsonObject) => string])[] = [
  [/(^|\.)widgets\[\]$/, widgetId],
  [/^template_variables\[\]$|presets\[\]$|template_variables\[\]$|\.queries\[\]$/, (e) => textOf(e, 'name')],
  [/\.custom_links\[\]$/, (e) => textOf(e, 'label')],
  [/^thresholds\[\]$/, (e) => textOf(e, 'timeframe')],
];
const sets = /(^|\.)(tags|notify_list|restricted_roles|notify_by|renotify_statuses|monitor_ids|groups)\[\]$/;
/** Written by Datadog beside what it was told: mirrors of an objective's thresholds. */
const mirrored = /^(timeframe|target_threshold|warning_threshold|thresholds\[\]\.(target_display|warning_display))$/;

/** What two documents of one kind, both normal, have to have in common. */
export const datadogRules: Rules = {
  identity(shape, element) {
    if (sets.test(shape)) return String(element);
    if (!isObject(element)) return undefined;
    return identities.find(([where]) => where.test(shape))?.[1](element) || undefined;
  },
  isDefault: (shape, value) => defaults[shape.slice(shape.lastIndexOf('.') + 1)]?.includes(value) ?? false,
  isFilledIn: (shape) => mirrored.test(shape),
  isOrdered: (shape, wanted) =>
    shape === 'template_variables[]' ||
    (/(^|\.)widgets\[\]$/.test(shape) && wanted.every((w) => isObject(w) && w['layout'] === undefined)),
  same(shape, live, wanted) {
    if (typeof live !== 'string' || typeof wanted !== 'string') return false;
    return /(^|\.)(query|search|numerator|denominator)$/.test(shape) && asked(live) === asked(wanted);
  },
};

/** A query without what changes nothing: outer white space, and a scope of everything. */
function asked(query: string): string {
  return query.trim().replace(/\s+/g, ' ').replaceAll('{*}', '');
}

export function widgetId(widget: JsonObject): string {
  const definition = widget['definition'];
  if (!isObject(definition)) return '';
  const title = textOf(definition, 'title');
  return title === '' ? '' : `${textOf(definition, 'type')} '${title}'`;
}
