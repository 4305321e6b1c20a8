import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generate } from '../../src/generate/index.ts';
import { exampleModel } from '../generate/model.ts';
import { DatadogEmulator, keys } from './emulators/datadog.ts';
import { Place } from './place.ts';

const contract = `version: 1
kgateway: { version: "2.3" }
environments:
  prod:
    metrics: { to: datadog }
    logs: { to: datadog }
    datadog: { site: datadoghq.eu, apiKey: { secret: datadog, key: api-key } }
clusters: { prod: { environment: prod } }
gateways: [{ name: edge }]
`;

/** What the boards of that contract ask percentiles of. */
const asked = [
  'envoy_cluster_upstream_rq_time',
  'http.server.request.duration',
  'kgateway_translator_translation_duration_seconds',
  'kgateway_xds_snapshot_sync_duration_seconds',
];
const [rqTime = '', duration = ''] = asked;

test('a document for each metric that a query asks percentiles or thresholds of, in each environment that asks', () => {
  const all = generate(exampleModel('large'), ['datadog']);
  const asking = all.filter((a) => !a.path.includes('/metrics/'));
  const wanted = new Set<string>();
  for (const { path, content } of asking)
    for (const query of content.match(/"(query|numerator|denominator)": "[^"]*"/g) ?? [])
      for (const [, metric] of query.matchAll(/(?:p\d\d|\)):([a-z_.]+)\{/g))
        wanted.add(`dashboards/datadog/${path.split('/')[2]}/metrics/${metric}.json`);
  expect(all.filter((a) => a.path.includes('/metrics/')).map((a) => a.path)).toEqual([...wanted].sort());
  // One objective promises of the gateway's own time, so its histogram is asked too.
  expect([...wanted].map((path) => path.split('/').at(-1))).toContain('gateway.request.handover.duration.json');
  const made = all.find((a) => a.path.endsWith(`prod/metrics/${duration}.json`));
  expect(JSON.parse(made?.content ?? '')).toEqual({
    meta: { tags: ['managed-by:vigia'] },
    data: {
      type: 'manage_tags',
      id: duration,
      attributes: { metric_type: 'distribution', include_percentiles: true, exclude_tags_mode: true, tags: [] },
    },
  });
});

describe('at Datadog (our emulator)', () => {
  let datadog: DatadogEmulator;
  let place: Place;
  const run = (...args: string[]) =>
    place.run(args, { env: { DD_API_KEY: keys.api, DD_APP_KEY: keys.app, DD_HOST: datadog.url } });

  beforeEach(async () => {
    datadog = await new DatadogEmulator().start();
    place = new Place();
    place.contract(contract);
  });
  afterEach(async () => {
    place.end();
    await datadog.stop();
  });

  test('what it has not received waits, which is no drift; once received, percentiles are switched on, all tags stay', async () => {
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 });
    expect(datadog.settings.size).toBe(0);
    const early = await run('diff');
    expect(early).toMatchObject({ code: 0 });
    expect(early.out).toContain(`. metric ${duration}: not yet: Datadog has not received it`);
    expect(early.err).toMatch(/^vigia: \d+ objects are what the contract says; 4 can't be yet\n$/);
    for (const metric of asked) datadog.received.add(metric);
    const missing = await run('diff');
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.out).toContain(`+ metric ${duration}: not there; \`vigia apply\` makes it`);
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 });
    expect([...datadog.settings.keys()].sort()).toEqual(asked);
    for (const settings of datadog.settings.values())
      expect(settings).toEqual({
        metric_type: 'distribution',
        include_percentiles: true,
        exclude_tags_mode: true,
        tags: [],
      });
    expect(await run('diff')).toMatchObject({ code: 0 });
    expect((await run('apply', '--yes')).err).toBe('vigia: nothing to do\n');
  }, 60_000);

  test("somebody's choice of tags is theirs: percentiles are added where that was agreed to, and the tags stay", async () => {
    for (const metric of asked) datadog.received.add(metric);
    const chosen = { metric_type: 'distribution', exclude_tags_mode: false, tags: ['gateway', 'route'] };
    datadog.settings.set(duration, { ...chosen, include_percentiles: false });
    datadog.settings.set(rqTime, { metric_type: 'gauge', tags: [] });
    const first = await run('apply', '--yes');
    expect(first).toMatchObject({ code: 1 });
    expect(first.out).toContain(
      `! metric ${duration}: differs, and who changed it can't be told (somebody chose its tags`,
    );
    expect(first.out).toContain('include_percentiles false -> true');
    expect(first.out).toContain(`x metric ${rqTime}: not written: it is a gauge at Datadog`);
    expect(datadog.settings.get(duration)).toEqual({ ...chosen, include_percentiles: false });
    expect(await run('apply', '--yes', '--overwrite')).toMatchObject({ code: 1 });
    expect(datadog.settings.get(duration)).toEqual({ ...chosen, include_percentiles: true });
    expect(datadog.settings.get(rqTime)).toEqual({ metric_type: 'gauge', tags: [] });
  }, 60_000);

  test('an answer that is lost is looked for, not asked for again; one that is refused keeps nothing else from being done', async () => {
    for (const metric of asked) datadog.received.add(metric);
    const tags = (metric: string) => (method: string, path: string) =>
      method === 'POST' && path === `/api/v2/metrics/${metric}/tags`;
    datadog.faults.push({ when: tags(duration), how: 'hang up after' });
    datadog.faults.push({
      when: tags(rqTime),
      how: 'instead',
      answer: {
        status: 400,
        body: { errors: ['Cannot configure tags on metric because metric is an integration metric'] },
      },
    });
    const said = await run('apply', '--yes');
    expect(said).toMatchObject({ code: 3 });
    expect(said.err).toContain(
      `vigia: metric ${rqTime}: datadoghq.eu: switching on percentiles of ${rqTime}: 400 refused`,
    );
    expect(said.err).toMatch(/\d+ of \d+ done, 1 failed; run it again/);
    expect(datadog.settings.get(duration)).toMatchObject({ include_percentiles: true });
    expect(datadog.seen.filter((s) => tags(duration)(s.method, s.path))).toHaveLength(1);
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 });
  }, 60_000);

  test('a plan for programs has them, and keys that may only read are told what they lack', async () => {
    for (const metric of asked) datadog.received.add(metric);
    const plan = JSON.parse((await run('diff', '-o', 'json')).out) as {
      services: { objects: { kind: string; id: string; state: string }[] }[];
    };
    const metrics = plan.services[0]?.objects.filter((o) => o.kind === 'metric');
    expect(metrics?.map(({ id, state }) => [id, state])).toEqual(asked.map((id) => [id, 'missing']));
    const reading = await place.run(['apply', '--yes'], {
      env: { DD_API_KEY: keys.api, DD_APP_KEY: keys.readOnly, DD_HOST: datadog.url },
    });
    expect(reading).toMatchObject({ code: 3 });
    expect(reading.err).toContain('metrics_read, metric_tags_write');
  }, 60_000);
});
