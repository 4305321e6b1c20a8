import { describe, expect, test } from 'vitest';
import type { Artefact } from '../../src/generate/artefact.ts';
import { folderUid } from '../../src/publish/grafana/service.ts';
import { destinations } from '../../src/publish/wanted.ts';
import { modelOf } from '../generate/model.ts';

const environment = (name: string, grafana: string) =>
  `  ${name}: { metrics: { to: prometheus, retention: 30d }, logs: { to: datadog }, grafana: { ${grafana} }, datadog: { site: datadoghq.eu, apiKey: { secret: a, key: b } } }\n`;
const model = (dev: string, prod: string) =>
  modelOf(`version: 1
kgateway: { version: "2.3" }
environments:
${environment('dev', dev)}${environment('prod', prod)}clusters: { dev: { environment: dev }, prod: { environment: prod } }
gateways: [{ name: edge }]
`);
const file = (path: string, document: object): Artefact => ({ path, content: JSON.stringify(document) });
const both = ['grafana', 'datadog'] as const;
const one = 'url: "https://g.example.com/"';

const artefacts = [
  file('alerts/datadog/dev/slos/a.json', { tags: ['managed-by:vigia', 'vigia-id:vigia/dev-a'] }),
  file('alerts/datadog/prod/slos/a.json', { tags: ['managed-by:vigia', 'vigia-id:vigia/prod-a'] }),
  file('alerts/prometheus/dev/rules.yaml', {}),
  file('dashboards/grafana/dev/v2/vigia-x.json', {}),
  file('dashboards/grafana/dev/vigia-x.json', { title: 'x' }),
  file('dashboards/grafana/prod/vigia-x.json', { title: 'x' }),
];

describe('where documents go', () => {
  test('environments that share a service are one destination, and what one of them wants is kept when the other is asked for', () => {
    const found = destinations(model(one, 'url: "https://g.example.com"'), artefacts, {
      environments: ['dev'],
      services: both,
    });
    expect(
      found.map((d) => [d.service, d.address, d.environments.map((e) => e.name), d.documents.map((w) => w.id)]),
    ).toEqual([
      ['grafana', 'https://g.example.com', ['dev'], ['vigia-x']],
      ['datadog', 'datadoghq.eu', ['dev'], ['dev-a']],
    ]);
    expect([...(found[1]?.kept ?? [])]).toEqual(['slo dev-a', 'slo prod-a']);
  });

  test('one uid can not be two boards, nor be in two folders', () => {
    const different = [...artefacts.slice(0, 5), file('dashboards/grafana/prod/vigia-x.json', { title: 'y' })];
    const asked = { environments: undefined, services: both };
    const words =
      'dashboards/grafana/dev/vigia-x.json and dashboards/grafana/prod/vigia-x.json would be one dashboard at https://g.example.com';
    expect(() => destinations(model(one, one), different, asked)).toThrow(words);
    expect(() => destinations(model(one, `${one}, folder: Other`), artefacts, asked)).toThrow(words);
    expect(destinations(model(one, one), artefacts, asked)[0]?.documents.length).toBe(1);
    expect(destinations(model(one, 'url: "https://other"'), different, asked).map((d) => d.address)).toEqual([
      'https://g.example.com',
      'https://other',
      'datadoghq.eu',
    ]);
  });
});

test.each([
  ['Gateways', 'vigia-gateways'],
  ['Edge / Prod (EU)', 'vigia-edge-prod-eu'],
  ['x'.repeat(60), `vigia-${'x'.repeat(34)}`],
])('folder %s has uid %s', (title, uid) => {
  expect(folderUid(title)).toBe(uid);
});

test('folders without a Latin letter have uids of their own', () => {
  expect(folderUid('网关')).toMatch(/^vigia-[0-9a-f]{12}$/);
  expect(folderUid('网关')).not.toBe(folderUid('ゲート'));
});
