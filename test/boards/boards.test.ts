import { describe, expect, test } from 'vitest';
import type { Board, Panel, Unit } from '../../src/boards/board.ts';
import { type BoardContext, boardContexts } from '../../src/boards/context.ts';
import { boardsOf } from '../../src/boards/index.ts';
import type { Query } from '../../src/boards/query/expression.ts';
import { labelsOf, unitFits } from '../../src/boards/query/shape.ts';
import { type KgatewayVersion, kgatewayVersionNames } from '../../src/contract/kgateway-versions.ts';
import { formatted } from '../../src/preview/units.ts';
import { exampleModel } from '../generate/model.ts';

const contexts = (['small', 'large'] as const).flatMap((name) => boardContexts(exampleModel(name)));
const all = contexts.flatMap((c) =>
  boardsOf(c).map((board) => [`${c.contract} ${c.environment.name} ${board.id}`, board, c] as const),
);

const panelsOf = (board: Board): readonly Panel[] => board.rows.flatMap((row) => row.panels);

function queriesOf(panel: Panel): readonly Query[] {
  if ('query' in panel) return [panel.query];
  if ('shown' in panel) return panel.shown.map((s) => s.query);
  return 'columns' in panel ? panel.columns.map((c) => c.query) : [];
}

/** Switches added up are a count; a heat map's unit is its axis'. */
const fits = (query: Query, { unit, kind }: { readonly unit: Unit; readonly kind?: string }): boolean =>
  kind === 'heatmap' || unitFits(query, unit) || (unit === 'count' && unitFits(query, 'switch'));

describe.each(all)('%s', (_, board, context) => {
  test('each panel says what to conclude, in words of its own', () => {
    const panels = panelsOf(board);
    expect(new Set(panels.map((p) => p.id)).size).toBe(panels.length);
    // Every objective has the same panels, in a row of its own.
    for (const some of board.id === 'objectives' ? board.rows.map((r) => r.panels) : [panels])
      expect(new Set(some.map((p) => p.title)).size, 'titles').toBe(some.length);
    for (const { id, description } of panels) {
      expect(description.length, id).toBeGreaterThan(80);
      expect(description, id).toMatch(/[.:]\s.*\.$/s);
    }
  });

  test('each number is in a unit that it can have, and each legend names labels that it has', () => {
    for (const panel of panelsOf(board)) {
      const place = { board: board.id, panel: panel.id };
      for (const query of queriesOf(panel)) labelsOf(query, place);
      if ('query' in panel) expect(fits(panel.query, panel), panel.id).toBe(true);
      if (panel.kind === 'bars') expect(labelsOf(panel.query)).toEqual(panel.by);
      if (panel.kind === 'stat') expect(labelsOf(panel.query)).toEqual([]);
      if (panel.kind === 'table')
        for (const { title, query, unit } of panel.columns) {
          expect(fits(query, { unit }), `${panel.id}, ${title}`).toBe(true);
          expect([...labelsOf(query)].sort(), title).toEqual([...panel.by].sort());
        }
      if (panel.kind === 'timeseries')
        for (const { query, legend } of panel.shown) {
          expect(fits(query, panel), panel.id).toBe(true);
          expect([...labelsOf(query)].sort(), panel.id).toEqual(typeof legend === 'string' ? [] : [...legend].sort());
        }
    }
  });

  test('thresholds rise and mean something; panels fit in the row; drills lead somewhere', () => {
    const ids = boardsOf(context).map((b) => b.id);
    for (const panel of panelsOf(board)) {
      expect(panel.width).toBeLessThanOrEqual(24);
      const steps = 'thresholds' in panel ? (panel.thresholds ?? []) : [];
      const edges = steps.slice(1).map((s) => s.from ?? Number.NaN);
      if (steps.length > 0) expect(steps[0]?.from).toBeUndefined();
      expect(edges, panel.id).toEqual([...edges].sort((a, b) => a - b));
      if (panel.drill?.board !== undefined) expect(ids).toContain(panel.drill.board);
      expect(panel.drill?.board).not.toBe(board.id);
    }
  });
});

test('no panel is on two boards', () => {
  for (const context of contexts) {
    const seen = new Map<string, string>();
    for (const board of boardsOf(context))
      for (const panel of panelsOf(board)) {
        const queries = queriesOf(panel);
        if (queries.length === 0) continue;
        const key = JSON.stringify([panel.kind, queries]);
        expect(seen.get(key), `${board.id} ${panel.id}`).toBeUndefined();
        seen.set(key, `${board.id} ${panel.id}`);
      }
  }
});

