import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { align } from '../../src/align/align.ts';
import { envoyDefaults } from '../../src/envoy/timeouts.ts';
import { modelOf } from '../generate/model.ts';
import { okReply, rawBackend } from '../lab/backends/raw.ts';
import { bootstrap, clusterName } from '../lab/bootstrap.ts';
import { ask } from '../lab/clients/http1.ts';
import { head, wire } from '../lab/clients/raw.ts';
import { type Envoy, envoyBinary, startEnvoy } from '../lab/envoy.ts';
import { type JsonObject, typed } from '../lab/json.ts';
import { makeKit } from '../lab/kit.ts';
import type { Site } from '../lab/scenario.ts';

/** The server's own keep-alive, and how long the ALB keeps an idle connection: seconds of the test. */
const keepAlive = 2;
const lbIdle = 8;

const { findings } = align(
  modelOf(`version: 1
kgateway: { version: "2.3" }
environments: { dev: { metrics: { to: prometheus }, logs: { to: file }, traces: { to: none } } }
clusters: { dev: { environment: dev } }
gateways: [{ name: public, namespace: edge, loadBalancer: { type: alb, idleTimeout: ${lbIdle}s }, idleTimeout: 1s }]
backends: [{ name: checkout, namespace: shop, keepAlive: ${keepAlive}s }]
`),
);

const absent = !existsSync(envoyBinary);
const why = 'needs a real Envoy, which is not there: run "npm run tools -- envoy"';

if (absent && process.env['CI']) test('there is an Envoy', () => expect.fail(why));
else if (absent) test.skip(`who closes first ${why}`);
else
  describe('who closes an idle connection first, by a real Envoy', () => {
    const dir = mkdtempSync(join(tmpdir(), 'vigia-align-'));
    const { kit, close } = makeKit(dir);
    let envoy: Envoy;

    const idleTimeout = (idle_timeout: string): JsonObject => ({ common_http_protocol_options: { idle_timeout } });
    const upstream = (idle: string): JsonObject => ({
      typed_extension_protocol_options: {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed('upstreams.http.v3.HttpProtocolOptions', {
          ...idleTimeout(idle),
          explicit_http_config: { http_protocol_options: {} },
        }),
      },
    });

    beforeAll(async () => {
      const backend = await kit.use(
        rawBackend(({ socket }) => {
          socket.write(okReply);
          socket.setTimeout(keepAlive * 1000, () => socket.end());
        }),
      );
      const site: Site = { endpoints: [backend.port], run: async () => undefined };
      const told = parse(findings[0]?.change.yaml ?? '').spec.commonHttpProtocolOptions.idleTimeout;
      const sites = new Map<string, Site>([
        ['untold', site],
        ['told', { ...site, cluster: upstream(told) }],
        ['early', { ...site, hcm: idleTimeout('1s') }],
      ]);
      envoy = await startEnvoy(bootstrap(sites, dir), join(dir, 'envoy'));
    });
    afterAll(async () => {
      await envoy?.stop();
      await close();
      rmSync(dir, { recursive: true, force: true });
    });

    const stats = async (prefix: string): Promise<Readonly<Record<string, number>>> =>
      Object.fromEntries(
        (await envoy.admin(`/stats?filter=^${prefix}`))
          .split('\n')
          .map((line) => line.slice(prefix.length + 1).split(': '))
          .map(([name = '', value]) => [name, Number(value)]),
      );

    test('the backend does with its default, Envoy does with what align says', async () => {
      expect(findings[0]?.rule).toBe('backend-closes-first');
      for (const site of ['untold', 'told']) expect((await ask(envoy.ports.get(site) ?? 0)).status, site).toBe(200);
      await sleep((keepAlive + 1) * 1000);
      const untold = await stats(`cluster.${clusterName('untold')}`);
      expect([untold['upstream_cx_destroy_remote'], untold['upstream_cx_idle_timeout']]).toEqual([1, 0]);
      const told = await stats(`cluster.${clusterName('told')}`);
      expect([told['upstream_cx_destroy_remote'], told['upstream_cx_idle_timeout']]).toEqual([0, 1]);
    });

    test('a gateway that waits less than the load balancer closes in its face, five seconds after its idle timeout', async () => {
      expect([findings[1]?.rule, findings[1]?.severity]).toEqual(['gateway-closes-first', 'misaligned']);
      // Who plays the ALB keeps its connection for eight seconds; Envoy's own hour is longer, one second and the draining are not.
      const open = async (site: string) => {
        const { socket, until } = await wire(envoy.ports.get(site) ?? 0);
        const begun = Date.now();
        let ended: number | undefined;
        socket.on('end', () => {
          ended = Date.now() - begun;
        });
        socket.write(head('GET', '/'));
        await until('ok\n', 2000);
        return { socket, ended: () => ended };
      };
      const [untold, early] = [await open('untold'), await open('early')];
      await sleep(lbIdle * 1000);
      expect(untold.ended()).toBeUndefined();
      expect(early.ended()).toBeGreaterThan(1000 + envoyDefaults.drainTimeout - 200);
      for (const { socket } of [untold, early]) socket.destroy();
      expect((await stats('http.early'))['downstream_cx_idle_timeout']).toBe(1);
    });
  });
