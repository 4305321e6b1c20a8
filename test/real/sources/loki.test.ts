import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lokiSource } from '../../../src/logs/sources/loki.ts';
import type { Entry } from '../../contract/sources.ts';
import { conforms } from '../../contract/suite.ts';
import { type Recorded, storedAttributes } from '../../contract/traffic.ts';
import { startLoki } from '../tools/loki.ts';

/** OTLP/JSON as the Collector sends it: what the generated pipeline stores, each attribute as structured metadata. */
const otlp = ({ time, record }: Recorded) => ({
  timeUnixNano: `${BigInt(time) * 1_000_000n}`,
  severityText: 'INFO',
  body: { stringValue: `${record.method ?? '-'} ${record.path ?? '-'}` },
  attributes: Object.entries(storedAttributes(record)).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value },
  })),
});

/** The line as a log shipper sends it. */
const line = ({ time, line: text }: Recorded) => ({
  timeUnixNano: `${BigInt(time) * 1_000_000n}`,
  body: { stringValue: text },
});

const entry = (name: string, log: (r: Recorded) => object): Entry => ({
  name,
  answeredBy: 'a real Loki 3.7',
  quantiles: 'between requests',
  async load(traffic) {
    const dir = mkdtempSync(join(tmpdir(), 'vigia-loki-'));
    const loki = await startLoki(dir);
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'edge.gateways' } }] };
    for (let i = 0; i < traffic.length; i += 1_000) {
      const logRecords = traffic.slice(i, i + 1_000).map(log);
      await loki.push([{ resource, scopeLogs: [{ scope: {}, logRecords }] }]);
    }
    const source = lokiSource({
      url: loki.url,
      tenant: undefined,
      auth: { kind: 'none' },
      selector: { service_name: ['edge.gateways'] },
      maxScan: undefined,
      overrides: {},
      signal: new AbortController().signal,
    });
    return {
      source,
      async stop() {
        await loki.stop();
        rmSync(dir, { recursive: true, force: true });
      },
    };
  },
});

conforms(entry('loki: structured metadata, as OTLP brings it', otlp));
conforms(entry("loki: Envoy's own JSON lines", line));
