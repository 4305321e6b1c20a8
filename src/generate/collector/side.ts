import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import { type SideRule, sideRules, sideTables, type Test } from '../../signals/side.ts';
import { type Fact, type Form, factStatements, formIs } from './facts.ts';
import { answered, isAsked, isMarked, markFailing } from './marks.ts';
import { attribute, cache, type Group, isMatch, map, resource, set, text } from './ottl.ts';

/** Where the tables lie while a batch is decoded: on the resource, because a literal inside a statement is copied each time. */
export const tablesKey = 'vigia.sides';

const side = cache('side');

/**
 * The rules of src/signals/side.ts as statements; the first that holds decides, because each asks that none did before it. A rule that is not
 * reached costs all the same, so there is a group for each form of details, with the rules that can hold for it.
 */
export function sideGroups(): readonly Group[] {
  const flag = attribute(derived.flag);
  return (Object.keys(formIs) as Form[]).map((form) => {
    const rules = sideRules.filter((rule) => canHold(rule, form));
    const wanted = new Set(['key', ...rules.flatMap((rule) => rule.all.flatMap(factsOf))] as const);
    return {
      conditions: [[isAsked, ...formIs[form]].join(' and ')],
      statements: [
        ...factStatements(form, wanted),
        ...(rules.some((rule) => 'table' in rule) ? [sideTablesStatement()] : []),
        ...rules.map((rule) => set(side, decision(rule), `${side} == nil`, ...rule.all.map(condition), ...has(rule))),
        set(attribute(derived.side), side, `${side} != "none"`),
        markFailing(`(${attribute(derived.side)} != nil or ${flag} != nil)`),
        ...answered,
      ],
    };
  });
}

/** Whether a key of the form may pass all that the rule asks of it. */
export function canHold(rule: SideRule, form: Form): boolean {
  // Without details the key is empty, and no table has that.
  if (form === 'bare' && 'table' in rule) return false;
  return rule.all.every((test) => {
    if ('key' in test) return test.key.some((name) => formOf(name) === form);
    if (!('keyMatches' in test)) return true;
    if (form === 'bare') return new RegExp(test.keyMatches).test('');
    return form === 'reset' || !test.keyMatches.startsWith('^after\\{');
  });
}

/** The form of the details that make the key. */
function formOf(key: string): Form {
  if (key === '') return 'bare';
  return /^(?:reset\{|after\{|upstream_reset_)/.test(key) ? 'reset' : 'named';
}

/** Lays the tables on the resource when the first of its records needs them; most resources have none that does. */
function sideTablesStatement(): string {
  const tables = Object.entries(sideTables).map(([name, table]) => `${text(name)}: ${map(table)}`);
  // Whatever is asked of the record makes this a statement for records; asked of the resource alone, it would run for each resource.
  return set(resource(tablesKey), `{${tables.join(', ')}}`, `${resource(tablesKey)} == nil`, isMarked);
}

const decision = (rule: SideRule): string =>
  'side' in rule ? text(rule.side) : `${resource(tablesKey)}[${text(rule.table)}][${cache('key')}]`;

/** A table that lacks the key leaves the side open; said, because from 0.161 on `set` clears what it is given nothing for. */
const has = (rule: SideRule): readonly string[] => ('side' in rule ? [] : [`${decision(rule)} != nil`]);

function factsOf(test: Test): readonly Fact[] {
  if ('key' in test || 'keyMatches' in test) return ['key'];
  if ('flag' in test) return ['flag'];
  if ('raised' in test) return [];
  if ('transport' in test || 'transportKnown' in test) return ['transport'];
  return 'grpc' in test ? ['grpc'] : [test.number];
}

function condition(test: Test): string {
  if ('key' in test) return oneOf(cache('key'), test.key);
  if ('keyMatches' in test) return keyMatches(test.keyMatches);
  if ('flag' in test) return oneOf(cache('flag'), test.flag);
  if ('raised' in test) return isMatch(attribute(fields.flags.name), `\\b${test.raised}\\b`);
  if ('transport' in test) return `${cache('transport')} != nil and ${isMatch(cache('transport'), test.transport)}`;
  if ('transportKnown' in test) return `${cache('transport')} ${test.transportKnown ? '!=' : '=='} nil`;
  if ('grpc' in test) return oneOf(cache('grpc'), test.grpc);
  const number = cache(test.number);
  const from = `${number} >= ${test.from.toFixed(1)}`;
  return test.to === Number.POSITIVE_INFINITY ? from : `${from} and ${number} < ${test.to.toFixed(1)}`;
}

/** A beginning needs no regular expression. */
function keyMatches(pattern: string): string {
  const [, start] = /^\^([\w-]*(?:\\\{)?)$/.exec(pattern) ?? [];
  const key = cache('key');
  return start === undefined ? isMatch(key, pattern) : `HasPrefix(${key}, ${text(start.replace('\\', ''))})`;
}

function oneOf(value: string, names: readonly string[]): string {
  const same = names.map((name) => `${value} == ${text(name)}`);
  return same.length === 1 ? (same[0] ?? '') : `(${same.join(' or ')})`;
}
