import { expect, test } from 'vitest';
import type { FieldId } from '../../src/envoy/fields.ts';
import { asks, type Condition, type Question } from '../../src/logs/question.ts';
import type { AccessRecord } from '../../src/logs/record.ts';
import { aggregationOf } from '../../src/logs/remote/from-question.ts';
import { Inexpressible } from '../../src/logs/remote/language.ts';
import { layoutOf } from '../../src/logs/remote/layout.ts';
import { Insights } from '../../src/logs/sources/cloudwatch/language.ts';
import { evaluate, type Fields, moods, type Value } from './cloudwatch/evaluate.ts';
import { parse } from './cloudwatch/parse.ts';
import { tokens } from './cloudwatch/tokens.ts';
import { hostile, refused } from './hostile.ts';

const names = [
  'http_response_status_code',
  'envoy_response_flags',
  'envoy_route_name',
  'url_path',
  'envoy_upstream_request_attempt_count',
];
const layout = layoutOf(names);
const insights = new Insights(layout);
const window = { from: 1000, to: 2000 };

const queryFor = (where: readonly Condition[], of = insights, its = layout): string =>
  of.counting(aggregationOf({ ...window, where }, window, 60_000, its));

/** The query's commands without what its literals and patterns hold: what a text of a user's must not be able to change. */
const skeleton = (text: string) =>
  tokens(text).map((t) => (t.kind === 'string' || t.kind === 'regex' ? t.kind : t.text));

const event = (fields: Readonly<Record<string, Value>>): Fields =>
  new Map(Object.entries({ '@timestamp': 1500, ...fields }));

/** How many of the events a question counts, in both readings of what AWS leaves open. */
function counted(query: string, events: readonly Fields[]): number {
  const sums = moods.map((mood) =>
    evaluate(parse(query), events, mood).reduce(
      (sum, row) => sum + Number(row.find((c) => c.field === 'v_records')?.value),
      0,
    ),
  );
  expect(new Set(sums).size).toBe(1);
  return sums[0] ?? 0;
}

const said: readonly string[] = hostile.filter((s) => s !== '' && s !== '-');

test.each(hostile)('a route named %j is one literal, matches itself and nothing else', (value) => {
  const query = queryFor([{ field: 'route', negated: false, values: [value] }]);
  const events = said.map((s) => event({ http_response_status_code: 200, envoy_route_name: s }));
  const question: Question = { ...window, where: [{ field: 'route', negated: false, values: [value] }] };
  const records = said.map((s): AccessRecord => ({ time: 1500, status: 200, route: s }));
  const truth = records.filter((r) => asks(question, r) === 'yes').length;
  expect(counted(query, events)).toBe(truth);
  expect(truth).toBe(value === '*' ? said.length : said.includes(value) ? 1 : 0);
  const negated = queryFor([{ field: 'route', negated: true, values: [value] }]);
  expect(counted(negated, events)).toBe(said.length - truth);
  // The same commands whatever the text.
  expect(parse(query).map((c) => c.kind)).toEqual(['filter', 'fields', 'fields', 'stats', 'sort']);
  expect(query).not.toMatch(/[^\x20-\x7e\n]/);
});

test('two hostile texts differ in nothing but literals and patterns', () => {
  const ask = (value: string) => skeleton(queryFor([{ field: 'path', negated: false, values: [`${value}*`] }]));
  const harmless = ask('a');
  for (const value of said.filter((s) => !s.includes('*'))) expect(ask(value)).toEqual(harmless);
});

test.each(refused.map((value) => [value.length, value]))('a text of %i characters is refused', (_, value) => {
  expect(() => queryFor([{ field: 'route', negated: false, values: [String(value)] }])).toThrow(Inexpressible);
});

