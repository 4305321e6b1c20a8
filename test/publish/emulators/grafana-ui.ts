/**
 * What Grafana's UI and migrations make of a board when somebody saves it without changing anything: each row of it is a change that the project's
 * notes on Grafana name, applied wherever it can be. An emulation; the real editor does more.
 */
type Thing = Record<string, unknown>;

const part = (thing: Thing, key: string): Thing => {
  thing[key] ??= {};
  return thing[key] as Thing;
};
const things = (value: unknown): Thing[] => (Array.isArray(value) ? (value as Thing[]) : []);

export function savedByUi(board: Thing): Thing {
  board['schemaVersion'] = Number(board['schemaVersion'] ?? 0) + 1;
  board['iteration'] = 1_700_000_000_000;
  board['fiscalYearStartMonth'] ??= 0;
  board['liveNow'] ??= false;
  board['weekStart'] ??= '';
  board['preload'] ??= false;
  board['links'] ??= [];
  const annotations = part(board, 'annotations')['list'] as Thing[] | undefined;
  part(board, 'annotations')['list'] = [
    ...(annotations ?? []),
    ...(annotations?.some((a) => a['builtIn'] === 1)
      ? []
      : [
          {
            builtIn: 1,
            datasource: { type: 'grafana', uid: '-- Grafana --' },
            enable: true,
            hide: true,
            iconColor: 'rgba(0, 211, 255, 1)',
            name: 'Annotations & Alerts',
            type: 'dashboard',
          },
        ]),
  ];
  for (const variable of things((board['templating'] as Thing | undefined)?.['list'])) {
    if (['query', 'datasource'].includes(String(variable['type']))) {
      variable['current'] = { selected: true, text: 'somebody’s', value: 'somebody’s' };
      variable['options'] = [{ selected: true, text: 'a', value: 'a' }];
    }
    if (variable['type'] === 'query' && typeof variable['query'] === 'string') {
      variable['definition'] = variable['query'];
      variable['query'] = {
        qryType: 1,
        query: variable['query'],
        refId: 'PrometheusVariableQueryEditor-VariableQuery',
      };
    }
    variable['skipUrlSync'] ??= false;
    variable['hide'] ??= 0;
  }
  const panels = things(board['panels']);
  for (const panel of panels) {
    savePanel(panel);
    for (const inner of things(panel['panels'])) savePanel(inner);
  }
  // The grid is packed anew; the file's order is that of the screen.
  board['panels'] = [...panels].reverse();
  return shuffled(board);
}

function savePanel(panel: Thing): void {
  if (panel['type'] === 'row') {
    panel['collapsed'] ??= false;
    panel['panels'] ??= [];
    return;
  }
  panel['pluginVersion'] = '12.4.1';
  panel['transparent'] ??= false;
  panel['links'] ??= [];
  const config = part(panel, 'fieldConfig');
  config['overrides'] ??= [];
  const defaults = part(config, 'defaults');
  defaults['mappings'] ??= [];
  defaults['color'] ??= { mode: 'palette-classic' };
  const custom = part(defaults, 'custom');
  custom['axisBorderShow'] ??= false;
  custom['hideFrom'] ??= { legend: false, tooltip: false, viz: false };
  custom['scaleDistribution'] ??= { type: 'linear' };
  const thresholds = defaults['thresholds'] as { steps?: Thing[] } | undefined;
  for (const [i, step] of (thresholds?.steps ?? []).entries()) if (i === 0) delete step['value'];
  const options = part(panel, 'options');
  options['wideLayoutOfTheFuture'] ??= true;
  for (const target of things(panel['targets'])) {
    target['editorMode'] = 'code';
    target['range'] ??= true;
    if (typeof target['expr'] === 'string') target['expr'] = `  ${target['expr']} `;
  }
}

/** Keys in another order, all the way down: order of keys carries no meaning. */
function shuffled<T>(value: T): T {
  if (Array.isArray(value)) return value.map(shuffled) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, shuffled(v)]),
  ) as T;
}
