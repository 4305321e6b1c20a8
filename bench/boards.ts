import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatorIds } from '../src/generate/index.ts';
import { interleaved } from './measure.ts';
import type { Row } from './table.ts';

/** A contract of this size: an environment in Prometheus and one in Datadog, forty gateways, five labels, an objective for every tenth namespace. */
function contract(namespaces: number, routes: number): string {
  const many = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('\n');
  const gateways = Math.min(40, namespaces);
  return `version: 1
kgateway: { version: "2.4" }
environments:
  prod: { metrics: { to: datadog }, logs: { to: cloudwatch, group: /gw, region: eu-west-1 }, traces: { to: datadog }, datadog: { site: datadoghq.com, apiKey: { secret: d, key: k } } }
  dev: { metrics: { to: prometheus, retention: 90d }, logs: { to: loki, url: "http://loki:3100" }, traces: { to: otlp, endpoint: "tempo:4317" } }
clusters: { prod: { environment: prod, region: eu-west-1 }, dev: { environment: dev } }
gateways:
${many(gateways, (i) => `  - { name: edge-${i}, namespace: team-${i} }`)}
routes:
${many(routes, (i) => `  - { name: route-${i}, namespace: team-${i % namespaces} }`)}
backends:
${many(routes, (i) => `  - { name: service-${i}, namespace: team-${i % namespaces} }`)}
labels:
${many(5, (i) => `  label.${i}: { from: header, header: x-${i}, values: [a, b, c, d] }`)}
objectives:
${many(Math.ceil(namespaces / 10), (i) => `  - { name: team-${i}, kind: availability, target: 99.9, routes: [team-${i}/route-${i}] }`)}
`;
}

/** Dashboards and alerts of a large contract: wall time from the command to the written files, and CPU against the smallest contract. */
export function boardRows(folder: string, bundle: string, rounds: number): readonly Row[] {
  const ids = ['grafana', 'datadog', 'prometheus'].filter((id) => (generatorIds as readonly string[]).includes(id));
  const command = (name: string, namespaces: number, routes: number): string => {
    const into = join(folder, name);
    mkdirSync(into, { recursive: true });
    const file = join(into, 'vigia.yaml');
    writeFileSync(file, contract(namespaces, routes));
    const generate = `${process.execPath} ${bundle} generate -c ${file} --out ${into}/out --only ${ids.join(',')}`;
    return `rm -rf ${into}/out; ${generate}`;
  };
  const used = interleaved(
    { large: command('large', 500, 2_000), small: command('small', 1, 1), bare: `${process.execPath} -e 0` },
    rounds,
  );
  const { large, small, bare } = used;
  const nothing = Number.NaN;
  return [
    {
      what: `${ids.join(', ')}: 500 namespaces, 2,000 routes, 50 objectives`,
      against: '',
      unit: 's',
      target: 2,
      ratio: large?.wall ?? nothing,
      detail: `wall time; ${large?.cpu.toFixed(2)} s of CPU, \`node -e 0\` ${bare?.cpu.toFixed(2)} s`,
    },
    {
      what: 'the same / 1 namespace, 1 route, 1 objective',
      against: 'the smallest contract',
      ratio: (large?.cpu ?? nothing) / (small?.cpu ?? nothing),
      detail: `${small?.cpu.toFixed(2)} s of CPU`,
    },
  ];
}
