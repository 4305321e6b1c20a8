import { Malformed, type Token, tokens } from './tokens.ts';

export type Expression =
  | { readonly kind: 'value'; readonly value: string | number }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly span?: string }
  | { readonly kind: 'binary'; readonly op: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'like'; readonly of: Expression; readonly pattern: RegExp | string; readonly negated: boolean }
  | {
      readonly kind: 'in';
      readonly of: Expression;
      readonly list: readonly (string | number)[];
      readonly negated: boolean;
    };

export interface Named {
  readonly expression: Expression;
  readonly name: string;
}

export type Command =
  | { readonly kind: 'filter'; readonly test: Expression }
  | { readonly kind: 'fields'; readonly items: readonly Named[] }
  | { readonly kind: 'stats'; readonly aggregates: readonly Named[]; readonly by: readonly Named[] }
  | { readonly kind: 'sort'; readonly by: Expression; readonly descending: boolean }
  | { readonly kind: 'limit'; readonly count: number };

/** The functions that our queries use; others are refused, though Insights has many. */
const scalars: Readonly<Record<string, number>> = {
  if: 3,
  coalesce: -1,
  ispresent: 1,
  floor: 1,
  least: 2,
  toMillis: 1,
  bin: 1,
};
const aggregates = new Set(['count', 'sum', 'min', 'max', 'pct', 'earliest', 'latest']);
const reserved = new Set(['and', 'or', 'not', 'like', 'in', 'as', 'by', 'asc', 'desc']);

