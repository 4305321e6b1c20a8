import { redactPath, redactRecord, redactText } from '../logs/redact.ts';
import type { Triage } from '../triage/triage.ts';
import { redactVerdict } from './redact-verdict.ts';

/** The Triage as JSON: documented in docs/report.md, its shape versioned. Times become ISO 8601 in UTC; samples are redacted on request. */
export function json(triage: Triage, options: { readonly redact: boolean }): string {
  const samples = triage.samples.map(({ place, record, raw, idleGap }) => ({
    ...place,
    record: timed(options.redact ? redactRecord(record) : record),
    ...(idleGap === undefined ? {} : { idleGapMs: idleGap }),
    ...(options.redact ? {} : { raw }),
  }));
  const said = (words: string) => (options.redact ? redactText(words) : words);
  const { version, first, last, totals, latency, timeline, reading, loadBalancer, ...rest } = triage;
  const store = reading.store && {
    ...reading.store,
    window: { from: isoOf(reading.store.window.from), to: isoOf(reading.store.window.to) },
    newest: isoOf(reading.store.newest),
  };
  const whole = {
    version,
    first: isoOf(first),
    last: isoOf(last),
    totals,
    ...rest,
    filters: triage.filters.map(said),
    verdicts: triage.verdicts.map((v) => ({
      ...(options.redact ? redactVerdict(v) : v),
      windows: v.windows.map((w) => ({ from: isoOf(w.from), to: isoOf(w.to), count: w.count })),
    })),
    ratesAreOf: triage.ratesAreOf === undefined ? null : said(triage.ratesAreOf),
    timeline: { bucketMs: timeline.bucketMs, points: timeline.points.map((p) => ({ ...p, time: isoOf(p.time) })) },
    latency: { p50: latency.p50 ?? null, p90: latency.p90 ?? null, p99: latency.p99 ?? null },
    samples,
    ...(loadBalancer
      ? {
          loadBalancer: {
            ...loadBalancer,
            findings: loadBalancer.findings.map((f) => ({
              ...f,
              first: isoOf(f.first),
              last: isoOf(f.last),
              paths: f.paths.map((p) => (options.redact ? { ...p, name: redactPath(p.name) } : p)),
            })),
          },
        }
      : {}),
    rejects: {
      count: reading.rejects,
      first: reading.firstRejects.map((r) => (options.redact ? { ...r, text: redactText(r.text) } : r)),
    },
    reading: { ...reading, rejects: undefined, firstRejects: undefined, ...(store ? { store } : {}) },
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

const isoOf = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** A record with its time readable. */
export const timed = (record: { readonly time?: number | null }) => ({
  ...record,
  ...(typeof record.time === 'number' ? { time: isoOf(record.time) } : {}),
});
