/** A log as Datadog keeps it. */
export interface Log {
  readonly id: string;
  readonly time: number;
  readonly service: string;
  readonly tags: readonly string[];
  /** By path, without `@`. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

type Match = (log: Log) => boolean;

/**
 * Our evaluator of the part of Datadog's search syntax that vigia sends, after
 * https://docs.datadoghq.com/logs/explorer/search_syntax/; whatever else is refused, so that a query that means something else can't pass.
 */
export function compile(query: string): Match {
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`invalid query at ${at}: ${what} in ${query.slice(0, 400)}`);
  };
  const blanks = () => {
    while (query[at] === ' ') at++;
  };
  const word = (text: string): boolean => {
    blanks();
    if (!query.startsWith(text, at) || !/[\s(]/.test(query[at + text.length] ?? ' ')) return false;
    at += text.length;
    return true;
  };
  const or = (): Match => {
    const parts = [and()];
    while (word('OR')) parts.push(and());
    return (log) => parts.some((p) => p(log));
  };
  const and = (): Match => {
    const parts = [not()];
    while (word('AND')) parts.push(not());
    return (log) => parts.every((p) => p(log));
  };
  const not = (): Match => {
    blanks();
    if (query[at] === '-') {
      at++;
      const inner = not();
      return (log) => !inner(log);
    }
    if (query[at] === '(') {
      at++;
      const inner = or();
      blanks();
      if (query[at++] !== ')') fail('a parenthesis is not closed');
      return inner;
    }
    return term();
  };
  const term = (): Match => {
    if (query[at] === '*' && /[\s)]|^$/.test(query[at + 1] ?? '')) {
      at++;
      return () => true;
    }
    const path = /^@?[A-Za-z0-9_.\-/]+/.exec(query.slice(at))?.[0] ?? fail('no attribute');
    at += path.length;
    if (query[at++] !== ':') fail('no colon');
    const of = (log: Log): string | number | undefined =>
      path.startsWith('@')
        ? log.attributes[path.slice(1)]
        : path === 'service'
          ? log.service
          : log.tags.find((t) => t.startsWith(`${path}:`))?.slice(path.length + 1);
    if (query[at] === '(') {
      at++;
      const options: ((v: string | number | undefined) => boolean)[] = [];
      for (;;) {
        blanks();
        options.push(value());
        if (word('OR')) continue;
        blanks();
        if (query[at++] !== ')') fail('a list is not closed');
        break;
      }
      return (log) => options.some((matches) => matches(of(log)));
    }
    const matches = value();
    return (log) => matches(of(log));
  };
  const value = (): ((v: string | number | undefined) => boolean) => {
    const compare = /^(>=|<=|>|<)(-?[\d.]+)/.exec(query.slice(at));
    if (compare) {
      at += compare[0].length;
      const n = Number(compare[2]);
      return (v) =>
        typeof v === 'number' &&
        (compare[1] === '>=' ? v >= n : compare[1] === '<=' ? v <= n : compare[1] === '>' ? v > n : v < n);
    }
    if (query[at] === '"') {
      let text = '';
      for (at++; query[at] !== '"'; at++) {
        if (at >= query.length) fail('a quote is not closed');
        if (query[at] === '\\') at++;
        text += query[at] ?? '';
      }
      at++;
      return (v) => v !== undefined && String(v) === text;
    }
    let pattern = '';
    const start = at;
    for (; at < query.length && !/[\s()]/.test(query[at] ?? ''); at++) {
      const c = query[at] ?? '';
      if (c === '*') pattern += '[\\s\\S]*';
      else if (c === '?') pattern += '[\\s\\S]';
      else if (c === '\\') pattern += quoted([...query.slice(++at)][0] ?? fail('nothing after a backslash'));
      else if (/[+=&|><!{}[\]^"~:#]/.test(c)) fail(`${c} must be escaped`);
      else pattern += quoted(c);
    }
    if (at === start) fail('no value');
    const expression = new RegExp(`^${pattern}$`);
    return (v) => v !== undefined && v !== '' && expression.test(String(v));
  };
  const quoted = (c: string): string => c.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  const found = or();
  blanks();
  if (at < query.length) fail(`what follows is no part of it: ${query.slice(at, at + 40)}`);
  return found;
}
