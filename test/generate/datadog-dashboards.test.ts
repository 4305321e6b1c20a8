import { v1 } from '@datadog/datadog-api-client';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Board } from '../../src/boards/board.ts';
import { type BoardContext, boardContexts } from '../../src/boards/context.ts';
import { boardsOf } from '../../src/boards/index.ts';
import { lintDatadog } from '../../src/boards/query/datadog-lint.ts';
import { rate, ratio } from '../../src/boards/query/expression.ts';
import { dashboard } from '../../src/generate/datadog/dashboards/dashboard.ts';
import { generateDatadogDashboards } from '../../src/generate/datadog/dashboards/index.ts';
import { places } from '../../src/generate/datadog/dashboards/layout.ts';
import { wire } from '../../src/generate/datadog/dashboards/wire.ts';
import { exampleModel } from './model.ts';

// Datadog's API can't be reached from here; its own client's models are what its documentation is made of.
const { ObjectSerializer } = v1 as unknown as {
  ObjectSerializer: {
    deserialize(data: unknown, type: string, format: string): object;
    serialize(data: unknown, type: string, format: string): object;
  };
};

interface WireWidget {
  readonly definition: Readonly<Record<string, unknown>> & {
    readonly type: string;
    readonly widgets?: readonly WireWidget[];
  };
  readonly layout: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}
interface WireDashboard {
  readonly title: string;
  readonly description: string;
  readonly template_variables: readonly {
    readonly name: string;
    readonly prefix: string;
    readonly defaults: readonly string[];
  }[];
  readonly widgets: readonly WireWidget[];
}

const model = exampleModel('large');
const prod = boardContexts(model).find((c) => c.environment.name === 'prod') as BoardContext;
const toDatadog: BoardContext = { ...prod, environment: { ...prod.environment, logs: { to: 'datadog' } } };

/** What the client did not know: keys beside its models', and values that none of them takes. */
function unknowns(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((v, i) => unknowns(v, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return [];
  if (value.constructor.name === 'UnparsedObject') return [`${path}: not parsed`];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === '_unparsed') return inner === true ? [`${path}: not parsed`] : [];
    if (key === 'additionalProperties') return Object.keys(inner as object).map((k) => `${path}: no ${k}`);
    return unknowns(inner, `${path}.${key}`);
  });
}

const frame = (widgets: readonly unknown[]) => ({ title: 't', layout_type: 'ordered', widgets });

/** Each widget in a dashboard of its own, since one mistake makes the whole group around it unparsed. */
function refused(wired: WireDashboard): string[] {
  const single = wired.widgets.flatMap((w) => [
    { ...w, definition: { ...w.definition, widgets: [] } },
    ...(w.definition.widgets ?? []),
  ]);
  return [
    ...single.flatMap((w) =>
      unknowns(ObjectSerializer.deserialize(frame([w]), 'Dashboard', ''), String(w.definition['title'])),
    ),
    ...unknowns(ObjectSerializer.deserialize(wired, 'Dashboard', ''), wired.title),
  ];
}

const made = (context: BoardContext): readonly (readonly [string, WireDashboard])[] =>
  boardsOf(context).map((b, _, all) => [b.id, JSON.parse(wire(dashboard(b, all, context))) as WireDashboard]);

const inner = (d: WireDashboard): readonly WireWidget[] => d.widgets.flatMap((w) => w.definition.widgets ?? []);

