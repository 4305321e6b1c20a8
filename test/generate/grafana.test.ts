import { parser as logql } from '@grafana/lezer-logql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from 'vitest';
import { responseFlags } from '../../src/envoy/response-flags.ts';
import { budget, generateGrafana } from '../../src/generate/grafana/index.ts';
import { exampleModel, hostile, modelOf } from './model.ts';

interface Target {
  readonly expr: string;
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}
interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly options?: { readonly content?: string };
  readonly fieldConfig?: {
    readonly defaults: { readonly links?: readonly { readonly title: string; readonly url: string }[] };
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly tags: readonly string[];
  readonly panels: readonly GrafanaPanel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string;
      readonly current: { readonly value: unknown };
    }[];
  };
}

/** Bounded, operator-set and hostile labels, several clusters, logs in CloudWatch. */
const cloudwatch = `version: 1
kgateway: { version: "2.4" }
environments:
  e: { metrics: { to: prometheus, mode: remote-write, url: "https://m/api", retention: 30d }, logs: { to: cloudwatch, group: /gw/access, region: eu-west-1 }, traces: { to: none } }
clusters: { a: { environment: e, region: eu-west-1 }, b: { environment: e, region: eu-west-1 } }
gateways: [{ name: g }]
objectives: [{ name: fast, kind: latency, under: 500ms, target: 99 }, { name: up, kind: availability, target: 99.9 }]
`;

/** So many routes that boards ask for recorded sums where they can. */
const recorded = `${cloudwatch}routes:
${Array.from({ length: 120 }, (_, i) => `  - { name: r-${i}, namespace: n }`).join('\n')}
`;

const models = {
  small: exampleModel('small'),
  large: exampleModel('large'),
  hostile: modelOf(hostile),
  cloudwatch: modelOf(cloudwatch),
  recorded: modelOf(recorded),
};
const files = Object.entries(models).flatMap(([name, model]) =>
  generateGrafana(model).map((a) => [`${name}: ${a.path}`, JSON.parse(a.content) as Dashboard, a.content] as const),
);
const panelsOf = (d: Dashboard): readonly GrafanaPanel[] => d.panels.filter((p) => p.type !== 'row');
const targetsOf = (d: Dashboard, type: string): readonly Target[] =>
  panelsOf(d).flatMap((p) => (p.targets ?? []).filter((t) => t.datasource.type === type));

/** Errors of a Lezer tree, with the text at each. */
function faults(parser: typeof promql, text: string): readonly string[] {
  const found: string[] = [];
  parser
    .parse(text)
    .iterate({ enter: (n) => void (n.type.isError && found.push(text.slice(Math.max(0, n.from - 20), n.to + 20))) });
  return found;
}

/** What Grafana makes of the windows; variables stand inside strings, where any text is right. */
const windowed = (expr: string): string => expr.replaceAll('$__rate_interval', '2m').replaceAll('$__range', '1h');

