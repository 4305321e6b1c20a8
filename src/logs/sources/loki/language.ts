import { type FieldId, fields } from '../../../envoy/fields.ts';
import { responseFlags } from '../../../envoy/response-flags.ts';
import { combined } from '../../remote/combine.ts';
import type { Aggregation, Key, Read, Test } from '../../remote/expression.ts';
import { Inexpressible, type Language, wellFormed } from '../../remote/language.ts';
import type { Layout } from '../../remote/layout.ts';
import { limits } from './limits.ts';
import { template } from './template.ts';

const name = 'LogQL';

/** Where the records' fields are: structured metadata, as the Collector's OTLP brings them, or JSON in the line. */
export interface Records {
  readonly layout: Layout;
  readonly in: 'metadata' | 'json';
  /** Where a name of the layout is inside a JSON line. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Labels and the values that one of them must have; never empty. */
  readonly selector: Readonly<Record<string, readonly string[]>>;
}

/**
 * LogQL (https://grafana.com/docs/loki/latest/query/). A label that a record lacks reads as the empty text, and a number that can't be read fails
 * the whole query, even on the right of an `and` that is false already: so numbers are tested on labels of our own (`n_...`) that are empty
 * where there is none.
 */
export class LogQl implements Language {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  has(read: Read): boolean {
    return this.#records.layout.name(read) !== undefined;
  }

  /** Go's escapes in double quotes; JSON's are a subset of them. */
  literal(text: string): string {
    if (!wellFormed(text)) throw new Inexpressible(name, 'half of a surrogate pair: no stored text holds one');
    return JSON.stringify(text);
  }

  regex(glob: string): string {
    return this.literal(`(?s)${pattern(glob, '.*')}`);
  }

  field(read: Read): string {
    const path = this.#records.layout.name(read);
    if (path === undefined) throw new Inexpressible(name, `${read}: no record has it`);
    return this.#records.in === 'json' ? alias(read) : label(path);
  }

  test(test: Test): string {
    switch (test.kind) {
      case 'all':
      case 'any':
        return combined(
          test.kind,
          test.of.map((t) => this.test(t)),
          { and: 'and', or: 'or', always, never },
        );
      case 'set':
        return `(${this.field(test.read)} != "-" and ${this.field(test.read)} != "")`;
      case 'unset':
        return `(${this.field(test.read)} = "-" or ${this.field(test.read)} = "")`;
      case 'number':
        return this.#between(test.read, test.from, test.below);
      case 'prefix':
        return `${this.field(test.read)} =~ ${this.literal(`(?s)(?:${test.prefixes.map((p) => pattern(p, undefined)).join('|')}).*`)}`;
      case 'flag': {
        const each = test.globs.flatMap((g) => [g, ...(responseFlags[g] ? [responseFlags[g].long] : [])]);
        const list = this.literal(`(?s)(?:.*,)?(?:${each.map((g) => pattern(g, '[^,]*')).join('|')})(?:,.*)?`);
        const flags = this.field('flags');
        const there = `(${flags} != "-" and ${flags} != "" and ${flags} =~ ${list})`;
        return test.negated ? `(${flags} = "-" or ${flags} = "" or ${flags} !~ ${list})` : there;
      }
      case 'text':
        return this.#text(test.read, test.globs, test.negated);
    }
  }

  /** Whether the records carry the Collector's own buckets, which need no arithmetic. */
  get storedBuckets(): boolean {
    const { layout } = this.#records;
    return layout.name('vigia.duration_bucket') !== undefined && layout.name('vigia.age_bucket') !== undefined;
  }

  /** The counting query of failing records; what else a triage asks is made of `pipeline` too (count.ts). */
  counting(aggregation: Aggregation): string {
    const keys = [...aggregation.keys, ...aggregation.failingKeys];
    const where: Test = { kind: 'all', of: [aggregation.where, aggregation.failing] };
    return `sum by (${keys.map(keyLabel).join(', ')}) (count_over_time(${this.pipeline(where, keys)} [${seconds(aggregation.bucketMs)}] offset 1ms))`;
  }

