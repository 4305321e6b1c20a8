import type { AccessRecord } from '../../logs/record.ts';
import { redactRecord, redactText } from '../../logs/redact.ts';

/** Free text of the log that a person, a client or a backend wrote, beyond what redactRecord knows by field. */
const freeText = [
  'method',
  'authority',
  'protocol',
  'details',
  'terminationDetails',
  'transportFailure',
  'grpcStatus',
  'requestId',
  'traceId',
  'amznTraceId',
] as const;

/** The record as it may be shown. */
export function safeRecord(record: AccessRecord, redact: boolean): AccessRecord {
  if (!redact) return record;
  const safe = redactRecord(record);
  for (const field of freeText) {
    const value = safe[field];
    if (value) safe[field] = safeText(value, redact);
  }
  return safe;
}

/** Text of a log line as it may be shown. Details have `_` for spaces, so a token need not begin a word. */
export const safeText = (text: string, redact: boolean): string =>
  redact ? redactText(text.replace(/(?<![A-Za-z0-9])eyJ[\w-]{8,}\.[\w-]+\.?[\w-]*/g, '<token>')) : text;

/** Words about a verdict, which may quote a line: as safeText, but the addresses in them are the backends' own and stay. */
export const safeWords = (text: string, redact: boolean): string =>
  text
    .split(/(\b\d{1,3}(?:\.\d{1,3}){3}\b)/)
    .map((part, i) => (i % 2 === 0 ? safeText(part, redact) : part))
    .join('');
