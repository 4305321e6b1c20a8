import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolPath } from '../../tools/tool.ts';
import { ended, looks, sends } from './helm-test.ts';
import { kubelet } from './kubelet.ts';
import { dir, get, lines, programs, rendered, started, until } from './parts.ts';

test.each(['Deployment', 'StatefulSet'] as const)(
  "the Collector's %s: starts as rendered, answers both probes, passes helm test, and ends within its grace",
  async (kind) => {
    const node = await kubelet(await rendered(kind), join(dir, `collector-${kind}`), { programs });
    const collector = await started(node.start(`${kind} vigia/vigia-collector`, 'collector'));
    for (const probe of ['liveness', 'readiness'] as const)
      expect((await fetch(collector.probe[probe] ?? '')).status, probe).toBe(200);
    const env = readFileSync(`/proc/${collector.pid}/environ`, 'utf8').split('\0');
    // Four fifths of 1Gi.
    expect(env).toEqual(expect.arrayContaining(['GOMEMLIMIT=819MiB', 'GOGC=300', 'POD_NAME=vigia-collector-0']));

    expect(await sends(node)).toMatchObject({ code: 0 });
    const found = await looks(node, ['127.0.0.1']);
    expect(found, found.stderr).toMatchObject({ code: 0 });
    expect(found.stdout).toMatch(/^gateway_requests_total\{.*gateway="helm-test.vigia".* 1$/m);

    const before = Date.now();
    await collector.stop();
    // What is queued has nowhere to go; it waits for nothing.
    expect(Date.now() - before).toBeLessThan(collector.graceMs / 2);
    expect(collector.log()).toContain('Shutdown complete.');
    expect(readdirSync(collector.cwd)).toEqual([]);
  },
);

test('helm test fails and says why: no Collector, no pods of it, a record that does not come through', async () => {
  const node = await kubelet(await rendered('Deployment'), join(dir, 'test-fails'), { programs });
  const [away, none] = await Promise.all([sends(node), looks(node, [], false)]);
  expect(away.code).not.toBe(0);
  expect(`${away.stdout}${away.stderr}`).toMatch(/failed to export.*connection refused/s);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('vigia-collector-pods.vigia.svc.test has no address: the Collector has no pods');
  await started(node.start('Deployment vigia/vigia-collector', 'collector'));
  const silent = await looks(node, ['127.0.0.1'], false);
  expect(silent.code).toBe(1);
  expect(silent.stderr).toContain('the record did not come through: kubectl -n vigia logs deployment/vigia-collector');
});

test('GOMEMLIMIT is in force: it alone makes the Collector collect, below the limit', async () => {
  const values = [
    'collector.resources={"requests":{"memory":"128Mi"},"limits":{"memory":"128Mi"}}',
    // As good as off, so that only the limit is left as a reason.
    'collector.gogc=100000',
    'collector.extraEnv=[{"name":"GODEBUG","value":"gctrace=1"}]',
  ];
  const node = await kubelet(await rendered('Deployment', ...values), join(dir, 'memory'), { programs });
  const collector = await started(node.start('Deployment vigia/vigia-collector', 'collector'));
  const many = (arg: string) => (arg === '--logs=1' ? '--logs=20000' : arg);
  const send = () =>
    ended(toolPath('telemetrygen'), [...node.prepare('Pod vigia/vigia-test', 'send').args.map(many), '--rate=0'], {});
  const goals = () => [...collector.log().matchAll(/^gc \d+ .* (\d+) MB goal,/gm)].map((m) => Number(m[1]));
  const before = goals().length;
  for (let i = 0; i < 4; i++) expect(await send()).toMatchObject({ code: 0 });
  const during = goals().slice(before);
  expect(during.length).toBeGreaterThan(0);
  // 102 MiB: without it the goal would be a thousand times what is in use.
  for (const goal of during) expect(goal).toBeLessThanOrEqual(107);
});

test('a gateway that stays connected is asked to connect anew, without an error, so that it finds new replicas', async () => {
  let age = 0;
  const change = (file: string, text: string): string => {
    if (file !== 'collector.yaml') return text;
    // A minute is too long for a test; that it is a minute is looked at here.
    return text.replace(/max_connection_age: "(\d+)s"/, (_, seconds) => {
      age = Number(seconds);
      return 'max_connection_age: "1s"';
    });
  };
  const node = await kubelet(await rendered('Deployment'), join(dir, 'rebalance'), { programs, change });
  await started(node.start('Deployment vigia/vigia-collector', 'collector'));
  expect(age).toBe(60);
  const gateway = connect(`http://127.0.0.1:${node.port(4317)}`);
  // 0 is NO_ERROR (RFC 9113, 7): what is under way is finished first.
  const [code] = await once(gateway, 'goaway');
  expect(code).toBe(0);
  gateway.destroy();
  expect(await sends(node)).toMatchObject({ code: 0 });
});

test("the StatefulSet's volume: what the store did not take outlives a graceful stop, and arrives once it is back", async () => {
  const node = await kubelet(await rendered('StatefulSet', 'standalone.enabled=true'), join(dir, 'queue'), {
    programs,
  });
  const workload = 'StatefulSet vigia/vigia-collector';
  const collector = await started(node.start(workload, 'collector'));
  // Failures, because of those sampling keeps each.
  const failing = (arg: string) =>
    arg === '--logs=1' ? '--logs=500' : arg.replace('status_code="200"', 'status_code="503"');
  const sent = await ended(
    toolPath('telemetrygen'),
    [...node.prepare('Pod vigia/vigia-test', 'send').args.map(failing), '--rate=0'],
    {},
  );
  expect(sent, sent.stderr).toMatchObject({ code: 0 });
  const own = `http://127.0.0.1:${node.port(8888)}/metrics`;
  const queued = /^otelcol_exporter_queue_size\{.*loki.*\} 500$/m;
  expect(
    await until(
      () => get(own),
      (text) => queued.test(text),
    ),
  ).toMatch(queued);
  const before = Date.now();
  await collector.stop();
  expect(Date.now() - before).toBeLessThan(collector.graceMs);
  expect(collector.log()).toContain('Shutdown complete.');
  expect(readdirSync(node.volume(workload, 'queue')).length).toBeGreaterThan(0);

  await started(node.start('Deployment vigia/vigia-loki', 'loki'));
  await started(node.start(workload, 'collector'));
  expect(
    await until(
      () => lines(node),
      (n) => n >= 500,
    ),
  ).toBe(500);
});
