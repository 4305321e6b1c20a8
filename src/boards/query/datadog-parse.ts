/** One test of a scope. Several values: any of them. A value may begin and end in `*`. */
export type DatadogTest =
  /** `$gateway`, or its value alone for a tag of another name. */
  | { readonly variable: string; readonly of: string | undefined }
  | { readonly tag: string; readonly not: boolean; readonly values: readonly string[] };

/** A metric query of the subset that vigia writes: all tests must hold. */
export interface DatadogMetric {
  /** `sum`, `avg`, `min`, `max`, `count`, `histogram`, `p99`, or `count(v: v<=0.5)` and `count(v: v>0.5)`. */
  readonly space: string;
  readonly metric: string;
  readonly scope: readonly DatadogTest[];
  readonly by: readonly string[];
  readonly as: 'count' | 'rate' | undefined;
}

export type DatadogFormula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'query'; readonly name: string }
  /** `args` behind the first, as they are written: `3600`, `'sum'`. */
  | { readonly kind: 'call'; readonly name: string; readonly of: DatadogFormula; readonly args: readonly string[] }
  | {
      readonly kind: 'binary';
      readonly op: '+' | '-' | '*' | '/';
      readonly left: DatadogFormula;
      readonly right: DatadogFormula;
    };

const shape =
  /(count\(v: v(?:<=|>)[\d.]+\)|[a-z]+|p[\d.]+):([A-Za-z][\w.]*)\{([^{}]*)\}(?: by \{([^{}]*)\})?(?:\.as_(count|rate)\(\))?/;
const alone = new RegExp(`^${shape.source}$`);

/** A formula whose queries stand in it as they are, which is how a monitor has them: taken apart again. */
export function takenApart(text: string): {
  readonly formula: string;
  readonly queries: readonly { readonly name: string; readonly query: string }[];
} {
  const queries: { name: string; query: string }[] = [];
  const formula = text.replace(new RegExp(shape.source, 'g'), (query) => {
    const name = `q${queries.length + 1}`;
    queries.push({ name, query });
    return name;
  });
  return { formula, queries };
}

/**
 * A query of vigia's subset of Datadog's language (https://docs.datadoghq.com/metrics/advanced-filtering/): functional scopes alone, because
 * one that mixes them with `,` and `!` is refused by Datadog. Throws an Error that says what is wrong.
 */
export function parseDatadog(query: string): DatadogMetric {
  const found = alone.exec(query);
  if (!found) throw new Error(`${query} is not <aggregation>:<metric>{<scope>}[ by {<tags>}][.as_count()|.as_rate()]`);
  const [, space = '', metric = '', scope = '', by, as] = found;
  return {
    space,
    metric,
    scope: scopeOf(scope),
    by: by === undefined ? [] : by.split(','),
    as: as === 'count' || as === 'rate' ? as : undefined,
  };
}

function scopeOf(text: string): readonly DatadogTest[] {
  if (text === '*') return [];
  if (text.trim() === '') throw new Error('an empty scope: {*} is all');
  const symbolic = text.replace(/ IN \([^()]*\)/g, '');
  if (/,|(^|\s)!/.test(symbolic))
    throw new Error(`{${text}} has the symbols , or !, which must not meet AND, OR, NOT, IN`);
  return text.split(' AND ').map(test);
}

function test(text: string): DatadogTest {
  const variable = /^(?:\$(\w+)|([\w.\-/]+):\$(\w+)\.value)$/.exec(text);
  if (variable) return { variable: variable[1] ?? variable[3] ?? '', of: variable[2] };
  // Wildcards have no list of their own (https://docs.datadoghq.com/metrics/advanced-filtering/#boolean-filtered-queries).
  const either = /^\((\S+ OR .+)\)$/.exec(text)?.[1]?.split(' OR ').map(test) ?? [];
  const [first] = either;
  if (first && 'tag' in first) {
    if (either.some((t) => !('tag' in t) || t.not || t.tag !== first.tag))
      throw new Error(`"${text}" is of several tags`);
    return { ...first, values: either.flatMap((t) => ('tag' in t ? t.values : [])) };
  }
  const list = /^([\w.\-/]+) (NOT )?IN \(([^()\s]+)\)$/.exec(text);
  if (list) return { tag: list[1] ?? '', not: list[2] !== undefined, values: (list[3] ?? '').split(',') };
  const one = /^(NOT )?([\w.\-/]+):([^\s,(){}]+)$/.exec(text);
  if (one) return { tag: one[2] ?? '', not: one[1] !== undefined, values: [one[3] ?? ''] };
  throw new Error(`"${text}" is no test of a scope`);
}

/** A formula over named queries. Throws an Error that says where it stops being one. */
export function parseFormula(text: string): DatadogFormula {
  const tokens = text.match(/\d+(?:\.\d+)?(?:e-?\d+)?|[A-Za-z_]\w*|'\w*'|[-+*/(),]|\S/g) ?? [];
  let at = 0;
  const next = (): string | undefined => tokens[at];
  const take = (wanted: string): void => {
    if (tokens[at] !== wanted) throw new Error(`${text}: ${wanted} was expected before ${tokens.slice(at).join(' ')}`);
    at += 1;
  };
  const chain = (ops: readonly string[], part: () => DatadogFormula): DatadogFormula => {
    let left = part();
    for (let op = next(); op !== undefined && ops.includes(op); op = next()) {
      at += 1;
      left = { kind: 'binary', op: op as '+' | '-' | '*' | '/', left, right: part() };
    }
    return left;
  };
  const atom = (): DatadogFormula => {
    const token = tokens[at];
    at += 1;
    if (token === '(') {
      const inner = sum();
      take(')');
      return inner;
    }
    if (token !== undefined && /^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (token === undefined || !/^\w/.test(token))
      throw new Error(`${text}: a name or number was expected, not ${token}`);
    if (next() !== '(') return { kind: 'query', name: token };
    take('(');
    const of = sum();
    const args: string[] = [];
    while (next() === ',') {
      args.push(tokens[at + 1] ?? '');
      at += 2;
    }
    take(')');
    return { kind: 'call', name: token, of, args };
  };
  const product = (): DatadogFormula => chain(['*', '/'], atom);
  const sum = (): DatadogFormula => chain(['+', '-'], product);
  const formula = sum();
  if (at < tokens.length) throw new Error(`${text}: ${tokens.slice(at).join(' ')} is left over`);
  return formula;
}
