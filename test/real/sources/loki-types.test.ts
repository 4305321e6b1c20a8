import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLoki } from '../tools/loki.ts';

/** Why the Collector converts nothing for Loki (src/generate/collector/store.ts). */
test('Loki keeps a number and its text as the same', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigia-loki-types-'));
  const loki = await startLoki(dir);
  try {
    const start = Date.now() - 60_000;
    const logRecords = [{ intValue: '503' }, { stringValue: '503' }].map((value, i) => ({
      timeUnixNano: `${BigInt(start + i) * 1_000_000n}`,
      body: { stringValue: `record ${i}` },
      attributes: [{ key: 'http.response.status_code', value }],
    }));
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'edge.gateways' } }] };
    await loki.push([{ resource, scopeLogs: [{ scope: {}, logRecords }] }]);
    // A comparison of numbers takes both.
    const query = '{service_name="edge.gateways"} | http_response_status_code >= 500';
    const asked = new URLSearchParams({ query, start: `${start - 1000}000000`, end: `${start + 60_000}000000` });
    const answer = await (await fetch(`${loki.url}/loki/api/v1/query_range?${asked}`)).json();
    const { result } = (answer as { data: { result: { stream: object; values: string[][] }[] } }).data;
    expect(result.map(({ stream }) => stream)).toEqual([expect.objectContaining({ http_response_status_code: '503' })]);
    expect(result[0]?.values.map(([, line]) => line).sort()).toEqual(['record 0', 'record 1']);
  } finally {
    await loki.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});
