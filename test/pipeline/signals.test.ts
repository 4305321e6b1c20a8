import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { signalsDoc, signalsDocPath } from '../../scripts/generate/signals-doc.ts';
import * as collector from '../../src/generate/collector/buckets.ts';
import { generateCollector } from '../../src/generate/collector/index.ts';
import { credentials } from '../../src/generate/collector/secrets.ts';
import { ageEdges, durationEdges } from '../../src/logs/buckets.ts';
import { signalIds, signals } from '../../src/signals/catalogue.ts';
import { labels } from '../../src/signals/labels.ts';
import { metricName } from '../../src/signals/spelling.ts';
import { clusterOf, modelOf } from '../real/pipeline/contract.ts';
import { contracts } from './contracts.ts';

test('docs/signals.md is what the catalogue says: npm run generate', () => {
  expect(readFileSync(new URL(`../../${signalsDocPath}`, import.meta.url), 'utf8')).toBe(signalsDoc());
});

test('no two signals and no two labels of one signal are spelled alike', () => {
  for (const path of ['prometheus', 'datadog'] as const)
    expect(new Set(signalIds.map((id) => metricName(signals[id], path))).size).toBe(signalIds.length);
  for (const id of signalIds) {
    const names = signals[id].labels.map((l) => labels[l].attribute);
    expect(new Set(names).size).toBe(names.length);
  }
});

test('a signal of demand is made where an objective asks for it, and is nowhere else a word of', () => {
  const { name } = signals.handover;
  for (const [title, contract] of Object.entries(contracts)) {
    const [made] = generateCollector(modelOf(contract));
    const without = generateCollector(modelOf(contract.replace(', gatewayUnder: 50ms', '')))[0]?.content ?? '';
    expect(without, title).not.toContain('handover');
    if (!contract.includes('gatewayUnder')) continue;
    const { connectors } = parse(made?.content ?? '') as {
      connectors: { signal_to_metrics: { logs: readonly { name: string; attributes: object; conditions?: object }[] } };
    };
    const conditional = connectors.signal_to_metrics.logs.filter((d) => d.conditions !== undefined);
    expect(
      conditional.map((d) => d.name),
      title,
    ).toEqual([name]);
    // Labels that differ between a gateway's requests would multiply what is nineteen series a route.
    expect(conditional[0]?.attributes, title).toEqual([{ key: 'envoy.route_name', default_value: '-' }]);
    const others = connectors.signal_to_metrics.logs.filter((d) => d.conditions === undefined);
    expect(others, title).toEqual(
      (parse(without) as { connectors: typeof connectors }).connectors.signal_to_metrics.logs,
    );
  }
});

test("the Collector's buckets are triage's, in whole milliseconds", () => {
  expect(collector.durationEdges).toEqual(durationEdges.map(Math.ceil));
  expect(collector.ageEdges).toEqual(ageEdges);
});

test('a configuration names every credential its pod must set, and holds none', () => {
  for (const [name, contract] of Object.entries(contracts)) {
    const model = modelOf(contract);
    for (const { content } of generateCollector(model)) {
      const read = new Set([...content.matchAll(/\$\{env:([A-Z_]+)\}/g)].map((m) => m[1]));
      const told = clusterOf(model);
      const wanted = ['MY_POD_IP', 'POD_NAME', ...(told.collector.queue.persistent ? ['QUEUE_DIR'] : [])];
      expect(read, name).toEqual(new Set([...wanted, ...credentials(told).map((c) => c.variable)]));
    }
  }
});
