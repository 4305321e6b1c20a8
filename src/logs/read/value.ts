import { type FieldId, fields } from '../../envoy/fields.ts';
import { parseFlags } from '../../envoy/response-flags.ts';

/**
 * A logged value in the field's own type: numbers may come as text (`"503"`), absent ones as `-`, empty or null. `undefined` when the value
 * does not fit the type at all (a status of `abc`).
 */
export function fieldValue(id: FieldId, value: unknown): string | number | readonly string[] | null | undefined {
  switch (fields[id].type) {
    case 'number':
      return numberOf(value);
    case 'time':
      return timeOf(value);
    case 'list':
      return value === null
        ? []
        : typeof value === 'string'
          ? parseFlags(value)
          : Array.isArray(value)
            ? parseFlags(value.join(','))
            : undefined;
    case 'string':
      return textOf(id, value);
  }
}

function numberOf(value: unknown): number | null | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value === null || value === '-' || value === '') return null;
  if (typeof value !== 'string') return undefined;
  const number = Number(value);
  return value.trim() !== '' && Number.isFinite(number) ? number : undefined;
}

function textOf(id: FieldId, value: unknown): string | null | undefined {
  if (value === null || value === '-') return null;
  if (typeof value === 'string') {
    // Details are the empty string when a filter's configuration was never delivered (NFCF); everywhere else empty means unset.
    return value === '' && id !== 'details' ? null : value;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Epoch milliseconds of a logged time: ISO 8601 (UTC when it names no zone, because Envoy writes UTC), or epoch seconds, milliseconds,
 * microseconds or nanoseconds by magnitude. Null when unset, undefined when it is no time.
 */
export function timeOf(value: unknown): number | null | undefined {
  if (value === null || value === '-' || value === '') return null;
  if (typeof value === 'number') return epochOf(value);
  if (typeof value !== 'string') return undefined;
  const near = nearLast(value);
  if (near !== undefined) return near;
  const m = iso.exec(value);
  if (m) {
    const ms = m[7] ? Math.floor(Number(`0.${m[7]}`) * 1000 + 1e-6) : 0;
    const utc = Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3]), Number(m[4]), Number(m[5]), Number(m[6])) + ms;
    if (Number.isNaN(utc)) return undefined;
    const time = utc - zoneOf(m[8]);
    if (m[8] === 'Z' && value.length === 24)
      last = { minute: value.slice(0, 17), start: time - Number(m[6]) * 1000 - ms };
    return time;
  }
  if (/^\d{9,19}(\.\d+)?$/.test(value)) return epochOf(Number(value));
  return undefined;
}

/** The minute that was read last, as Envoy writes it: lines come in the order of their time, and taking a time apart costs as much as counting a line. */
let last = { minute: '', start: 0 };

/** A time of Envoy's own form (`...T10:00:00.000Z`) in that minute. */
function nearLast(value: string): number | undefined {
  const { minute, start } = last;
  if (minute === '' || value.length !== 24 || !value.startsWith(minute) || value[19] !== '.' || value[23] !== 'Z')
    return undefined;
  let ms = 0;
  for (let at = 17; at < 23; at++) {
    if (at === 19) continue;
    const digit = value.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    ms = 10 * ms + digit;
  }
  return start + ms;
}

function zoneOf(zone: string | undefined): number {
  if (!zone || zone === 'Z') return 0;
  const sign = zone[0] === '-' ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000;
}

function epochOf(n: number): number | undefined {
  if (!Number.isFinite(n) || n < 0) return undefined;
  if (n < 1e11) return Math.floor(n * 1000);
  if (n < 1e14) return Math.floor(n);
  return Math.floor(n < 1e17 ? n / 1e3 : n / 1e6);
}