describe.each([
  ['logs in CloudWatch', prod],
  ['logs in Datadog', toDatadog],
])('%s', (_, context) => {
  test.each(made(context))("%s is what Datadog's own client reads and writes", (_id, wired) => {
    expect(refused(wired)).toEqual([]);
    const back = ObjectSerializer.serialize(ObjectSerializer.deserialize(wired, 'Dashboard', ''), 'Dashboard', '');
    expect(JSON.parse(JSON.stringify(back))).toEqual(wired);
  });

  test.each(made(context))(
    '%s: nothing overlaps, nothing leaves the grid, every line of it is full or last',
    (_id, wired) => {
      for (const list of [wired.widgets, ...wired.widgets.map((w) => w.definition.widgets ?? [])]) {
        const taken = new Set<string>();
        for (const { layout } of list) {
          expect(layout.x + layout.width).toBeLessThanOrEqual(12);
          for (let x = layout.x; x < layout.x + layout.width; x++)
            for (let y = layout.y; y < layout.y + layout.height; y++) {
              expect(taken.has(`${x},${y}`), `${x},${y} twice`).toBe(false);
              taken.add(`${x},${y}`);
            }
        }
      }
      for (const group of wired.widgets) {
        const bottom = Math.max(...(group.definition.widgets ?? []).map((w) => w.layout.y + w.layout.height));
        expect(group.layout.height).toBe(bottom + 1);
      }
    },
  );

  test.each(made(context))(
    '%s: every query passes the linter, every name in a formula is a query of its request',
    (_id, wired) => {
      let seen = 0;
      for (const { definition } of inner(wired))
        for (const request of (definition['requests'] ?? []) as readonly Record<string, never>[]) {
          const queries = (request['queries'] ?? []) as readonly { name: string; query?: string; slo_id?: string }[];
          expect(new Set(queries.map((q) => q.name)).size).toBe(queries.length);
          for (const { formula } of (request['formulas'] ?? []) as readonly { formula: string }[]) {
            const used = queries.filter((q) => new RegExp(`\\b${q.name}\\b`).test(formula));
            expect(used.length, formula).toBeGreaterThan(0);
            expect(
              lintDatadog(
                {
                  queries: used.map((q) => ({
                    name: q.name,
                    query: q.query ?? '',
                    ...(q.slo_id ? { slo: q.slo_id } : {}),
                  })),
                  formula,
                },
                context.labels,
              ),
            ).toEqual([]);
            seen++;
          }
        }
      expect(seen).toBeGreaterThan(0);
    },
  );
});

test('a misspelt key and a value that Datadog does not have are seen', () => {
  const [first] = made(prod);
  const text = JSON.stringify(first?.[1]);
  expect(refused(JSON.parse(text.replace('"precision"', '"precison"')) as WireDashboard)).not.toEqual([]);
  expect(refused(JSON.parse(text.replace('"query_value"', '"query_values"')) as WireDashboard)).not.toEqual([]);
});