const of = (version: KgatewayVersion, change: Partial<BoardContext> = {}): BoardContext => {
  const [context] = boardContexts(exampleModel('small'));
  if (!context) throw new Error('no context');
  return { ...context, kgateway: { ...context.kgateway, version }, ...change };
};

test('a panel is there only where that kgateway has its series', () => {
  const ids = (version: KgatewayVersion) => boardsOf(of(version)).flatMap((b) => panelsOf(b).map((p) => p.id));
  const added = kgatewayVersionNames.map((v, i) => {
    const before = kgatewayVersionNames[i - 1];
    return ids(v).filter((id) => before !== undefined && !ids(before).includes(id));
  });
  expect(added).toEqual([[], ['refused-now', 'nacks'], [], ['replaced-now', 'replacements']]);
});

test('rows whose panels depend on the version fill their lines', () => {
  for (const version of kgatewayVersionNames) {
    const control = boardsOf(of(version)).find((b) => b.id === 'control-plane');
    const widths = control?.rows
      .slice(0, 2)
      .map((r) => r.panels.map((p) => p.width).reduce((sum, w) => sum + w, 0) % 24);
    expect(widths).toEqual([0, 0]);
  }
});

test('without objectives there is no board of them, and no table on the overview', () => {
  const boards = boardsOf(of('2.4', { objectives: [] }));
  expect(boards.map((b) => b.id)).toEqual(['overview', 'routes', 'fault', 'control-plane', 'pipeline']);
  expect(boards.flatMap((b) => panelsOf(b).map((p) => p.id))).not.toContain('budgets');
});

test('many objectives are on as many boards as it takes, and each is on one', () => {
  const [first] = of('2.4').objectives;
  if (!first) throw new Error('no objective');
  const many = Array.from({ length: 30 }, (_, i) => ({ ...first, name: `o-${i}` }));
  const boards = boardsOf(of('2.4', { objectives: many })).filter((b) => b.id.startsWith('objectives'));
  expect(boards.map((b) => [b.id, b.title, b.rows.length])).toEqual([
    ['objectives', 'Objectives, 1 of 5', 6],
    ['objectives-2', 'Objectives, 2 of 5', 6],
    ['objectives-3', 'Objectives, 3 of 5', 6],
    ['objectives-4', 'Objectives, 4 of 5', 6],
    ['objectives-5', 'Objectives, 5 of 5', 6],
  ]);
  expect(new Set(boards.flatMap((b) => panelsOf(b).map((p) => p.id))).size).toBe(240);
});

test('availability stands twice, what the gateway did below what was met; latency only where the gateway has promised its own time', () => {
  const [first] = of('2.4').objectives;
  if (!first) throw new Error('no objective');
  const slow = {
    ...first,
    name: 'slow',
    indicator: { kind: 'latency' as const, thresholdMs: 500, gatewayThresholdMs: undefined },
  };
  const own = { ...slow, name: 'own', indicator: { ...slow.indicator, gatewayThresholdMs: 50 } };
  const [board] = boardsOf(of('2.4', { objectives: [first, slow, own] })).filter((b) => b.id === 'objectives');
  const blames = board?.rows.map((row) =>
    row.panels.map((p) => JSON.stringify(p).includes('"blame":"gateway"')).join(' '),
  );
  const twice = 'false false false false true true true true';
  expect(blames).toEqual([twice, 'false false false false', twice]);
});

test('a share just below what was promised does not read as the promise', () => {
  const [first] = of('2.4').objectives;
  if (!first) throw new Error('no objective');
  const told = [0.9, 0.995, 0.9995].map((target) => {
    const [board] = boardsOf(of('2.4', { objectives: [{ ...first, target }] })).filter((b) => b.id === 'objectives');
    const [good] = board ? panelsOf(board) : [];
    if (good?.kind !== 'bars') throw new Error('no bars');
    return formatted(target - (1 - target) * 0.01, good.unit, good.decimals);
  });
  expect(told).toEqual(['89.9 %', '99.495 %', '99.9495 %']);
});

test('each label of the contract that is on metrics is a variable and a breakdown', () => {
  const context = boardContexts(exampleModel('large')).find((c) => c.environment.name === 'prod');
  if (!context) throw new Error('no context');
  const [overview, routes, fault] = boardsOf(context);
  const names = context.labels.map((l) => `custom:${l.name}`);
  expect(names).toEqual(['custom:tenant', 'custom:partner', 'custom:country', 'custom:domain', 'custom:tier']);
  for (const board of [overview, routes, fault]) expect(board?.scope).toEqual(expect.arrayContaining(names));
  expect(
    routes &&
      panelsOf(routes)
        .filter((p) => p.id.startsWith('by-'))
        .map((p) => p.title),
  ).toEqual(['By tenant', 'By partner', 'By country', 'By domain', 'By tier']);
});
