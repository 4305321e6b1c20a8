/** What Datadog makes of what it is sent, as far as its documentation and drift threads tell: fields it sets, defaults it writes out. An emulation. */
export type Thing = Record<string, unknown>;

export interface Server {
  readonly id: string;
  /** When it was made, as the object has it; undefined: now. */
  readonly created: unknown;
  readonly now: number;
  /** Also what no list of defaults has. */
  readonly novelty: boolean;
}

const person = { author_handle: 'ops@example.com', author_name: 'Ops' };

export function asDashboard(sent: Thing, { id, created, now, novelty }: Server): Thing {
  const iso = new Date(now).toISOString();
  return {
    ...sent,
    id,
    url: `/dashboard/${id}/x`,
    ...person,
    created_at: created ?? iso,
    modified_at: iso,
    is_read_only: sent['is_read_only'] ?? false,
    restricted_roles: sent['restricted_roles'] ?? [],
    notify_list: sent['notify_list'] ?? null,
    template_variables: sent['template_variables'] ?? null,
    template_variable_presets: sent['template_variable_presets'] ?? null,
    description: sent['description'] ?? null,
    tags: sent['tags'] ?? null,
    widgets: (sent['widgets'] as Thing[]).map((w, i) => asWidget(w, i + 1, novelty)),
  };
}

function asWidget(widget: Thing, id: number, novelty: boolean): Thing {
  const definition = { ...(widget['definition'] as Thing) };
  if (definition['title'] !== undefined) {
    definition['title_size'] ??= '16';
    definition['title_align'] ??= 'left';
  }
  if (definition['type'] === 'timeseries') {
    definition['show_legend'] ??= false;
    definition['legend_size'] ??= '0';
    definition['time'] ??= {};
  }
  if (definition['type'] === 'note') {
    definition['show_tick'] ??= false;
    definition['tick_pos'] ??= '50%';
    definition['tick_edge'] ??= 'left';
    definition['has_padding'] ??= true;
    definition['text_align'] ??= 'left';
    definition['vertical_align'] ??= 'top';
  }
  if (novelty && definition['type'] !== 'group') definition['sparkle'] ??= 'subtle';
  if (Array.isArray(definition['widgets']))
    definition['widgets'] = (definition['widgets'] as Thing[]).map((w, i) => asWidget(w, id * 100 + i, novelty));
  return { ...widget, id, definition };
}

export function asMonitor(sent: Thing, { id, created, now, novelty }: Server): Thing {
  const iso = new Date(now).toISOString();
  const options = { ...((sent['options'] ?? {}) as Thing) };
  options['notify_audit'] ??= false;
  options['locked'] ??= false;
  options['include_tags'] ??= true;
  options['new_host_delay'] ??= 300;
  options['silenced'] ??= {};
  options['avalanche_window'] ??= 20;
  options['notify_no_data'] ??= false;
  options['no_data_timeframe'] ??= null;
  options['timeout_h'] ??= 0;
  options['renotify_interval'] ??= null;
  options['escalation_message'] ??= '';
  if (novelty) options['group_sparkle'] ??= 5;
  return {
    ...sent,
    type: sent['type'] === 'metric alert' ? 'query alert' : sent['type'],
    message: `${sent['message'] ?? ''}\n`,
    tags: [...((sent['tags'] ?? []) as string[])].sort(),
    options,
    id: Number(id),
    created: created ?? iso,
    created_at: 1_732_500_000_000,
    modified: iso,
    deleted: null,
    creator: { email: 'ops@example.com', handle: 'ops@example.com', name: 'Ops', id: 1 },
    multi: false,
    org_id: 7,
    overall_state: 'No Data',
    overall_state_modified: null,
    priority: sent['priority'] ?? null,
    restricted_roles: sent['restricted_roles'] ?? null,
    draft_status: 'published',
    matching_downtimes: [],
    assets: [],
  };
}

export function asSlo(sent: Thing, { id, created, now, novelty }: Server): Thing {
  const thresholds = (sent['thresholds'] as Thing[]).map((t) => ({ ...t, target_display: `${t['target']}.` }));
  const [first] = thresholds as Thing[];
  return {
    ...sent,
    id,
    thresholds,
    timeframe: sent['timeframe'] ?? first?.['timeframe'],
    target_threshold: sent['target_threshold'] ?? first?.['target'],
    ...(first?.['warning'] === undefined ? {} : { warning_threshold: first['warning'] }),
    description: sent['description'] ?? '',
    groups: sent['groups'] ?? null,
    monitor_tags: [],
    creator: { email: 'ops@example.com', handle: 'ops@example.com', name: 'Ops' },
    created_at: created ?? now / 1000,
    modified_at: now / 1000,
    overall_status: [],
    ...(novelty ? { sparkle: ['a'] } : {}),
  };
}
