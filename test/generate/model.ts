import { readFileSync } from 'node:fs';
import type { Model } from '../../src/contract/model.ts';
import { problemText } from '../../src/contract/problem.ts';
import { readContract } from '../../src/contract/read.ts';
import { resolve } from '../../src/contract/resolve.ts';

/** The Model of a contract's text. */
export function modelOf(text: string): Model {
  const reading = readContract(text);
  if (!reading.ok) throw new Error(reading.problems.map((p) => problemText('contract', p)).join('\n'));
  return resolve(reading.contract);
}

/** The Model of one of the contracts in examples/. */
export function exampleModel(name: 'small' | 'large'): Model {
  return modelOf(readFileSync(new URL(`../../examples/contracts/${name}/vigia.yaml`, import.meta.url), 'utf8'));
}

/** Label values and texts that mean something to YAML, Envoy, PromQL or a shell, and names that are legal and odd. */
export const hostile = `version: 1
kgateway: { version: "2.4", routeSource: true }
environments:
  e: { metrics: { to: prometheus, retention: 30d }, logs: { to: file }, traces: { to: otlp, endpoint: "tempo:4317" } }
clusters: { c: { environment: e } }
gateways:
  - { name: "on", namespace: "1e3", labels: { percent: "100%REQ(:PATH)%", dollar: "$1 \${x} 'a' \\"b\\"" } }
  - { name: "no", namespace: "0x10", idleTimeout: 90s, streamIdleTimeout: 90000ms, accessLog: { otlp: false, file: { path: "/a/b:c" } } }
labels:
  percent: { from: literal, value: "50%" }
  dollar: { from: literal, value: "line\\nbreak: {a: [1], b: #no}\\ttab \\u0007 bell" }
  date: { from: literal, value: "2026-11-23" }
  bool: { from: literal, value: "yes" }
  odd: { from: header, header: "x-a%|'^b", values: ["a b", "*", "(.+)"] }
  tier: { from: pod-label, label: example.com/tier, values: [gold, "s.lver"] }
  tenant: { from: route-metadata, namespace: some.space, path: [a, b], values: [x] }
accessLog:
  file: {}
  extraFields: { x.text: "a: 'b' #c %PROTOCOL% 100%%" }
tracing:
  attributes: { odd.value: { value: "%REQ(:PATH)%" }, from.env: { env: NODE_NAME, absent: "~" } }
`;
