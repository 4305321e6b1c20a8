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
    if (value) safe[field] = redactText(value);
  }
  return safe;
}
