import { parseFlags } from '../../envoy/response-flags.ts';
import type { AccessRecord } from '../record.ts';
import { timeOf } from './value.ts';

/**
 * Envoy's default text format, and Istio's, which adds details, transport failure and the upstream's facts.
 * Sources: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/observability/access_log/usage#default-format-string and
 * https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format.
 *
 * Envoy does not escape quotes inside header values. The request line can hold no space besides its own two, so everything up to the
 * numbers is read from the front; the values behind the free-text user agent are read from the back.
 */
const start = /^\[([^\]\s]{10,40})\] "(\S*) (\S*) ([^"\s]*)" (\d{1,3}|-) (\S*) /;
const numbers = /^(\d+|-) (\d+|-) (\d+|-) (\S+) "/;
// `s`: a line may hold U+2028, which ends lines for JavaScript alone.
const istioMiddle = /^(\S*) (\S*) "(.*?)" (?=(?:\d+|-) (?:\d+|-) (?:\d+|-) \S+ ")/s;

export type TextFormat = 'envoy-text' | 'istio-text';

export interface TextRecord {
  readonly format: TextFormat;
  readonly record: AccessRecord;
}

/** The record of a text line, or undefined when it has neither shape. */
export function parseText(line: string): TextRecord | undefined {
  const head = start.exec(line);
  if (!head) return undefined;
  const time = timeOf(head[1]);
  if (time === undefined) return undefined;
  const record: AccessRecord = {
    time,
    method: unset(head[2]),
    path: unset(head[3]),
    protocol: unset(head[4]),
    status: number(head[5]),
    flags: parseFlags(head[6] ?? '-'),
  };
  const rest = line.slice(head[0].length);
  if (numbers.test(rest)) return tail(record, rest) ? { format: 'envoy-text', record } : undefined;
  const middle = istioMiddle.exec(rest);
  if (!middle) return undefined;
  record.details = middle[1] === '-' ? null : (middle[1] ?? '');
  record.terminationDetails = unset(middle[2]);
  record.transportFailure = unset(middle[3]);
  const end = lastSix(rest);
  if (!end || !tail(record, rest.slice(middle[0].length, rest.length - end[0].length))) return undefined;
  record.cluster = unset(end[1]);
  record.localAddress = unset(end[2]);
  record.downstreamAddress = unset(end[4]);
  record.route = unset(end[6]);
  return { format: 'istio-text', record };
}

const six = / (\S+) (\S+) (\S+) (\S+) (\S+) (\S+)$/y;

/** The six values that end a line. Tried only where they must begin: searching for it would try at every blank of a user agent. */
function lastSix(text: string): RegExpExecArray | null {
  let at = text.length;
  for (let i = 0; i < 6 && at > 0; i++) at = text.lastIndexOf(' ', at - 1);
  six.lastIndex = Math.max(at, 0);
  return six.exec(text);
}

/** `RX TX DURATION SERVICE-TIME "XFF" "UA" "REQUEST-ID" "AUTHORITY" "UPSTREAM-HOST"`, from both ends. */
function tail(record: AccessRecord, text: string): boolean {
  const counts = numbers.exec(text);
  if (!counts || !text.endsWith('"')) return false;
  record.bytesReceived = number(counts[1]);
  record.bytesSent = number(counts[2]);
  record.duration = number(counts[3]);
  record.serviceTime = number(counts[4]);
  const quoted = text.slice(counts[0].length, -1).split('" "');
  if (quoted.length < 5) return false;
  const [forwardedFor, ...between] = quoted;
  record.upstreamHost = unset(between.pop());
  record.authority = unset(between.pop());
  record.requestId = unset(between.pop());
  record.forwardedFor = unset(forwardedFor);
  record.userAgent = unset(between.join('" "'));
  return true;
}

const unset = (value: string | undefined): string | null =>
  value === undefined || value === '-' || value === '' ? null : value;

function number(value: string | undefined): number | null {
  const parsed = value === undefined || value === '-' ? Number.NaN : Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}
