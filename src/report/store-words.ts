import type { Reading, StoreReading } from '../logs/answer.ts';
import type { Place } from '../logs/record.ts';
import { bytesInWords, dollarsInWords } from '../logs/remote/words.ts';
import type { Triage } from '../triage/triage.ts';
import { duration, plural } from '../triage/words.ts';

/** Names of the stores, as their makers write them. */
const names: Readonly<Record<StoreReading['name'], string>> = {
  cloudwatch: 'CloudWatch Logs',
  loki: 'Loki',
  datadog: 'Datadog Logs',
};

/** Where a request was read: `access.log:12`, `standard input:12`; a store's record has a place and no line. */
export const placeInWords = ({ file, line }: Place): string => {
  const name = file === '-' ? 'standard input' : file;
  return line > 0 ? `${name}:${line}` : name;
};

/** What was asked of a remote store, what it cost and whether its numbers are whole; one sentence each, the source first. */
export function storeNotes(t: Pick<Triage, 'precision'>, reading: Reading): readonly string[] {
  const { store } = reading;
  if (!store) return [];
  const { window, newest, missing } = store;
  return [
    `${names[store.name]} ${store.from.join(', ')}: ${plural(reading.lines, 'record')} counted where they are, ${instant(window.from)} to ${instant(window.to)} UTC`,
    `${plural(store.queries, 'query', 'queries')}${store.bytesScanned === undefined ? '' : `, ${bytesInWords(store.bytesScanned)} scanned`}${store.dollars === undefined ? '' : ` (${dollarsInWords(store.dollars)})`}`,
    newest === undefined
      ? 'no record in the window'
      : `the newest record is ${duration(Math.max(0, window.to - newest))} older than the window's end`,
    ...missing.map((m) => `missing: ${m.what}: ${m.reason}`),
    ...(t.precision === 'exact' ? ['counts are exact'] : []),
    ...(store.latencyInterpolated ? ['latency percentiles are interpolated between counted edges'] : []),
    ...store.notes,
  ];
}

const instant = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(:00)?(\.000)?Z$/, '');