describe.each(files)('%s', (_, board, content) => {
  test('every PromQL and LogQL parses, and asks by variables that the board has', () => {
    const names = new Set(board.templating.list.map((v) => v.name));
    const queries = [
      ...targetsOf(board, 'prometheus').map((t) => t.expr),
      ...board.templating.list
        .filter((v) => v.type === 'query')
        .map((v) => v.query.replace(/^label_values\((.*), \w+\)$/, '$1')),
    ];
    for (const expr of queries) expect(faults(promql, windowed(expr)), expr).toEqual([]);
    const lines = targetsOf(board, 'loki').map((t) => t.expr);
    for (const expr of lines) expect(faults(logql as typeof promql, expr), expr).toEqual([]);
    const used = [...queries, ...lines].flatMap((expr) => [...expr.matchAll(/\$(?!__)(\w+)/g)].map((m) => m[1] ?? ''));
    expect(used.filter((name) => !names.has(name) && !/^\d$/.test(name))).toEqual([]);
    expect(targetsOf(board, 'prometheus').length).toBeGreaterThan(3);
  });

  test('panels have a place of their own inside the grid, a number, a title and a description', () => {
    const cells = new Set<string>();
    for (const { gridPos: g, title } of board.panels)
      for (let x = g.x; x < g.x + g.w; x++)
        for (let y = g.y; y < g.y + g.h; y++) {
          expect(x, title).toBeLessThan(24);
          expect(cells.has(`${x},${y}`), title).toBe(false);
          cells.add(`${x},${y}`);
        }
    expect(new Set(board.panels.map((p) => p.id)).size).toBe(board.panels.length);
    for (const p of panelsOf(board)) expect(p.title.length > 0 && p.description.length > 80, p.title).toBe(true);
  });

  test('is Grafana’s classic form, ours, read-only, well below what a ConfigMap holds', () => {
    expect(board).toMatchObject({ editable: false, schemaVersion: 42 });
    expect(board.uid).toMatch(/^vigia-[a-zA-Z0-9_-]{1,34}$/);
    expect(board.tags).toContain('vigia');
    expect(content.length).toBeLessThan(budget);
    // What the SDK adds and Grafana would take for a wish.
    for (const noise of ['"placement": "inControlsMenu"', '"auto_min"', '"repeatDirection"', '"mappings": []'])
      expect(content, noise).not.toContain(noise);
    for (const v of board.templating.list) expect(v.current.value, v.name).not.toEqual([]);
  });

  test('links are addresses once Grafana has filled them in, and carry the filters', () => {
    for (const p of panelsOf(board))
      for (const { url, title } of p.fieldConfig?.defaults.links ?? []) {
        const filled = fill(url);
        expect(filled, `${p.title}: ${title}`).not.toMatch(/\$\{/);
        if (url.startsWith('/explore')) {
          const pane = JSON.parse(new URL(filled, 'http://grafana').searchParams.get('panes') ?? '') as {
            v: { queries: readonly { expr?: string; query?: string }[] };
          };
          const [query] = pane.v.queries;
          if (query?.expr !== undefined) expect(faults(logql as typeof promql, query.expr), query.expr).toEqual([]);
          expect(query?.expr ?? query?.query).toContain('http.kgateway-system');
        } else if (url.startsWith('/d/')) {
          expect(new URL(filled, 'http://grafana').searchParams.get('var-environment') ?? 'any').not.toBe('');
          expect(url).toContain('{__url_time_range}&');
        } else expect(() => new URL(filled)).not.toThrow();
      }
  });
});

/** As Grafana does: a label of what was clicked, percent-encoded where asked; a variable of several values as its format says. */
const fill = (url: string): string =>
  url
    .replace(/\$\{__(?:field\.labels|data\.fields)\["[^"]+"\](:percentencode)?\}/g, (_, enc) =>
      enc ? encodeURIComponent('http.kgateway-system') : 'x',
    )
    .replace(/\$\{(\w+):pipe\}/g, (_, name: string) => (name === 'namespace' ? 'shop|pay' : 'http.kgateway-system|.*'))
    .replace(/\$\{(\w+):queryparam\}/g, 'var-$1=a&var-$1=b')

    .replace(/\$\{__url_time_range\}/, 'from=now-1h&to=now')
    .replace(/\$\{__(?:from|to)\}/g, '1790000000000')
    .replace(/\$\{(\w+_datasource)\}/g, 'P8E80F9AEF21F6940');

test('the same model gives the same bytes', () => {
  const [a, b] = [generateGrafana(exampleModel('large')), generateGrafana(exampleModel('large'))];
  expect(a).toEqual(b);
});

test('flags: each known one has its long name and the colour of its side, an unknown one is shown as it is', () => {
  const fault = files.find(([name]) => name === 'small: dashboards/grafana/dev/vigia-fault.json')?.[1];
  const table = fault?.panels.find((p) => p.title === 'Every flag, by backend');
  const mapped = table?.fieldConfig?.overrides
    .find((o) => o.matcher.options === 'Flag')
    ?.properties.find((p) => p.id === 'mappings');
  const [known] = (mapped?.value ?? []) as readonly { options: Record<string, { text: string; color: string }> }[];
  const options = known?.options ?? {};
  expect(Object.keys(options).sort()).toEqual(['-', ...Object.keys(responseFlags)].sort());
  expect(options['UH']).toMatchObject({ text: 'UH NoHealthyUpstream', color: 'red' });
  const graph = fault?.panels.find((p) => p.title.startsWith('Failures to mend'));
  expect(graph?.fieldConfig?.overrides.find((o) => o.matcher.options === 'UF')?.properties[0]).toEqual({
    id: 'displayName',
    value: 'UF UpstreamConnectionFailure',
  });
});

test('CloudWatch: the console’s link holds the query, decoded as the console does', () => {
  const fault = files.find(
    ([name]) => name.startsWith('cloudwatch') && name.endsWith('fault-e.json') === false && name.includes('fault'),
  )?.[1];
  const url =
    fault?.panels
      .find((p) => p.title === '5xx without a flag')
      ?.fieldConfig?.defaults.links?.find((l) => l.url.includes('cloudwatch'))?.url ?? '';
  const [, query] = /editorString~'(.*?)~source/.exec(fill(url)) ?? [];
  expect(decodeURIComponent((query ?? '').replaceAll('*', '%'))).toBe(
    [
      'fields @timestamp, @message',
      '| filter attributes.http.response.status_code >= 500 and attributes.http.response.status_code <= 599 and attributes.envoy.response_flags in ["-"] and attributes.envoy.upstream_cluster = "x" and attributes.http.response.status_code = x and attributes.side = "x"',
      '| sort @timestamp desc',
      '| limit 200',
    ].join('\n'),
  );
  const lines = fault?.panels.find((p) => p.title === 'Failed and refused requests');
  expect(lines).toMatchObject({ type: 'text' });
  expect(lines?.options?.content).toMatch(
    /vigia triage --cluster \$\{cluster:text\} --from \$\{__from:date:iso\} --to/,
  );
});

test('two environments that one Grafana may serve have boards of their own', () => {
  const two = modelOf(`version: 1
kgateway: { version: "2.4" }
environments:
  dev: { metrics: { to: prometheus }, logs: { to: file } }
  a-name-that-is-longer-than-twenty: { metrics: { to: prometheus }, logs: { to: file } }
clusters: { a: { environment: dev }, b: { environment: a-name-that-is-longer-than-twenty } }
gateways: [{ name: g }]
`);
  const uids = generateGrafana(two).map((a) => (JSON.parse(a.content) as Dashboard).uid);
  expect(uids).toContain('vigia-control-plane-dev');
  expect(new Set(uids).size).toBe(uids.length);
  expect(uids.every((uid) => uid.length <= 40)).toBe(true);
  expect(generateGrafana(exampleModel('large')).map((a) => a.path)).toContain(
    'dashboards/grafana/staging/vigia-overview.json',
  );
});

test('with hundreds of routes boards ask for recorded sums wherever neither route nor backend is asked for', () => {
  const [, overview] = files.find(([name]) => name === 'recorded: dashboards/grafana/e/vigia-overview.json') ?? [];
  const [, routes] = files.find(([name]) => name === 'recorded: dashboards/grafana/e/vigia-routes.json') ?? [];
  const asked = (board: Dashboard | undefined) => (board ? targetsOf(board, 'prometheus').map((t) => t.expr) : []);
  const raw = asked(overview).filter((expr) => /\bgateway_requests_total\b/.test(expr));
  expect(raw).toEqual([]);
  expect(asked(overview).filter((expr) => expr.includes('gateway:gateway_requests:rate5m')).length).toBeGreaterThan(5);
  expect(asked(routes).some((expr) => /\bgateway_requests_total\b/.test(expr))).toBe(true);
});

test('schema v2 is asked for, and says the same', () => {
  const v2 = cloudwatch.replace('traces: { to: none }', 'traces: { to: none }, grafana: { v2: true }');
  const made = generateGrafana(modelOf(v2));
  const classic = made.filter((a) => !a.path.includes('/v2/'));
  expect(made.length).toBe(2 * classic.length);
  for (const { path, content } of classic) {
    const board = JSON.parse(content) as Dashboard;
    const other = made.find((a) => a.path === path.replace('/e/', '/e/v2/'));
    const { apiVersion, metadata, spec } = JSON.parse(other?.content ?? '{}') as Resource;
    expect([apiVersion, metadata.name, spec.title]).toEqual(['dashboard.grafana.app/v2', board.uid, board.title]);
    const expressions = Object.values(spec.elements).flatMap((e) =>
      e.spec.data.spec.queries.map((q) => q.spec.query.spec.expr),
    );
    expect(expressions).toEqual(panelsOf(board).flatMap((p) => (p.targets ?? []).map((t) => t.expr)));
    const placed = spec.layout.spec.rows.flatMap((r) => r.spec.layout.spec.items.map((i) => i.spec.element.name));
    expect([...placed].sort()).toEqual(Object.keys(spec.elements).sort());
    expect(spec.variables.map((v) => v.spec.name)).toEqual(board.templating.list.map((v) => v.name));
  }
});

interface Resource {
  readonly apiVersion: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly title: string;
    readonly elements: Readonly<
      Record<
        string,
        {
          readonly spec: {
            readonly data: {
              readonly spec: {
                readonly queries: readonly {
                  readonly spec: { readonly query: { readonly spec: { readonly expr: string } } };
                }[];
              };
            };
          };
        }
      >
    >;
    readonly layout: {
      readonly spec: {
        readonly rows: readonly {
          readonly spec: {
            readonly layout: {
              readonly spec: {
                readonly items: readonly { readonly spec: { readonly element: { readonly name: string } } }[];
              };
            };
          };
        }[];
      };
    };
    readonly variables: readonly { readonly spec: { readonly name: string } }[];
  };
}

test('a board over its size is named, with what makes it large', () => {
  const names = Array.from({ length: 24 }, (_, i) => `label.number.${i}.of.quite.some.length`);
  const many = cloudwatch.replace(
    'gateways:',
    `labels:\n${names.map((n, i) => `  ${n}: { from: header, header: x-${i}, values: [a, b] }`).join('\n')}\ngateways:`,
  );
  expect(() => generateGrafana(modelOf(many))).toThrow(
    /^dashboards\/grafana\/e\/vigia-routes\.json would have \d+ bytes, and a board may have 196608$/,
  );
});
