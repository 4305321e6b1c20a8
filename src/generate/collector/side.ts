import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import { type SideRule, sideRules, sideTables, type Test } from '../../signals/side.ts';
import { isMarked } from './marks.ts';
import { attribute, cache, isMatch, map, resource, set, text } from './ottl.ts';

/** Where the tables lie while a batch is decoded: on the resource, because a literal inside a statement is built again each time. */
export const tablesKey = 'vigia.sides';

/** Lays the tables of src/signals/side.ts on the resource when the first of its records needs them; most resources have none that does. */
function sideTablesStatement(): string {
  const tables = Object.entries(sideTables).map(([name, table]) => `${text(name)}: ${map(table)}`);
  // Whatever is asked of the record makes this a statement for records; asked of the resource alone, it would run for each resource.
  return set(resource(tablesKey), `{${tables.join(', ')}}`, `${resource(tablesKey)} == nil`, isMarked);
}

/** The rules as statements; the first that holds decides, because each asks that none did before it. */
export function sideStatements(): readonly string[] {
  const side = cache('side');
  return [
    sideTablesStatement(),
    ...sideRules.map((rule) => set(side, decision(rule), `${side} == nil`, ...rule.all.map(condition), ...has(rule))),
    set(attribute(derived.side), side, `${side} != "none"`),
  ];
}

const decision = (rule: SideRule): string =>
  'side' in rule ? text(rule.side) : `${resource(tablesKey)}[${text(rule.table)}][${cache('key')}]`;

/** A table that lacks the key leaves the side open; said, because from 0.161 on `set` clears what it is given nothing for. */
const has = (rule: SideRule): readonly string[] => ('side' in rule ? [] : [`${decision(rule)} != nil`]);

function condition(test: Test): string {
  if ('key' in test) return oneOf(cache('key'), test.key);
  if ('keyMatches' in test) return isMatch(cache('key'), test.keyMatches);
  if ('flag' in test) return oneOf(cache('flag'), test.flag);
  if ('raised' in test) return isMatch(attribute(fields.flags.name), `\\b${test.raised}\\b`);
  if ('transport' in test) return `${cache('transport')} != nil and ${isMatch(cache('transport'), test.transport)}`;
  if ('transportKnown' in test) return `${cache('transport')} ${test.transportKnown ? '!=' : '=='} nil`;
  if ('grpc' in test) return oneOf(cache('grpc'), test.grpc);
  const number = cache(test.number);
  const from = `${number} >= ${test.from.toFixed(1)}`;
  return test.to === Number.POSITIVE_INFINITY ? from : `${from} and ${number} < ${test.to.toFixed(1)}`;
}

function oneOf(value: string, names: readonly string[]): string {
  const same = names.map((name) => `${value} == ${text(name)}`);
  return same.length === 1 ? (same[0] ?? '') : `(${same.join(' or ')})`;
}
