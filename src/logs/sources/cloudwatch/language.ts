import { type FieldId, fields } from '../../../envoy/fields.ts';
import { responseFlags } from '../../../envoy/response-flags.ts';
import { combined } from '../../remote/combine.ts';
import type { Aggregation, Key, Read, Test, Value } from '../../remote/expression.ts';
import { Inexpressible, type Language } from '../../remote/language.ts';
import type { Layout } from '../../remote/layout.ts';
import { bin, fieldName, literal, name, number, pattern, plainText } from './lexicon.ts';
import { limits } from './limits.ts';

/** Logs Insights QL: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html. Prefixed aliases hide no field of a record. */
export class Insights implements Language {
  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  literal(text: string): string {
    return literal(text);
  }

  regex(glob: string): string {
    return `/(?s)^${pattern(glob, '.*')}$/`;
  }

  field(read: Read): string {
    const path = this.#layout.name(read);
    if (path === undefined) throw new Inexpressible(name, `${read}: no record has it`);
    return fieldName(path);
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
        return this.#set(test.read);
      case 'unset':
        return this.#unset(test.read);
      case 'number':
        return this.#between(test.read, test.from, test.below);
      case 'prefix':
        return `${this.field(test.read)} like /^(?:${test.prefixes.map((p) => pattern(p, undefined)).join('|')})/`;
      case 'flag': {
        const each = test.globs.flatMap((g) => [g, ...(responseFlags[g] ? [responseFlags[g].long] : [])]);
        const list = `/(?s)^(?:.*,)?(?:${each.map((g) => pattern(g, '[^,]*')).join('|')})(?:,.*)?$/`;
        const f = this.field('flags');
        return test.negated
          ? `(${this.#unset('flags')} or ${f} not like ${list})`
          : `(${this.#set('flags')} and ${f} like ${list})`;
      }
      case 'text':
        return this.#text(test.read, test.globs, test.negated);
    }
  }

  counting(aggregation: Aggregation): string {
    const { failing, keys, failingKeys, weight } = aggregation;
    const w = weight === undefined ? undefined : this.field(weight);
    return this.#query([
      `filter ${this.#where(aggregation)}`,
      `fields if(${this.test(failing)}, 1, 0) as v_failing${w === undefined ? '' : `, if(${w} > 1 and ${w} <= 1000000, ${w}, 1) as v_weight`}`,
      `fields ${[
        ...keys.map((k) => `${this.#value(k.value)} as ${alias(k)}`),
        ...failingKeys.map((k) => `if(v_failing = 1, ${this.#value(k.value)}, "-") as ${alias(k)}`),
      ].join(',\n    ')}`,
      `stats ${this.#aggregates(aggregation).join(', ')}\n    by v_failing, ${[...keys, ...failingKeys].map(alias).join(', ')}, bin(${bin(aggregation.bucketMs)}) as v_time`,
      'sort v_requests desc',
    ]);
  }

  /** The first and the last line of each kind of failing request. */
  sampling(aggregation: Aggregation, most: number): string {
    const kind = [...aggregation.keys, ...aggregation.failingKeys].filter((k) => sampleKeys.has(k.id));
    return this.#query([
      `filter ${this.#where(aggregation)} and ${this.test(aggregation.failing)}`,
      `fields ${kind.map((k) => `${this.#value(k.value)} as ${alias(k)}`).join(',\n    ')}`,
      `stats count(*) as v_records, earliest(@message) as v_first_message, min(toMillis(@timestamp)) as v_first, earliest(@logStream) as v_first_stream,\n    latest(@message) as v_last_message, max(toMillis(@timestamp)) as v_last, latest(@logStream) as v_last_stream\n    by ${kind.map(alias).join(', ')}`,
      'sort v_records desc',
      `limit ${most}`,
    ]);
  }

  /** The lines themselves, oldest first. */
  lines(window: Pick<Aggregation, 'from' | 'to' | 'where'>, most: number): string {
    return this.#query([
      'fields @timestamp, @message, @logStream, @log, @ptr',
      `filter ${this.#where(window)}`,
      'sort @timestamp asc',
      `limit ${most}`,
    ]);
  }

  #query(commands: readonly string[]): string {
    const text = commands.join('\n| ');
    if (text.length > limits.query)
      throw new Inexpressible(
        name,
        `this question: its query would be ${text.length} characters, and ${limits.query} is the most`,
        'ask with fewer or shorter conditions',
      );
    return text;
  }

  /** The API takes whole seconds, both ends included, so the window's own edges are conditions too. */
  #where({ from, to, where }: Pick<Aggregation, 'from' | 'to' | 'where'>): string {
    const conditions = this.test(where);
    const time = `toMillis(@timestamp) >= ${from} and toMillis(@timestamp) < ${to}`;
    return conditions === always ? time : `${time} and ${conditions}`;
  }

  #aggregates({ distribution, weight }: Aggregation): readonly string[] {
    const one = weight === undefined ? '1' : 'v_weight';
    const has = (read: Read) => this.#layout.name(read) !== undefined;
    const d = has('duration') ? this.field('duration') : undefined;
    const a = has('connectionAge') ? this.field('connectionAge') : undefined;
    return [
      'count(*) as v_records',
      `sum(${one}) as v_requests`,
      ...(weight === undefined ? [] : ['sum(if(v_weight > 1, 1, 0)) as v_weighted']),
      'min(toMillis(@timestamp)) as v_first',
      'max(toMillis(@timestamp)) as v_last',
      ...(d === undefined ? [] : [`min(${d}) as v_duration_min`, `max(${d}) as v_duration_max`]),
      ...(a === undefined ? [] : [`min(${a}) as v_age_min`, `max(${a}) as v_age_max`]),
      ...(d === undefined ? [] : [`sum(if(${this.#set('duration')}, ${one}, 0)) as v_timed`]),
      ...distribution.map((edge) => `sum(if(${d} >= ${number(edge)}, ${one}, 0)) as v_from_${number(edge)}`),
    ];
  }

  /** A group's key: never absent, because what becomes of groups without one is not documented. */
  #value(value: Value): string {
    switch (value.kind) {
      case 'text':
        return orUnset(...[value.first, value.read].flatMap((r) => (r === undefined ? [] : [this.field(r)])));
      case 'bit':
        return `if(${this.test(value.test)}, 1, 0)`;
      case 'bucket': {
        if (this.#layout.name(value.stored) !== undefined) return orUnset(this.field(value.stored));
        const f = this.field(value.read);
        // How many edges the value has reached is the bucket's number, in arithmetic alone; unset stays unset.
        const reached = value.edges.slice(1).map((edge) => `least(floor(${f} / ${number(edge)}), 1)`);
        return orUnset(reached.join(' + '));
      }
      case 'among': {
        const f = this.field(value.read);
        return `if(${f} in [${value.numbers.map(number).join(', ')}], ${f}, "-")`;
      }
    }
  }

  /** A dash must be told from a number by itself: whether it compares as 0 is not documented. */
  #set(read: Read): string {
    const f = this.field(read);
    return `(ispresent(${f}) and ${f} != "-" and ${f} != "")`;
  }

  #unset(read: Read): string {
    const f = this.field(read);
    return `(not ispresent(${f}) or ${f} = "-" or ${f} = "")`;
  }

  /** None of our numbers is negative. */
  #between(read: Read, from = 0, below?: number): string {
    const f = this.field(read);
    const tests = [
      ...(from > 0 ? [`${f} >= ${number(from)}`] : [this.#set(read)]),
      ...(below === undefined ? [] : [`${f} < ${number(below)}`]),
    ];
    return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' and ')})`;
  }

  #text(read: Read, globs: readonly string[], negated: boolean): string {
    const f = this.field(read);
    // A set value is never `-` or empty.
    const possible = globs.filter((g) => g !== '-' && g !== '');
    if (possible.some((g) => /^\*+$/.test(g))) return negated ? this.#unset(read) : this.#set(read);
    const equal = possible
      .filter((g) => !g.includes('*') && plainText.test(g))
      .map((g) => (isNumber(read) && /^\d{1,15}$/.test(g) ? g : literal(g)));
    const alike = possible.filter((g) => g.includes('*') || !plainText.test(g)).map((g) => this.regex(g));
    const [is, isIn, like, or] = negated ? ['!=', 'not in', 'not like', ' and '] : ['=', 'in', 'like', ' or '];
    const tests = [
      ...(equal.length === 1
        ? [`${f} ${is} ${equal[0]}`]
        : equal.length > 1
          ? [`${f} ${isIn} [${equal.join(', ')}]`]
          : []),
      ...alike.map((r) => `${f} ${like} ${r}`),
    ];
    if (tests.length === 0) return negated ? always : never;
    return negated
      ? `(${this.#unset(read)} or (${tests.join(or)}))`
      : tests.length === 1
        ? (tests[0] ?? '')
        : `(${tests.join(or)})`;
  }
}

/** Conditions that need no field. */
const always = '1 = 1';
const never = '1 = 0';

const orUnset = (...values: readonly string[]): string => `coalesce(${[...values, '"-"'].join(', ')})`;

export const alias = (key: Pick<Key, 'id'>): string => `v_${key.id}`;

/** What makes lines of one kind (scan/tally.ts): a few of each are enough. */
export const sampleKeys: ReadonlySet<string> = new Set(['route', 'backend', 'authority', 'status', 'flags', 'details']);

const isNumber = (read: Read): boolean => Object.hasOwn(fields, read) && fields[read as FieldId].type === 'number';