/** Reads the subset of Logs Insights QL that src/logs/sources/cloudwatch/language.ts and src/generate/queries write. Everything else is Malformed. */
export function parse(text: string): readonly Command[] {
  const list = tokens(text);
  let at = 0;
  const peek = (): Token | undefined => list[at];
  const word = (t: Token | undefined): string => (t?.kind === 'name' ? t.text.toLowerCase() : '');
  const isMark = (mark: string): boolean => peek()?.kind === 'mark' && peek()?.text === mark;
  const fail = (message: string): never => {
    const t = peek();
    throw new Malformed(message, t?.at ?? text.length, t?.end ?? text.length);
  };
  const next = (): Token => list[at++] ?? fail('the query ends too early');
  const expect = (mark: string): void => {
    if (!isMark(mark)) fail(`expected ${mark}`);
    at++;
  };
  const accept = (mark: string): boolean => {
    const is = isMark(mark);
    if (is) at++;
    return is;
  };
  const acceptWord = (w: string): boolean => {
    const is = word(peek()) === w;
    if (is) at++;
    return is;
  };

  const or = (): Expression => {
    let left = and();
    while (acceptWord('or')) left = { kind: 'binary', op: 'or', left, right: and() };
    return left;
  };
  const and = (): Expression => {
    let left = not();
    while (acceptWord('and')) left = { kind: 'binary', op: 'and', left, right: not() };
    return left;
  };
  const not = (): Expression => (acceptWord('not') ? { kind: 'not', of: not() } : comparison());
  const comparison = (): Expression => {
    const left = sum();
    const negated = word(peek()) === 'not' && ['like', 'in'].includes(word(list[at + 1]));
    if (negated) at++;
    if (acceptWord('like') || (!negated && accept('=~'))) {
      const t = next();
      if (t.kind !== 'regex' && t.kind !== 'string') fail('expected a pattern');
      return { kind: 'like', of: left, pattern: t.kind === 'regex' ? regexOf(t) : t.text, negated };
    }
    if (acceptWord('in')) {
      expect('[');
      const values: (string | number)[] = [];
      do values.push(literal());
      while (accept(','));
      expect(']');
      return { kind: 'in', of: left, list: values, negated };
    }
    for (const op of ['!=', '<=', '>=', '=', '<', '>'])
      if (accept(op)) return { kind: 'binary', op, left, right: sum() };
    return left;
  };
  const sum = (): Expression => {
    let left = product();
    for (;;) {
      const op = ['+', '-'].find((m) => isMark(m));
      if (!op) return left;
      at++;
      left = { kind: 'binary', op, left, right: product() };
    }
  };
  const product = (): Expression => {
    let left = primary();
    for (;;) {
      const op = ['*', '/'].find((m) => isMark(m));
      if (!op) return left;
      at++;
      left = { kind: 'binary', op, left, right: primary() };
    }
  };
  const literal = (): string | number => {
    const t = next();
    if (t.kind === 'string') return t.text;
    if (t.kind === 'number' && /^[\d.]+$/.test(t.text)) return Number(t.text);
    at--;
    return fail('expected a value');
  };
  const primary = (): Expression => {
    if (accept('(')) {
      const inside = or();
      expect(')');
      return inside;
    }
    const t = peek() ?? fail('the query ends too early');
    if (t.kind === 'string' || t.kind === 'number') return { kind: 'value', value: literal() };
    if (t.kind !== 'name' || reserved.has(word(t))) return fail(`unexpected ${t.text}`);
    at++;
    if (!isMark('(') || text[t.at] === '`') return { kind: 'field', name: t.text };
    return call(t);
  };
  const call = (t: Token): Expression => {
    expect('(');
    if (t.text === 'bin') {
      const span = next();
      expect(')');
      if (!/^\d+[smh]$/.test(span.text)) fail('expected a period');
      return { kind: 'call', name: 'bin', args: [], span: span.text };
    }
    if (t.text === 'count' && accept('*')) {
      expect(')');
      return { kind: 'call', name: 'count', args: [] };
    }
    const args: Expression[] = [];
    do args.push(or());
    while (accept(','));
    expect(')');
    const arity = scalars[t.text];
    if (arity === undefined && !aggregates.has(t.text)) throw new Malformed(`unknown function ${t.text}`, t.at, t.end);
    if (arity !== undefined && arity >= 0 && args.length !== arity)
      throw new Malformed(`${t.text} takes ${arity} arguments`, t.at, t.end);
    return { kind: 'call', name: t.text, args };
  };
  const named = (): Named => {
    const from = peek()?.at ?? 0;
    const expression = or();
    const to = list[at - 1]?.end ?? from;
    if (!acceptWord('as'))
      return { expression, name: expression.kind === 'field' ? expression.name : text.slice(from, to) };
    const t = next();
    if (t.kind !== 'name') fail('expected a name');
    return { expression, name: t.text };
  };
  const several = (): Named[] => {
    const items = [named()];
    while (accept(',')) items.push(named());
    return items;
  };
  const command = (): Command => {
    switch (word(next())) {
      case 'filter':
        return { kind: 'filter', test: or() };
      case 'fields':
        return { kind: 'fields', items: several() };
      case 'stats': {
        const items = several();
        for (const { expression } of items)
          if (expression.kind !== 'call' || !aggregates.has(expression.name)) fail('stats takes aggregates');
        return { kind: 'stats', aggregates: items, by: acceptWord('by') ? several() : [] };
      }
      case 'sort': {
        const by = or();
        const descending = acceptWord('desc');
        if (!descending) acceptWord('asc');
        return { kind: 'sort', by, descending };
      }
      case 'limit':
        return { kind: 'limit', count: Number(literal()) };
    }
    at--;
    return fail('expected a command');
  };

  const commands = [command()];
  while (accept('|')) commands.push(command());
  if (at < list.length) fail(`unexpected ${peek()?.text}`);
  return commands;
}

/** RE2's spelling as JavaScript's. */
function regexOf({ text, at, end }: Token): RegExp {
  const all = text.startsWith('(?s)');
  try {
    return new RegExp((all ? text.slice(4) : text).replace(/\\x\{([0-9A-Fa-f]+)\}/g, '\\u{$1}'), all ? 'su' : 'u');
  } catch (error) {
    throw new Malformed(`not a regular expression: ${(error as Error).message}`, at, end);
  }
}
