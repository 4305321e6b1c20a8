import { type AlbRecord, parseAlbLine, rootOf } from '../logs/alb/line.ts';
import { type Question, within } from '../logs/question.ts';
import type { AccessRecord } from '../logs/record.ts';
import { eachLine } from '../logs/scan/plain.ts';
import { openInput } from '../logs/sources/file/input.ts';
import { fileNames } from '../logs/sources/file/names.ts';
import { SourceError } from '../logs/sources/source.ts';
import { nearest } from '../nearest.ts';
import type { GatewayLine } from '../triage/alb-failure.ts';
import { albFailed, albFindings, type LoadBalancerReport, passedOn } from '../triage/load-balancer.ts';

/** More failures than this are counted and not looked up: each would have to be held. */
const most = 200_000;

/** Clocks of a load balancer and a pod differ by less than this, ms. */
const apart = 1_500;

/** Gives every gateway record that may be one of those that the load balancer logged as failing. */
export type GatewayRecords = (
  take: (record: AccessRecord) => void,
  traces: ReadonlySet<string>,
) => Promise<readonly string[]>;

/**
 * Reads the load balancer's own log (plain or .gz) and looks each failure up in the gateway's: by the trace id that the load balancer adds, or,
 * where the gateway does not log it, by time, client and path. What the load balancer answered by itself becomes findings.
 */
export async function readLoadBalancer(
  given: readonly string[],
  question: Question,
  gateway: { readonly carriesTrace: boolean; readonly sampled: boolean; readonly records: GatewayRecords | undefined },
): Promise<LoadBalancerReport> {
  const files = fileNames(given, nearest);
  const counts = { lines: 0, rejects: 0, requests: 0, failures: 0, passedOn: 0 };
  const failing: AlbRecord[] = [];
  const notes: string[] = [];
  let firstReject: string | undefined;
  for (const name of files) {
    const input = await openInput(name);
    try {
      await eachLine(input, {
        line(text, number) {
          if (text.trim() === '') return;
          counts.lines++;
          const record = parseAlbLine(text);
          if ('reject' in record) {
            counts.rejects++;
            firstReject ??= `${name}:${number}: ${record.reject}`;
            return;
          }
          if (!within(question, record.created ?? record.time)) return;
          counts.requests++;
          if (!albFailed(record)) return;
          counts.failures++;
          if (passedOn(record)) counts.passedOn++;
          else if (failing.length < most) failing.push(record);
        },
        tooLong() {
          counts.lines++;
          counts.rejects++;
        },
        block() {},
      });
    } finally {
      input.close();
    }
  }
  if (counts.lines > 0 && counts.rejects === counts.lines)
    throw new SourceError(`${files.join(', ')}: no line is an application load balancer's`, firstReject);
  if (counts.rejects > 0)
    notes.push(`${counts.rejects} of ${counts.lines} lines could not be read; the first: ${firstReject}`);
  const looked = await lookUp(failing, gateway, notes);
  return {
    files,
    ...counts,
    joinedBy: looked.joinedBy,
    notes,
    findings: albFindings(failing.map((record, i) => ({ record, line: looked.lines[i] ?? 'unknown' }))),
  };
}

async function lookUp(
  failing: readonly AlbRecord[],
  {
    carriesTrace,
    sampled,
    records,
  }: { readonly carriesTrace: boolean; readonly sampled: boolean; readonly records: GatewayRecords | undefined },
  notes: string[],
): Promise<{ readonly joinedBy: LoadBalancerReport['joinedBy']; readonly lines: readonly GatewayLine[] }> {
  if (failing.length === 0) return { joinedBy: undefined, lines: [] };
  if (records === undefined) {
    notes.push('the gateway’s log is a pipe and was read once: give a file, and these requests are looked up in it');
    return { joinedBy: undefined, lines: failing.map(() => 'unknown') };
  }
  const lines: GatewayLine[] = failing.map((f) => (!carriesTrace || f.trace !== undefined ? 'none' : 'unknown'));
  const byTrace = new Map<string, number>();
  const byPlace = new Map<string, number[]>();
  for (const [i, f] of failing.entries()) {
    if (f.trace !== undefined) byTrace.set(f.trace, i);
    const place = placeOf(f.method, f.path);
    byPlace.set(place, [...(byPlace.get(place) ?? []), i]);
  }
  const said = await records((record) => {
    const line = { status: record.status, flags: record.flags ?? [], duration: record.duration };
    if (carriesTrace) {
      const at = byTrace.get(rootOf(record.amznTraceId) ?? '');
      if (at !== undefined) lines[at] = line;
      return;
    }
    const client = record.forwardedFor?.split(',').at(-1)?.trim() ?? record.downstreamAddress ?? undefined;
    for (const at of byPlace.get(placeOf(record.method ?? undefined, record.path?.split('?')[0])) ?? []) {
      const f = failing[at];
      if (
        f &&
        Math.abs((record.time ?? Number.NaN) - (f.created ?? f.time)) <= apart &&
        (client === undefined || client === f.client)
      )
        lines[at] = line;
    }
  }, new Set(byTrace.keys()));
  notes.push(...said);
  if (sampled)
    notes.push(
      'the gateway’s healthy records are sampled: a request that it answered well may look as if it never came',
    );
  return { joinedBy: carriesTrace ? 'trace id' : 'time, client and path', lines };
}

const placeOf = (method: string | undefined, path: string | undefined): string => `${method ?? '-'} ${path ?? '-'}`;