describe('the files', () => {
  const files = generateDatadogDashboards(model);
  test('one for each board of environments whose metrics are in Datadog, the same bytes each time', () => {
    expect(files.map((f) => f.path)).toEqual(boardsOf(prod).map((b) => `dashboards/datadog/prod/${b.id}.json`));
    expect(generateDatadogDashboards(exampleModel('large'))).toEqual(files);
    expect(generateDatadogDashboards(exampleModel('small'))).toEqual([]);
  });

  test('found again by the last line of the description', () => {
    for (const { path, content } of files) {
      const { description } = JSON.parse(content) as WireDashboard;
      const id = path.replace(/^.*\/(.*)\.json$/, '$1');
      expect(description.split('\n').at(-1)).toBe(`vigia:${model.name}/prod-${id}`);
    }
  });

  test('every variable that a query uses is one of the dashboard', () => {
    for (const { content } of files) {
      const known = (JSON.parse(content) as WireDashboard).template_variables.map((v) => v.name);
      const used = [...content.matchAll(/\$(\w+?)(?:\.value)?(?=[ ,)}"\\])/g)].map((m) => m[1] ?? '');
      expect([...new Set(used)].filter((name) => !known.includes(name))).toEqual([]);
      if (!content.includes('"slo"')) expect(used.length).toBeGreaterThan(0);
    }
  });

  test('objectives are asked of SLOs whose ids are filled in on apply', () => {
    const text = files.find((f) => f.path.endsWith('/objectives.json'))?.content ?? '';
    const named = new Set([...text.matchAll(/"slo_id": "(.*)"/g)].map((m) => m[1]));
    expect([...named].sort()).toEqual(
      prod.objectives
        .flatMap((o) => (o.name === 'transfers-fast' ? [o.name] : [o.name, `${o.name}.gateway`]))
        .map((id) => `\${slo:prod-${id}}`)
        .sort(),
    );
  });
});

test('a value leads on to another board, with the variables that both have and what was clicked, at its time', () => {
  const boards = new Map(made(prod));
  const links = [...boards].flatMap(([from, d]) =>
    inner(d).flatMap((w) =>
      ((w.definition['custom_links'] ?? []) as readonly { readonly label: string; readonly link: string }[])
        .filter(({ link }) => link.includes('/dashboard/'))
        .map(({ label, link }) => ({ from, label, link })),
    ),
  );
  expect(links.length).toBeGreaterThan(20);
  for (const { from, label, link } of links) {
    const [, to = '', query = ''] =
      /^https:\/\/app\.datadoghq\.com\/dashboard\/\$\{dashboard:prod-([\w-]+)\}\?(.*)$/.exec(link) ?? [];
    const target = boards.get(to);
    expect(target, link).toBeDefined();
    expect(to).not.toBe(from);
    expect(label).toBe(`${target?.title.replace(/ \(prod\)$/, '')}, with the same filters`);
    expect(query).toMatch(/from_ts=\{\{timestamp_start\}\}&to_ts=\{\{timestamp_end\}\}&live=false$/);
    const names = [...query.matchAll(/tpl_var_(\w+)=\{\{[^{}]+\.value\}\}&/g)].map((m) => m[1]);
    expect(names.length, link).toBeGreaterThan(0);
    for (const name of names) expect(target?.template_variables.map((v) => v.name)).toContain(name);
    expect(query.replace(/tpl_var_\w+=\{\{[^{}]+\}\}&/g, '')).toMatch(/^from_ts=/);
  }
  const objectives = links.find((l) => l.from === 'objectives' && l.link.includes('prod-fault'));
  expect(objectives?.link).toContain('tpl_var_environment={{$environment.value}}&');
  expect(objectives?.link).toContain('tpl_var_gateway={{gateway.value}}&');
});

describe('one scale', () => {
  const board: Board = {
    id: 'b',
    title: 'B',
    description: 'D.',
    scope: ['gateway'],
    rows: [
      {
        title: 'R',
        panels: [
          {
            id: 'p',
            kind: 'stat',
            title: 'P',
            description: 'D.',
            unit: 'share',
            width: 6,
            height: 4,
            thresholds: [
              { from: undefined, means: 'good' },
              { from: 0.001, means: 'watch' },
              { from: 0.07, means: 'bad' },
            ],
            query: ratio(rate('requests', { where: [{ label: 'side', is: ['backend'] }] }), rate('requests')),
            triage: { side: ['backend'] },
          },
        ],
      },
    ],
  };
  let widgets: readonly WireWidget[] = [];
  beforeAll(() => {
    widgets = inner(JSON.parse(wire(dashboard(board, [board], prod))) as WireDashboard);
  });

  test('shares are percent in the formula and in the formats, the highest step first', () => {
    const [request] = (widgets[0]?.definition['requests'] ?? []) as readonly Record<
      string,
      readonly Record<string, unknown>[]
    >[];
    expect(request?.['formulas']?.[0]).toMatchObject({
      formula: '100 * (default_zero(q1) / q2)',
      number_format: { unit: { type: 'canonical_unit', unit_name: 'percent' } },
    });
    expect(request?.['conditional_formats']).toEqual([
      { comparator: '>=', value: 7, palette: 'white_on_red' },
      { comparator: '>=', value: 0.1, palette: 'black_on_light_yellow' },
      { comparator: '<', value: 0.1, palette: 'white_on_green' },
    ]);
  });

  test('the line of vigia triage stands below the row', () => {
    expect(widgets.at(-1)?.definition).toMatchObject({ type: 'note' });
    expect(widgets.at(-1)?.definition['content']).toContain(
      '\nvigia triage --cluster CLUSTER --since 1h --side backend\n',
    );
  });
});

test('three columns of eight fill a line; a fourth goes below', () => {
  const eight = { width: 8, height: 8 };
  expect(places([eight, eight, eight, eight]).layouts.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
    [0, 0, 4, 3],
    [4, 0, 4, 3],
    [8, 0, 4, 3],
    [0, 3, 4, 3],
  ]);
});
