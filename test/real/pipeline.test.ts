import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { durationBuckets } from '../../src/contract/duration-buckets.ts';
import type { Cluster } from '../../src/contract/model.ts';
import { Measure } from '../../src/cost/measure.ts';
import { fieldIds, fields } from '../../src/envoy/fields.ts';
import { responseFlags } from '../../src/envoy/response-flags.ts';
import { ageEdges, bucketOf, durationEdges } from '../../src/logs/buckets.ts';
import { LineParser } from '../../src/logs/read/line-parser.ts';
import { signatureOf } from '../../src/logs/signature.ts';
import { signalIds, signals } from '../../src/signals/catalogue.ts';
import { derived } from '../../src/signals/labels.ts';
import { signatureParts } from '../../src/signals/signature.ts';
import { metricName } from '../../src/signals/spelling.ts';
import { runLab, type ScenarioLines } from '../lab/run.ts';
import { scenarios } from '../lab/scenarios/index.ts';
import { generatedCollector } from './pipeline/collector.ts';
import { atVersion, modelOf } from './pipeline/contract.ts';
import { heldByGateway, oneConnection, slowElsewhere } from './pipeline/slow-parts.ts';
import { judged, storedRecords } from './pipeline/stored.ts';
import { gatewayId, toCollector } from './pipeline/to-collector.ts';
import { handoverOf, type Request, requestOf, total } from './pipeline/truth.ts';
import { binaries, deprecations } from './tools/collector.ts';
import type { Daemon } from './tools/daemon.ts';
import { type Prometheus, type Sample, startPrometheus } from './tools/prometheus.ts';

