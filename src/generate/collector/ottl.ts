/**
 * Pieces of OTTL, the Collector's transformation language
 * (https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/pkg/ottl/LANGUAGE.md). All text goes through `text`, so that
 * nothing of the contract can end a literal. A `$` is doubled because the Collector expands `${...}` in every value of its file.
 */
export const text = (value: string): string => JSON.stringify(value).replaceAll('$', '$$$$');

/** An attribute of the log record. */
export const attribute = (name: string): string => `log.attributes[${text(name)}]`;

/** A value that lives as long as one record in one group of statements. */
export const cache = (name: string): string => `log.cache[${text(name)}]`;

export const resource = (name: string): string => `resource.attributes[${text(name)}]`;

export const point = (name: string): string => `datapoint.attributes[${text(name)}]`;

export const set = (target: string, value: string, ...when: readonly string[]): string =>
  `set(${target}, ${value})${where(when)}`;

/** What matches the pattern is replaced; `$1` in the replacement is the first group. */
export const replace = (target: string, pattern: string, by: string, ...when: readonly string[]): string =>
  `replace_pattern(${target}, ${text(pattern)}, ${text(by)})${where(when)}`;

export const remove = (map: string, key: string, ...when: readonly string[]): string =>
  `delete_key(${map}, ${text(key)})${where(when)}`;

export const isMatch = (value: string, pattern: string): string => `IsMatch(${value}, ${text(pattern)})`;

/** A map literal. */
export const map = (entries: Readonly<Record<string, string>>): string =>
  `{${Object.entries(entries)
    .map(([key, value]) => `${text(key)}: ${text(value)}`)
    .join(', ')}}`;

/** Statements that run for a record when one of the conditions holds; without conditions for each. */
export interface Group {
  readonly conditions?: readonly string[];
  readonly statements: readonly string[];
}

/** Groups that have something to do. */
export const groups = (...all: readonly Group[]): readonly Group[] => all.filter((g) => g.statements.length > 0);

/** The same, neighbours without conditions in one: each group is a walk over all records. Not for statements that ask a resource alone. */
export function joined(...all: readonly Group[]): readonly Group[] {
  const done: Group[] = [];
  for (const group of groups(...all)) {
    const last = done.at(-1);
    if (last === undefined || last.conditions || group.conditions) done.push(group);
    else done[done.length - 1] = { statements: [...last.statements, ...group.statements] };
  }
  return done;
}

const where = (when: readonly string[]): string => (when.length > 0 ? ` where ${when.join(' and ')}` : '');
