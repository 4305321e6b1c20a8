// npm run lab: plays the lab and the incident's traffic against a real Envoy and writes examples/formats and examples/incident.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { formatNames } from './formats.ts';
import { buildIncident } from './incident/incident.ts';
import { traffic } from './incident/traffic.ts';
import { type LabRecord, labRecords } from './records.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const say = (text: string): void => void process.stderr.write(`lab: ${text}\n`);

/** One line of every scenario and of every kind of companion: enough to see all shapes, few enough to read. */
function samples(records: readonly LabRecord[]): readonly LabRecord[] {
  const seen = new Set<string>();
  return records.filter((r) => {
    const kind = r.main ? r.scenario.name : 'companion';
    if (seen.has(kind)) return false;
    seen.add(kind);
    return true;
  });
}

/** gzip without a time and without the system it was made on, so that only content changes the bytes. */
function pack(text: string): Buffer {
  const packed = gzipSync(text, { level: 9 });
  packed.writeUInt32LE(0, 4);
  packed[9] = 0xff;
  return packed;
}

say('playing every scenario');
const all = await labRecords();
const chosen = samples(all);
mkdirSync(join(examples, 'formats'), { recursive: true });
for (const format of formatNames) {
  writeFileSync(join(examples, 'formats', `${format}.log`), `${chosen.map((r) => r.line[format]).join('\n')}\n`);
}
say(`examples/formats: ${chosen.length} lines in each of ${formatNames.length} formats`);

say("playing the incident's traffic");
const dir = mkdtempSync(join(tmpdir(), 'vigia-record-'));
try {
  const records = await labRecords({ scenarios: traffic, dir, concurrency: 80 });
  const { text, truth } = buildIncident(records, readFileSync(join(dir, 'main', 'envoy.log'), 'utf8'));
  mkdirSync(join(examples, 'incident'), { recursive: true });
  const packed = pack(text);
  writeFileSync(join(examples, 'incident', 'access.log.gz'), packed);
  writeFileSync(join(examples, 'incident', 'truth.json'), `${JSON.stringify(truth, undefined, 2)}\n`);
  say(
    `examples/incident: ${truth.lines} lines from ${records.length} real ones, ${(packed.length / 2 ** 20).toFixed(2)} MiB`,
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