const root = mkdtempSync(join(tmpdir(), 'vigia-pipeline-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const contract = (stored: string): string => `
version: 1
kgateway: { version: "2.4" }
environments:
  test:
    metrics: { to: prometheus, scrapeInterval: 1s }
    logs: { to: file, path: ${stored} }
    traces: { to: none }
clusters:
  lab: { environment: test }
gateways:
  - { name: edge, namespace: lab }
labels:
  team: { from: header, header: x-team, values: [checkout, search] }
objectives:
  - { name: fast, kind: latency, under: 250ms, gatewayUnder: 100ms, target: 99, window: 7d }
`;

/**
 * Not carried over: requests in flight when Envoy ends (its OTLP logger ends with it, and the last records are lost by design), and a TCP
 * proxy, whose listener brings file loggers of its own.
 */
const carried = [
  ...scenarios.filter((s) => s.instance !== 'stopped' && s.name !== 'tcp-connection-duration'),
  ...[...heldByGateway, oneConnection, ...slowElsewhere],
];

/** The lower edge of the bucket, in whole milliseconds as Envoy logs them. */
const edgeBelow = (edges: readonly number[], value: number | null | undefined): number | undefined =>
  typeof value === 'number' ? Math.ceil(edges[bucketOf(edges, value)] ?? -1) : undefined;

const by = (samples: readonly Sample[], ...names: string[]): Record<string, number> =>
  total(
    samples,
    (s) => names.map((n) => s.labels[n] ?? '').join(' '),
    (s) => s.value,
  );

describe.each(Object.keys(binaries))(
  "a real Envoy's requests, through the generated Collector %s, into a real Prometheus",
  (version) => {
    const dir = join(root, version);
    const stored = join(dir, 'stored.json');
    let collector: Daemon;
    let prometheus: Prometheus;
    let results: readonly ScenarioLines[] = [];
    let requests: readonly (Request & { readonly gateway: string; readonly handover: number | undefined })[] = [];
    const running: Daemon[] = [];

    beforeAll(async () => {
      const model = atVersion(modelOf(contract(stored)), version);
      const generated = await generatedCollector(model, dir);
      collector = await generated.start();
      running.push(collector);
      const scrape = { job_name: 'collector', static_configs: [{ targets: [`127.0.0.1:${generated.ports.metrics}`] }] };
      prometheus = await startPrometheus(
        JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [scrape] }),
        join(dir, 'prometheus'),
      );
      running.push(prometheus);
      results = await runLab({
        scenarios: carried,
        dir: join(dir, 'lab'),
        beside: toCollector(model, generated.ports.otlp),
      });
      requests = results.flatMap(({ scenario, lines }) =>
        lines.vigia.map((line) => ({
          ...requestOf(line),
          gateway: gatewayId(scenario.name),
          handover: handoverOf(line),
        })),
      );
      await prometheus.queryUntil(
        `sum(${metricName(signals.requests, 'prometheus')})`,
        (s) => s[0]?.value === requests.length,
      );
    }, 240_000);

    afterAll(async () => {
      for (const daemon of running.reverse()) await daemon.stop();
    });

    const ask = (signal: (typeof signals)[keyof typeof signals], suffix = ''): Promise<readonly Sample[]> =>
      prometheus.query(metricName(signal, 'prometheus') + suffix);

    test('requests by gateway, route, backend, status, flag and side are what Envoy wrote in its own file', async () => {
      const counted = by(
        await ask(signals.requests),
        ...['gateway', 'route', 'backend', 'http_response_status_code', 'envoy_response_flag', 'side'],
      );
      const truth = total(
        requests,
        (r) => [r.gateway, r.route, r.backend, r.status, r.flag, r.side].join(' '),
        () => 1,
      );
      expect(counted).toEqual(truth);
      expect(requests.length).toBeGreaterThan(250);
    });

    test('every flag of a request is counted, with its long name', async () => {
      const counted = by(
        await ask(signals.flags),
        ...['gateway', 'backend', 'envoy_response_flag', 'envoy_response_flag_name', 'side'],
      );
      const raised = requests.flatMap((r) => r.flags.map((flag) => ({ ...r, flag })));
      const truth = total(
        raised,
        (r) => [r.gateway, r.backend, r.flag, responseFlags[r.flag]?.long ?? r.flag, r.side].join(' '),
        () => 1,
      );
      expect(counted).toEqual(truth);
      const both = requests.filter((r) => r.flags.join(',') === 'URX,UF');
      expect(both.length).toBeGreaterThan(0);
      expect(new Set(both.map((r) => r.flag))).toEqual(new Set(['UF']));
    });

    test('`vigia cost` counts as many label sets in that file as there are series here', async () => {
      const [cluster] = modelOf(contract(stored)).clusters;
      const gateways = new Map<string, Measure>();
      for (const { scenario, lines } of results) {
        const id = gatewayId(scenario.name);
        const measure = gateways.get(id) ?? new Measure(cluster as Cluster);
        gateways.set(id, measure);
        const parser = new LineParser('json', {});
        parser.learn(lines.vigia);
        for (const line of lines.vigia) {
          const parsed = parser.parse(line);
          if ('records' in parsed && parsed.records[0])
            measure.add(parsed.records[0], JSON.parse(line) as Record<string, unknown>, line.length);
        }
      }
      for (const id of signalIds) {
        const series = await ask(signals[id], signals[id].type === 'histogram' ? '_count' : '');
        const sets = [...gateways.values()].reduce((sum, m) => sum + m.workload(1).sets(id).sets, 0);
        expect([id, sets]).toEqual([id, series.length]);
        expect(sets, id).toBeGreaterThan(20);
      }
    });

    test('bytes, tries and durations add up', async () => {
      expect(by(await ask(signals.responseBytes), 'gateway')).toEqual(
        total(
          requests,
          (r) => r.gateway,
          (r) => r.sent,
        ),
      );
      expect(by(await ask(signals.requestBytes), 'gateway')).toEqual(
        total(
          requests,
          (r) => r.gateway,
          (r) => r.received,
        ),
      );
      expect(by(await ask(signals.attempts), 'gateway')).toEqual(
        total(
          requests,
          (r) => r.gateway,
          (r) => r.attempts,
        ),
      );
      const timed = requests.filter((r) => !Number.isNaN(r.duration));
      expect(by(await ask(signals.duration, '_count'), 'gateway', 'status_class')).toEqual(
        total(
          timed,
          (r) => `${r.gateway} ${r.status === '0' ? '0' : `${r.status[0]}xx`}`,
          () => 1,
        ),
      );
      const sums = by(await ask(signals.duration, '_sum'), 'gateway');
      for (const [gateway, ms] of Object.entries(
        total(
          timed,
          (r) => r.gateway,
          (r) => r.duration,
        ),
      ))
        expect(sums[gateway], gateway).toBeCloseTo(ms / 1000, 6);
      const edges = [...durationBuckets, Number.POSITIVE_INFINITY];
      expect(
        total(
          await ask(signals.duration, '_bucket'),
          (s) => `${s.labels['gateway']} ${Number(s.labels['le']?.replace('+Inf', 'Infinity'))}`,
          (s) => s.value,
        ),
      ).toEqual(
        total(
          timed.flatMap((r) => edges.map((edge) => ({ ...r, edge }))),
          (r) => `${r.gateway} ${r.edge}`,
          (r) => (r.duration / 1000 <= r.edge ? 1 : 0),
        ),
      );
    });

    test("the gateway's own time is what Envoy's file says, of the requests that it can be told of", async () => {
      const told = requests.flatMap(({ handover, ...r }) => (handover === undefined ? [] : [{ ...r, handover }]));
      expect(told.length).toBeGreaterThan(60);
      expect(told.some((r) => r.handover === 0)).toBe(true);
      // Of each that is left out there is one: tried again, failed, never passed on.
      const rest = requests.filter((r) => r.handover === undefined);
      expect(rest.some((r) => r.attempts > 1 && r.status === '200')).toBe(true);
      expect(rest.some((r) => r.attempts === 1 && r.status === '503')).toBe(true);
      expect(rest.some((r) => r.attempts === 0 && r.status === '403')).toBe(true);
      const counts = await ask(signals.handover, '_count');
      expect(by(counts, 'gateway', 'route')).toEqual(
        total(
          told,
          (r) => `${r.gateway} ${r.route}`,
          () => 1,
        ),
      );
      expect(new Set(counts.flatMap((s) => Object.keys(s.labels)))).toEqual(
        new Set(['__name__', 'instance', 'job', 'gateway', 'environment', 'cluster', 'route']),
      );
      const edges = [...durationBuckets, Number.POSITIVE_INFINITY];
      expect(
        total(
          await ask(signals.handover, '_bucket'),
          (s) => `${s.labels['gateway']} ${Number(s.labels['le']?.replace('+Inf', 'Infinity'))}`,
          (s) => s.value,
        ),
      ).toEqual(
        total(
          told.flatMap((r) => edges.map((edge) => ({ ...r, edge }))),
          (r) => `${r.gateway} ${r.edge}`,
          (r) => (r.handover / 1000 <= r.edge ? 1 : 0),
        ),
      );
      const sums = by(await ask(signals.handover, '_sum'), 'gateway');
      for (const [gateway, ms] of Object.entries(
        total(
          told,
          (r) => r.gateway,
          (r) => r.handover,
        ),
      ))
        expect(sums[gateway], gateway).toBeCloseTo(ms / 1000, 6);
    });

    test('a slow authorizer, handshake or wait for a connection is above the edge; a slow backend or upload is not', async () => {
      const late = async (signal: (typeof signals)['handover' | 'duration'], scenario: string): Promise<number> => {
        const of = `{gateway="${gatewayId(scenario)}"`;
        const name = metricName(signal, 'prometheus');
        const answer = await prometheus.query(`sum(${name}_count${of}}) - sum(${name}_bucket${of}, le="0.1"})`);
        return answer[0]?.value ?? Number.NaN;
      };
      for (const { name, expect: expected } of [...heldByGateway, ...slowElsewhere])
        expect(await late(signals.duration, name), name).toBe(expected.lines);
      for (const { name, expect: expected } of heldByGateway)
        expect(await late(signals.handover, name), name).toBe(expected.lines);
      for (const { name } of slowElsewhere) expect(await late(signals.handover, name), name).toBe(0);
      expect(await late(signals.handover, oneConnection.name)).toBe(1);
    });

    test("quantiles of the duration lie in the bucket that the quantile of Envoy's own durations lies in", async () => {
      const groups = {
        '': () => 'all',
        'gateway, ': (r: (typeof requests)[number]) => r.gateway,
        'backend, ': (r: (typeof requests)[number]) => r.backend,
      };
      const name = metricName(signals.duration, 'prometheus');
      const timed = requests.filter((r) => !Number.isNaN(r.duration));
      let compared = 0;
      for (const [labels, key] of Object.entries(groups))
        for (const q of [0.5, 0.9, 0.95, 0.99]) {
          const answer = await prometheus.query(`histogram_quantile(${q}, sum by (${labels}le) (${name}_bucket))`);
          expect(answer.length).toBe(new Set(timed.map(key)).size);
          for (const { labels: of, value } of answer) {
            const group = of['gateway'] ?? of['backend'] ?? 'all';
            const sorted = timed
              .filter((r) => key(r) === group)
              .map((r) => r.duration / 1000)
              .sort((a, b) => a - b);
            // The least duration that q of all do not exceed.
            const truth = sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
            const upper = durationBuckets.find((edge) => truth <= edge) ?? Number.POSITIVE_INFINITY;
            const lower = durationBuckets.findLast((edge) => edge < truth) ?? 0;
            const what = `${q} of ${group}: ${truth} s in Envoy's file, ${value} s in Prometheus`;
            // Beyond the last edge Prometheus answers with that edge.
            expect(value, what).toBeGreaterThanOrEqual(lower);
            expect(value, what).toBeLessThanOrEqual(upper);
            compared++;
          }
        }
      expect(compared).toBeGreaterThan(400);
    });

    test('a request whose client left before an answer is counted under status 0', async () => {
      const none = await prometheus.query(
        `sum(${metricName(signals.requests, 'prometheus')}{http_response_status_code="0"})`,
      );
      expect(none[0]?.value).toBe(requests.filter((r) => r.status === '0').length);
      expect(none[0]?.value).toBeGreaterThan(0);
    });

    test('every request is stored, numbers as numbers, and none absent is one', () => {
      const records = storedRecords(readFileSync(stored, 'utf8'));
      expect(records.length).toBe(requests.length);
      const numbers = fieldIds.filter((id) => fields[id].type === 'number').map((id) => fields[id].name);
      const odd = records.flatMap((r) =>
        numbers
          .filter((n) => r.attributes[n] !== undefined && typeof r.attributes[n] !== 'number')
          .map((n) => `${n}: ${r.attributes[n]}`),
      );
      expect(odd).toEqual([]);
      expect(records.filter((r) => r.attributes[fields.connectionAge.name] === undefined).length).toBeGreaterThan(10);
      expect(
        records
          .flatMap((r) => Object.keys(r.attributes))
          .filter((key) => /^vigia\.(flag|status_class|label)/.test(key)),
      ).toEqual([]);
    });

    test("the pipeline's side and triage's never contradict on what is stored", () => {
      const records = storedRecords(readFileSync(stored, 'utf8'));
      const verdicts = judged(records);
      const wrong = verdicts.filter(({ side, truth }) => side !== truth && !(side === 'unknown' && truth !== 'none'));
      expect(wrong).toEqual([]);
      const known = verdicts.filter((v) => v.truth !== 'none' && v.truth !== 'unknown');
      expect(known.filter((v) => v.side === v.truth).length / known.length).toBeGreaterThan(0.9);
    });

    test('details, buckets and hop of a failing record are those that triage makes of it, and the signature joins them', () => {
      const failing = storedRecords(readFileSync(stored, 'utf8')).filter(
        (r) => r.attributes[derived.side] !== undefined,
      );
      expect(failing.length).toBeGreaterThan(100);
      for (const { record, attributes } of failing) {
        const s = signatureOf(record);
        expect(attributes[derived.details] ?? null, `${record.details}`).toBe(s.details ?? null);
        expect(attributes[derived.hop]).toBe(s.hop);
        expect(attributes[derived.durationBucket]).toBe(edgeBelow(durationEdges, record.duration));
        expect(attributes[derived.ageBucket]).toBe(edgeBelow(ageEdges, record.connectionAge));
        const parts = String(attributes[derived.signature]).split(' ');
        expect(parts).toEqual(signatureParts.map((name) => String(attributes[name] ?? '-')));
      }
    });

    test('no name or key is called deprecated, and nothing was refused, dropped or out of order', async () => {
      expect(deprecations(collector.log())).toEqual([]);
      const bad = collector
        .log()
        .split('\n')
        .filter((line) => /"level":"(error|warn)"/.test(line));
      expect(bad).toEqual([]);
    });
  },
);