  /** Selector, fields, condition, and the keys as labels of their own. */
  pipeline(where: Test, keys: readonly Key[], more: readonly string[] = []): string {
    const condition = this.test(where);
    const numbers = [...new Set([...numbersIn(where), ...more])];
    const named = keys.map((k) => `${keyLabel(k)}=${this.literal(template(k.value, this))}`);
    const stages = [
      this.#selector(),
      ...(this.#records.in === 'json' ? [this.#json(where, keys, more)] : []),
      ...(numbers.length > 0
        ? [
            `label_format ${numbers.map((read) => `${numeric(read)}=${this.literal(this.#number(read as Read))}`).join(', ')}`,
          ]
        : []),
      ...(condition === always ? [] : [condition]),
      ...(named.length > 0 ? [`label_format ${named.join(', ')}`] : []),
    ];
    const text = stages.join(' | ');
    if (text.length > limits.query - 1_000)
      throw new Inexpressible(
        name,
        `this question: its query would be ${text.length} characters`,
        'fewer or shorter conditions',
      );
    return text;
  }

  /** Requests by the index of the edge (ms) that their duration reached; each counts as `weight` says. */
  distribution(where: Test, edges: readonly number[], weight: FieldId | undefined, range: string): string {
    const value = { kind: 'bucket', read: 'duration', edges, stored: 'vigia.duration_bucket' } as const;
    const unwrapped: readonly Read[] = weight === undefined ? [] : [weight];
    const found = `${this.pipeline(where, [], ['duration', ...unwrapped])} | label_format v_duration=${this.literal(template(value, this, true))}`;
    return weight === undefined
      ? `sum by (v_duration) (count_over_time(${found} ${range}))`
      : `sum by (v_duration) (sum_over_time(${found} | unwrap ${numeric(weight)} ${range}))`;
  }

  /** The lines as they are. */
  lines(where: Test): string {
    return this.pipeline(where, []);
  }

  #selector(): string {
    const matchers = Object.entries(this.#records.selector).map(([key, values]) =>
      values.length === 1 && values[0] !== undefined && !values[0].includes('*')
        ? `${label(key)}=${this.literal(values[0])}`
        : `${label(key)}=~${this.literal(values.map((v) => pattern(v, '.*')).join('|'))}`,
    );
    return `{${matchers.join(', ')}}`;
  }

  /** Only what is needed is taken out of the line; a line that is no JSON is left out, as in a file. */
  #json(where: Test, keys: readonly Key[], more: readonly string[]): string {
    const reads = new Set<Read>([...readsIn(where), ...keys.flatMap((k) => readsOf(k)), ...(more as Read[])]);
    const taken = [...reads].flatMap((read) => {
      const path = this.#records.layout.name(read);
      return path === undefined
        ? []
        : [`${alias(read)}=${this.literal(jsonPath(this.#records.paths.get(path) ?? [path]))}`];
    });
    return `json ${taken.join(', ')} | __error__=""`;
  }

  #number(read: Read): string {
    const f = `.${this.field(read)}`;
    return `{{ if ne ${f} "-" }}{{ ${f} }}{{ end }}`;
  }

  #between(read: Read, from = 0, below?: number): string {
    const n = numeric(read);
    const tests = [
      from > 0 ? `${n} >= ${number(from)}` : `${n} != ""`,
      ...(below === undefined ? [] : [`${n} < ${number(below)}`]),
    ];
    return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' and ')})`;
  }

  #text(read: Read, globs: readonly string[], negated: boolean): string {
    const f = this.field(read);
    // A set value is never `-` or empty.
    const possible = globs.filter((g) => g !== '-' && g !== '');
    const set = `${f} != "-" and ${f} != ""`;
    const unset = `${f} = "-" or ${f} = ""`;
    if (possible.some((g) => /^\*+$/.test(g))) return negated ? `(${unset})` : `(${set})`;
    if (possible.length === 0) return negated ? always : never;
    if (possible.length === 1 && !possible[0]?.includes('*'))
      return negated ? `${f} != ${this.literal(possible[0] ?? '')}` : `${f} = ${this.literal(possible[0] ?? '')}`;
    const any = this.literal(`(?s)(?:${possible.map((g) => pattern(g, '.*')).join('|')})`);
    return negated ? `(${unset} or ${f} !~ ${any})` : `(${set} and ${f} =~ ${any})`;
  }
}

/** Conditions that need no field; LogQL has no constants. */
const always = 'v_always = ""';
const never = 'v_never != ""';

export const keyLabel = (key: Pick<Key, 'id'>): string => `v_${key.id}`;
export const numeric = (read: string): string => `n_${read.replace(/[^A-Za-z0-9]/g, '_')}`;
/** A field of a JSON line as a label of ours. */
const alias = (read: Read): string => `j_${read.replace(/[^A-Za-z0-9]/g, '_')}`;

/** Loki's own rule of label names; a dot or dash of the source is an underscore there already. */
function label(path: string): string {
  const flat = path.replace(/[.-]/g, '_');
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(flat))
    throw new Inexpressible(
      name,
      `the label ${JSON.stringify(path.slice(0, 80))}`,
      'letters, digits and _ can be written',
    );
  return flat;
}

/** A path inside a JSON line: keys quoted, so that dots in them are no steps. */
const jsonPath = (path: readonly string[]): string => path.map((key) => `[${JSON.stringify(key)}]`).join('');

/** Whole milliseconds are the smallest that `offset` takes, and `time` of a range ends it inclusively: this makes buckets half-open. */
export const seconds = (ms: number): string => (ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`);

export function readsIn(test: Test): readonly Read[] {
  switch (test.kind) {
    case 'all':
    case 'any':
      return test.of.flatMap(readsIn);
    case 'flag':
      return ['flags'];
    default:
      return [test.read];
  }
}

function numbersIn(test: Test): readonly Read[] {
  if (test.kind === 'all' || test.kind === 'any') return test.of.flatMap(numbersIn);
  return test.kind === 'number' ? [test.read] : [];
}

function readsOf({ value }: Key): readonly Read[] {
  switch (value.kind) {
    case 'text':
      return [...(value.first === undefined ? [] : [value.first]), value.read];
    case 'bit':
      return readsIn(value.test);
    case 'bucket':
      return [value.read, value.stored];
    case 'among':
      return [value.read];
  }
}

export const isNumber = (read: Read): boolean =>
  Object.hasOwn(fields, read) && fields[read as FieldId].type === 'number';

/** A number without an exponent. */
export function number(n: number): string {
  if (!Number.isFinite(n)) throw new Inexpressible(name, String(n));
  return Number.isInteger(n) ? n.toFixed(0) : String(Number(n.toFixed(6)));
}

/** The glob as part of an RE2 expression; without `any`, `*` is a character like others. */
function pattern(glob: string, any: string | undefined): string {
  return glob
    .split('*')
    .map((part) => part.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&'))
    .join(any ?? '\\*');
}
