/** Pieces of a query text, with where they stand. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'regex' | 'mark';
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** What StartQuery answers to a text that it can't read. */
export class Malformed extends Error {
  readonly at: number;
  readonly end: number;

  constructor(message: string, at: number, end = at + 1) {
    super(message);
    this.at = at;
    this.end = end;
  }
}

const marks = [
  '!=',
  '<=',
  '>=',
  '=~',
  '|',
  ',',
  '(',
  ')',
  '[',
  ']',
  '=',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '^',
  '%',
] as const;

/**
 * Takes a query apart by the documented rules, and refuses what nothing documents: an escape inside a literal, a control character anywhere
 * outside one. A `/` begins a regular expression after `like`, `=~` and `parse`, and divides elsewhere.
 */
export function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  const take = (kind: Token['kind'], value: string, length: number) => {
    found.push({ kind, text: value, at, end: at + length });
    at += length;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const c = text[at] ?? '';
    if (/[ \t\n\r]/.test(c)) at++;
    else if (c === '#') at += rest.search(/\n|$/);
    else if (c === '"' || c === "'") {
      const close = text.indexOf(c, at + 1);
      const inside = close < 0 ? rest.slice(1) : text.slice(at + 1, close);
      if (close < 0) throw new Malformed('a literal is not closed', at, text.length);
      if (/[\\\n\r]/.test(inside)) throw new Malformed('an escape or a newline inside a literal', at, close + 1);
      take('string', inside, inside.length + 2);
    } else if (c === '/' && regexFollows(found)) {
      const body = /^\/((?:[^/\\\n]|\\.)*)\//.exec(rest);
      if (!body) throw new Malformed('a regular expression is not closed', at, text.length);
      take('regex', body[1] ?? '', body[0].length);
    } else if (c === '`' || rest.startsWith('@`')) {
      const quoted = /^(@?)`([^`]+)`/.exec(rest);
      if (!quoted) throw new Malformed('a quoted name is not closed', at, text.length);
      take('name', `${quoted[1]}${quoted[2]}`, quoted[0].length);
    } else {
      const number = /^\d+[smh](?![A-Za-z0-9_])/.exec(rest) ?? /^\d+(?:\.\d+)?(?![A-Za-z0-9_])/.exec(rest);
      const name = /^@?[A-Za-z_][A-Za-z0-9_.]*/.exec(rest);
      const mark = marks.find((m) => rest.startsWith(m));
      if (number) take('number', number[0], number[0].length);
      else if (name) take('name', name[0], name[0].length);
      else if (mark) take('mark', mark, mark.length);
      else throw new Malformed(`unexpected ${JSON.stringify(c)}`, at);
    }
  }
  return found;
}

function regexFollows(before: readonly Token[]): boolean {
  const last = before.at(-1);
  return last !== undefined && ['like', '=~'].includes(last.text.toLowerCase()) && last.kind !== 'string';
}
