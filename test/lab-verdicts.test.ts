import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../src/logs/question.ts';
import { LineParser } from '../src/logs/read/line-parser.ts';
import { Tally } from '../src/logs/scan/tally.ts';
import { signatureOf } from '../src/logs/signature.ts';
import { judge } from '../src/triage/judge.ts';
import { populationOf } from '../src/triage/population.ts';
import { envoyBinary } from './lab/envoy.ts';
import { type FormatName, formatNames } from './lab/formats.ts';
import { type LabRecord, labRecords } from './lab/records.ts';

/** Lines of these scenarios are the same, byte for byte but for names, as those of another cause; the lab knows more than any reader can. */
const indistinguishable: Readonly<Record<string, { readonly side: string; readonly cause: string }>> = {
  'tls13-client-certificate': { side: 'backend', cause: 'backend-connection-closed' },
  'plaintext-to-tls': { side: 'backend', cause: 'backend-connection-closed' },
  'upload-cut-close': { side: 'backend', cause: 'backend-connection-closed' },
};

/** What a format can't carry: without details a stopped gateway is a client that left, without gRPC status a failed call is a 200. */
const lost: Readonly<Partial<Record<FormatName, readonly RegExp[]>>> = {
  'envoy-text': [/^gateway-stopped /, /^grpc-(unavailable|internal|not-found|unauthenticated) /, /^client-left /],
  'istio-text': [/^grpc-(unavailable|internal|not-found|unauthenticated) /],
  'kgateway-json': [/^gateway-stopped /, /^grpc-(unavailable|internal|not-found|unauthenticated) /, /^client-left /],
  'envoy-gateway-json': [/^grpc-(unavailable|internal|not-found|unauthenticated) /],
  'short-json': [/^grpc-(unavailable|internal|not-found|unauthenticated) /],
};

function judged(records: readonly LabRecord[], format: FormatName) {
  const parser = new LineParser();
  const lines = records.map((r) => r.line[format]);
  parser.learn(lines);
  const tally = new Tally(everything);
  const parsed = lines.map((line, i) => {
    const found = parser.parse(line);
    if (!('records' in found) || !found.records[0]) throw new Error(`${format}: not read: ${line}`);
    tally.add(found.records[0], { file: format, line: i + 1 }, line);
    return found.records[0];
  });
  const population = populationOf(tally.answer([]));
  return parsed.map((record, i) => {
    const j = judge(signatureOf(record), population);
    const truth = records[i];
    return {
      name: truth?.scenario.name ?? '',
      truth: truth && (indistinguishable[truth.scenario.name] ?? { side: truth.side, cause: truth.cause }),
      side: j === undefined || j.kind === 'masked' ? 'none' : j.side,
      cause: j?.cause.code ?? null,
      confidence: j?.match.confidence,
    };
  });
}

describe.skipIf(!existsSync(envoyBinary) && !process.env['CI'])(
  'verdicts on what a real Envoy wrote (needs "npm run tools -- envoy")',
  () => {
    let records: readonly LabRecord[] = [];
    beforeAll(async () => {
      records = await labRecords();
    });

    test("every line of vigia's own format gets its scenario's side and cause", () => {
      const wrong = judged(records, 'vigia').filter((v) => v.side !== v.truth?.side || v.cause !== v.truth.cause);
      expect(wrong.map((v) => `${v.name}: ${v.truth?.side} ${v.truth?.cause}, judged ${v.side} ${v.cause}`)).toEqual(
        [],
      );
      expect(records.length).toBeGreaterThan(250);
    });

    test.each(formatNames)(
      '%s: the right side or "unknown", never another; high confidence is always right',
      (format) => {
        const verdicts = judged(records, format);
        const contradicted = verdicts
          .filter((v) => v.side !== v.truth?.side && v.side !== 'unknown')
          .map((v) => `${v.name} is ${v.truth?.side}, judged ${v.side} (${v.cause}, ${v.confidence})`);
        expect(contradicted.filter((text) => !(lost[format] ?? []).some((known) => known.test(text)))).toEqual([]);
        expect(
          verdicts.filter((v) => v.confidence === 'high' && v.side !== v.truth?.side && v.side !== 'none'),
        ).toEqual([]);
      },
    );
  },
);
