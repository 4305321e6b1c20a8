import type { AccessRecord } from '../record.ts';
import { type Entries, flatten, recordOf } from './json.ts';
import { KeyMap, type Overrides } from './key-map.ts';
import { otlpEntries } from './otlp.ts';
import { parseText } from './text.ts';
import { innerLine, prefixes, withoutColour } from './unwrap.ts';

/** What a line turned out to be. One line holds several records only in OTLP. */
export type Parsed =
  | { readonly records: readonly AccessRecord[] }
  | { readonly application: true }
  | { readonly blank: true }
  | { readonly reject: string };

export const formats = ['auto', 'envoy-text', 'istio-text', 'json', 'otlp-json'] as const;
export type FormatName = (typeof formats)[number];

/** Envoy's own log: `[2026-11-23 10:00:00.123][1][info][main] ...`, or as JSON with a level and a message. */
const applicationText = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d+\]\[\d+\]\[[a-z]+\]/;

/**
 * Reads lines of one file. Each line is looked at on its own, because files mix shapes (Envoy's application log, wrappers); only what the
 * keys of JSON lines mean is learned from the first lines.
 */
export class LineParser {
  readonly keys: KeyMap;
  readonly #wanted: FormatName;
  /** Every shape met so far, for the user. */
  readonly seen = new Set<string>();

  constructor(wanted: FormatName = 'auto', overrides: Overrides = {}) {
    this.keys = new KeyMap(overrides);
    this.#wanted = wanted;
  }

  /** Learns the keys from the first lines of a file. */
  learn(lines: readonly string[]): void {
    this.keys.learn(lines.flatMap((line) => this.#entries(line)));
  }

  parse(line: string, depth = 0): Parsed {
    const text = (line.endsWith('\r') ? line.slice(0, -1) : line).replace(/^\uFEFF/, '');
    const first = text.charCodeAt(0);
    if (first === 0x7b) return this.#json(text, depth);
    if (text.trim() === '') return { blank: true };
    if (first === 0x5b) {
      const found = parseText(text);
      if (found) return this.#accept(found.format, [found.record]);
      if (applicationText.test(text)) return { application: true };
    }
    if (depth > 3) return { reject: 'wrapped too deep' };
    if (text.includes('\u001b')) return this.parse(withoutColour(text), depth + 1);
    for (const wrapper of prefixes) {
      const inner = wrapper.unwrap(text);
      if (inner === undefined || inner === text) continue;
      const parsed = this.parse(inner, depth + 1);
      if (!('reject' in parsed)) {
        this.seen.add(`wrapped by ${wrapper.name}`);
        return parsed;
      }
    }
    return { reject: 'neither a known text format nor JSON' };
  }

  #json(text: string, depth: number): Parsed {
    const object = parseObject(text);
    if (!object) return { reject: text.endsWith('}') ? 'broken JSON' : 'broken JSON: cut off before its end' };
    if (Array.isArray(object['resourceLogs'])) {
      const records: AccessRecord[] = [];
      for (const entries of otlpEntries(object)) {
        const record = recordOf(entries, this.keys);
        if (typeof record !== 'string') records.push(record);
      }
      return records.length > 0 ? this.#accept('otlp-json', records) : { reject: 'OTLP without an access-log record' };
    }
    const record = recordOf(flatten(object), this.keys);
    if (typeof record !== 'string') return this.#accept('json', [record]);
    const inner = depth > 3 ? undefined : innerLine(object);
    if (inner) {
      this.seen.add(`wrapped as JSON under "${inner.key}"`);
      return this.parse(inner.line, depth + 1);
    }
    return isApplicationLog(object) ? { application: true } : { reject: record };
  }

  #accept(format: FormatName, records: readonly AccessRecord[]): Parsed {
    if (this.#wanted !== 'auto' && this.#wanted !== format) return { reject: `not ${this.#wanted}` };
    this.seen.add(format);
    return { records };
  }

  #entries(line: string, depth = 0): Entries[] {
    const text = withoutColour(line).trim();
    if (text.startsWith('{')) {
      const object = parseObject(text);
      if (!object) return [];
      if (Array.isArray(object['resourceLogs'])) return otlpEntries(object);
      const inner = innerLine(object);
      return inner && depth < 4
        ? this.#entries(inner.line, depth + 1)
        : isApplicationLog(object)
          ? []
          : [flatten(object)];
    }
    for (const wrapper of depth < 4 ? prefixes : []) {
      const inner = wrapper.unwrap(text);
      if (inner?.startsWith('{')) return this.#entries(inner, depth + 1);
    }
    return [];
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isApplicationLog(object: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(object).map((k) => k.toLowerCase());
  return (
    keys.includes('level') && (keys.includes('message') || keys.includes('msg')) && !keys.includes('response_code')
  );
}
