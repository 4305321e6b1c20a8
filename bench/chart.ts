import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleaved } from './measure.ts';
import type { Row } from './table.ts';

/** One cluster with so many gateways, each in a namespace of its own, and so many routes. */
export function contract(gateways: number, routes: number): string {
  const many = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('\n');
  return `version: 1
kgateway: { version: "2.4" }
environments:
  prod: { metrics: { to: prometheus, retention: 90d }, logs: { to: loki, url: "http://loki:3100" }, traces: { to: otlp, endpoint: "tempo:4317" } }
clusters: { prod: { environment: prod, collector: { replicas: 4 } } }
gateways:
${many(gateways, (i) => `  - { name: edge-${i}, namespace: team-${i} }`)}
routes:
${many(routes, (i) => `  - { name: route-${i}, namespace: team-${i % gateways} }`)}
labels:
  team: { from: header, header: x-team, values: [a, b, c] }
accessLog: { file: {} }
`;
}

/** Rendering a cluster's release. How large it is is read from a real API server in test/real/chart/cluster.test.ts. */
export function chartRows(folder: string, bundle: string, rounds: number): readonly Row[] {
  const helm = fileURLToPath(new URL('../.tools/helm', import.meta.url));
  const chart = (gateways: number, routes: number): string => {
    const into = join(folder, `g${gateways}`);
    mkdirSync(into, { recursive: true });
    writeFileSync(join(into, 'vigia.yaml'), contract(gateways, routes));
    execFileSync(process.execPath, [
      bundle,
      'generate',
      '-c',
      join(into, 'vigia.yaml'),
      '--out',
      into,
      '--only',
      'chart',
    ]);
    return join(into, 'charts/vigia');
  };
  const [one, forty] = [chart(1, 1), chart(40, 2_000)];
  const template = (path: string) => `${helm} template vigia ${path} -n vigia -f ${path}/clusters/prod.yaml`;
  const used = interleaved({ forty: template(forty), one: template(one) }, rounds);
  rmSync(folder, { recursive: true, force: true });
  const ratio = (used['forty']?.cpu ?? Number.NaN) / (used['one']?.cpu ?? Number.NaN);
  return [
    {
      what: 'helm template, 40 gateways and 2,000 routes / 1 gateway',
      against: 'one gateway',
      ratio,
      detail: `${used['forty']?.wall.toFixed(2)} s against ${used['one']?.wall.toFixed(2)} s`,
    },
  ];
}
