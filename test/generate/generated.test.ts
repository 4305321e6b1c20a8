import { expect, test } from 'vitest';
import { isGenerated } from '../../src/generate/generated.ts';
import { generate, generatorIds } from '../../src/generate/index.ts';
import { exampleModel } from './model.ts';

test('every dashboard is known for vigia’s without the ledger', () => {
  const boards = generate(exampleModel('large'), generatorIds).filter((a) => /^dashboards\/.*\.json$/.test(a.path));
  expect(boards.length).toBeGreaterThan(11);
  expect(boards.filter((a) => !isGenerated(a.content)).map((a) => a.path)).toEqual([]);
});

test.each([
  ['somebody’s dashboard', '{"title":"mine","tags":["envoy"]}', false],
  ['a board that was edited', '{"title":"x","tags":["mine","vigia"]}', true],
  ['schema v2', '{"apiVersion":"dashboard.grafana.app/v2","spec":{"tags":["vigia"]}}', true],
  ['a monitor', '{"name":"x","tags":["managed-by:vigia"]}', true],
  ['Datadog’s marker', '{"description":"What.\\nvigia:gateways/prod-overview"}', true],
  ['the marker in the middle', '{"description":"vigia:x said\\nmore"}', false],
  ['settings of a metric', '{"meta":{"tags":["managed-by:vigia"]},"data":{}}', true],
  ['a list', '["vigia"]', false],
  ['half of a file', '{"tags":["vigia"', false],
  ['nothing', '', false],
])('%s', (_, text, ours) => {
  expect(isGenerated(text)).toBe(ours);
});