test('random texts of what is special match themselves alone', () => {
  // A small generator with a seed: the same texts every time.
  let seed = 20_261_125;
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * n);
  };
  const alphabet = [...'ab "\'\\`|#/{}[]()*?+.^$-,:;=<>!%@&~\n\t\r\u0000\u0007é世😀'];
  for (let i = 0; i < 300; i++) {
    const value = Array.from({ length: 1 + random(8) }, () => alphabet[random(alphabet.length)]).join('');
    const others = [value, `${value}x`, `x${value}`, value.slice(1), value.toUpperCase()].filter(
      (s) => s !== '' && s !== '-',
    );
    const where: Condition[] = [{ field: 'path', negated: i % 2 === 1, values: [value, 'b"'] }];
    const records = others.map((path): AccessRecord => ({ time: 1500, status: 200, path }));
    const truth = records.filter((r) => asks({ ...window, where }, r) === 'yes').length;
    const events = others.map((path) => event({ http_response_status_code: 200, url_path: path }));
    expect(counted(queryFor(where), events), JSON.stringify(value)).toBe(truth);
  }
});

test.each([
  ['no value', { status: null }, ['-'], 1],
  ['a number as text', { status: 503 }, ['503'], 1],
  ['a glob over a number', { status: 503 }, ['5*'], 1],
  ['a glob that "-" fits', { status: null }, ['*'], 1],
  ['one of several', { status: 404 }, ['503', '404'], 1],
  ['another', { status: 404 }, ['503', '5*'], 0],
] as const)('status: %s', (_, record, values, expected) => {
  for (const absent of [{}, { http_response_status_code: '-' }, { http_response_status_code: '' }]) {
    // Without a status it is a request only by its flags.
    const flags = { envoy_response_flags: 'DC' };
    const stored = record.status === null ? { ...absent, ...flags } : { http_response_status_code: record.status };
    for (const negated of [false, true])
      expect(counted(queryFor([{ field: 'status', negated, values }]), [event(stored)])).toBe(
        negated ? 1 - expected : expected,
      );
  }
});

test.each([
  ['UC', ['UC'], true],
  ['URX,UC', ['UC'], true],
  ['UC,URX', ['UC'], true],
  ['UCX', ['UC'], false],
  ['UpstreamConnectionTermination', ['UC'], true],
  ['URX,UF', ['U*'], true],
  ['DC', ['U*'], false],
  ['-', ['UC'], false],
  ['-', ['-'], true],
] as const)('flags %s, asked for %s: %s', (flags, values, expected) => {
  const events = [event({ http_response_status_code: 503, envoy_response_flags: flags })];
  expect(counted(queryFor([{ field: 'flags', negated: false, values }]), events)).toBe(expected ? 1 : 0);
  expect(counted(queryFor([{ field: 'flags', negated: true, values }]), events)).toBe(expected ? 0 : 1);
});

test.each([
  ['attributes.http.request.header.x-forwarded-for', '`attributes.http.request.header.x-forwarded-for`'],
  ['x-rc', '`x-rc`'],
  ['count', '`count`'],
  ['a.b_c', 'a.b_c'],
  ['@aws.tag.a:b', '@`aws.tag.a:b`'],
])('a field called %s is written %s', (name, written) => {
  const of = layoutOf([name, 'x'], { status: name } as Partial<Record<FieldId, string>>);
  expect(new Insights(of).field('status')).toBe(written);
});

test.each(['a`b', 'a b', 'a"b', 'a\nb', 'a|b', 'ä', ''])('a field called %j is refused', (name) => {
  const of = layoutOf(['x'], { status: name } as Partial<Record<FieldId, string>>);
  expect(() => new Insights(of).field('status')).toThrow(Inexpressible);
});

test('what says neither status nor flags is no request, as in a file', () => {
  const lines = [{}, { http_response_status_code: '-', envoy_response_flags: '-' }, { message: 'other' }];
  expect(counted(queryFor([]), lines.map(event))).toBe(0);
  expect(counted(queryFor([]), [event({ envoy_response_flags: 'DC' }), event({ http_response_status_code: 0 })])).toBe(
    2,
  );
});
