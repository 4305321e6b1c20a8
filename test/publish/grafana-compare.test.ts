import { describe, expect, test } from 'vitest';
import { generate } from '../../src/generate/index.ts';
import { boardDifferences } from '../../src/publish/grafana/history.ts';
import { normalBoard } from '../../src/publish/grafana/normal.ts';
import { spaced } from '../../src/publish/grafana/rules.ts';
import { inWords } from '../../src/publish/grafana/words.ts';
import type { JsonObject } from '../../src/publish/json.ts';
import { exampleModel } from '../generate/model.ts';
import { singleEdits } from './edits.ts';
import { savedByUi } from './emulators/grafana-ui.ts';

const boards: readonly (readonly [string, JsonObject])[] = generate(exampleModel('small'), ['grafana'])
  .filter((a) => a.path.endsWith('.json'))
  .map((a) => [a.path, JSON.parse(a.content)]);
const odd: JsonObject =
  JSON.parse(`{"uid":"odd","title":"Odd","schemaVersion":42,"editable":false,"tags":["vigia","b"],"panels":[
  {"id":1,"type":"row","title":"Open","collapsed":false,"gridPos":{"x":0,"y":0,"w":24,"h":1},"panels":[]},
  {"id":2,"type":"timeseries","title":"Requests","gridPos":{"x":0,"y":1,"w":12,"h":8},"fieldConfig":{"defaults":{"unit":"reqps","color":{"mode":"fixed","fixedColor":"Red"},"thresholds":{"mode":"absolute","steps":[{"value":null,"color":"green"},{"value":80,"color":"red"}]}},"overrides":[{"matcher":{"id":"byName","options":"5xx"},"properties":[{"id":"unit","value":"short"}]}]},"options":{"legend":{"showLegend":true,"calcs":[]}},"targets":[{"refId":"A","expr":"rate(x{a=\\"b  c\\"}[5m])","datasource":{"type":"prometheus","uid":"\${ds}"}}],"links":[{"title":"Logs","url":"/d/x"}]},
  {"id":4,"type":"stat","title":"","gridPos":{"x":12,"y":1,"w":12,"h":8},"targets":[],"libraryPanel":{"uid":"l","name":"n"}},
  {"id":5,"type":"row","title":"Shut","collapsed":true,"gridPos":{"x":0,"y":9,"w":24,"h":1},"panels":[{"id":6,"type":"text","title":"In","gridPos":{"x":0,"y":10,"w":24,"h":4},"options":{"content":"x"}}]}],
  "templating":{"list":[{"name":"job","type":"query","query":"label_values(up, job)","current":{"text":"All"}},{"name":"q","type":"custom","query":"a,b","current":{"text":"a","value":"a"}}]}}`);
const all = [...boards, ['odd', odd] as const];

test('the generated boards are there', () => {
  expect(boards.length).toBeGreaterThan(3);
});

describe.each(all)('%s', (_, board) => {
  test('is the same as itself, and normal form is final', () => {
    expect(boardDifferences(board, board)).toEqual([]);
    const normal = normalBoard(board);
    expect(normalBoard(normal)).toEqual(normal);
  });

  test('saved by the UI without a change it is the same, and its normal form is final too', () => {
    const saved = savedByUi(structuredClone(board) as Record<string, unknown>) as JsonObject;
    expect(boardDifferences(saved, board)).toEqual([]);
    expect(normalBoard(normalBoard(saved))).toEqual(normalBoard(saved));
  });

  test('a single edit of an emitted value is seen, of each kind there is in the board, also in what the UI saved', () => {
    const unseen: string[] = [];
    const kinds = new Set<string>();
    for (const { path, document } of singleEdits(board)) {
      const kind = board === odd ? path : path.replace(/\[\d+\]/g, '[]');
      if (meaningless.test(path) || kinds.has(kind)) continue;
      kinds.add(kind);
      const saved = savedByUi(structuredClone(document) as Record<string, unknown>) as JsonObject;
      if (boardDifferences(document, board).length === 0) unseen.push(path);
      if (boardDifferences(saved, board).length === 0) unseen.push(`${path}, saved by the UI`);
    }
    expect(unseen).toEqual([]);
    expect(kinds.size).toBeGreaterThan(40);
  });
});

/** Raised by servers; each viewer's own choice of a variable; a place that only moves a panel within its gap is no other place. */
const meaningless = /^schemaVersion$|^templating\.list\[\d+\]\.(current|options)\b|gridPos\.y$/;

test('the viewer’s choice is compared where it is the board’s own value', () => {
  const edited = structuredClone(odd) as { templating: { list: { current: { value: string } }[] } };
  const custom = edited.templating.list[1];
  if (custom) custom.current.value = 'b';
  expect(boardDifferences(edited as unknown as JsonObject, odd).map((d) => d.path.join('.'))).toEqual([
    'templating.list.q.current.value',
  ]);
});

test('a panel that changes places with another is seen; a gap is not', () => {
  const swap = structuredClone(odd) as unknown as { panels: { gridPos: { y: number; x: number } }[] };
  for (const panel of swap.panels) panel.gridPos.y *= 2;
  expect(boardDifferences(swap as unknown as JsonObject, odd)).toEqual([]);
  const [, second] = swap.panels;
  if (second) second.gridPos.y = 17;
  expect(boardDifferences(swap as unknown as JsonObject, odd).map((d) => d.path.join('.'))).toContain(
    'panels.2.gridPos.y',
  );
});

type Thing = Record<string, unknown>;

test('differences are told as a person knows the place', () => {
  const words = (change: (panel: Thing, board: Thing) => void) => {
    const live = structuredClone(odd) as unknown as Thing;
    change((live['panels'] as Thing[])[1] ?? {}, live);
    const board = live as JsonObject;
    return boardDifferences(board, odd)
      .map((d) => inWords(d, [normalBoard(odd), normalBoard(board)], 'unknown'))
      .map(({ where, what, live: l, contract }) => `${where}|${what}|${JSON.stringify(l)}|${JSON.stringify(contract)}`);
  };
  const set = (object: unknown, key: string, value: unknown) => {
    (object as Record<string, unknown>)[key] = value;
  };
  expect(words((p) => set((p['fieldConfig'] as Record<string, unknown>)['defaults'], 'unit', 'rps'))).toEqual([
    `panel 'Requests' (id 2)|unit|"rps"|"reqps"`,
  ]);
  expect(words((p) => set((p['targets'] as unknown[])[0], 'expr', 'up'))[0]).toMatch(
    /^panel 'Requests' \(id 2\)\|query A expr\|"up"/,
  );
  expect(
    words((_, b) => set(b, 'panels', [...(b['panels'] as unknown[]), { id: 9, type: 'text', title: 'Mine' }])),
  ).toEqual([`panel 'Mine' (id 9)||{"id":9,"type":"text","title":"Mine","row":"1"}|undefined`]);
  expect(words((_, b) => set(b, 'panels', (b['panels'] as unknown[]).slice(0, 3)))).toEqual([
    expect.stringMatching(/^row 'Shut' \(id 5\)\|\|undefined/),
    expect.stringMatching(/^panel 'In' \(id 6\)\|\|undefined/),
  ]);
  expect(words((_, b) => set(b, 'tags', ['b', 'vigia', 'x']))).toEqual(['|tags|"x"|undefined']);
});

test('white space counts inside of quotes only', () => {
  expect(spaced(' a  {x="1  2"}\n+ b')).toBe('a {x="1  2"} + b');
  expect(spaced('a{x="1  2"}')).not.toBe(spaced('a{x="1 2"}'));
});
