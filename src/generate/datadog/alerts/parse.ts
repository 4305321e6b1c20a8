import { takenApart } from '../../../boards/query/datadog-parse.ts';

/** A metric monitor's query, read again. */
export interface MetricQuery {
  /** How the window's points become one number. */
  readonly over: string;
  readonly windowMs: number;
  readonly formula: string;
  readonly queries: readonly { readonly name: string; readonly query: string }[];
  readonly is: '>' | '<';
  readonly threshold: number;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000 };

/** `sum(last_1h):<formula> > 5`; throws an Error for what Datadog would refuse: https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor. */
export function parseMetric(query: string): MetricQuery {
  const found = /^(avg|sum|min|max)\(last_(?:(\d+)([mh])|(1d|1w))\):(.+) ([<>]) (\d+(?:\.\d+)?)$/.exec(query);
  if (!found) throw new Error(`${query} is not <over>(last_<window>):<formula> <compared with> <threshold>`);
  const [, over = '', many, unit = '', named, text = '', is, threshold] = found;
  const hours = named === '1d' ? 24 : named === '1w' ? 168 : (Number(many) * (units[unit] ?? 0)) / 3_600_000;
  if (hours === 0 || hours > 168) throw new Error(`${query}: a window of ${hours} h: 168 h at most`);
  return {
    over,
    windowMs: hours * 3_600_000,
    ...takenApart(text),
    is: is === '<' ? '<' : '>',
    threshold: Number(threshold),
  };
}

/** What a composite says of others, by the text that stands for each. */
export type Condition =
  | { readonly kind: 'monitor'; readonly ref: string }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: '&&' | '||'; readonly left: Condition; readonly right: Condition };

/** `(${monitor:a} && !${monitor:b}) || 123`: placeholders, Datadog's own numbers, brackets and its three operators; throws an Error for anything else. */
export function parseComposite(query: string): Condition {
  const tokens = query.match(/\$\{monitor:[^}]+\}|\d+|&&|\|\||[!()]|\S+/g) ?? [];
  let at = 0;
  const chain = (op: '&&' | '||', part: () => Condition): Condition => {
    let left = part();
    while (tokens[at] === op) {
      at += 1;
      left = { kind: op, left, right: part() };
    }
    return left;
  };
  const atom = (): Condition => {
    const token = tokens[at++];
    if (token === '!') return { kind: 'not', of: atom() };
    if (token === '(') {
      const inner = either();
      if (tokens[at++] !== ')') throw new Error(`${query}: a bracket is not closed`);
      return inner;
    }
    if (token === undefined || !/^(\$\{monitor:[^}]+\}|\d+)$/.test(token))
      throw new Error(`${query}: a monitor was expected, not ${token ?? 'the end'}`);
    return { kind: 'monitor', ref: token.replace(/^\$\{monitor:|\}$/g, '') };
  };
  const either = (): Condition => chain('||', () => chain('&&', atom));
  const condition = either();
  if (at < tokens.length) throw new Error(`${query}: ${tokens.slice(at).join(' ')} is left over`);
  return condition;
}

/** The monitors that a composite names, each once. */
export function refsOf(condition: Condition): readonly string[] {
  const all =
    condition.kind === 'monitor'
      ? [condition.ref]
      : condition.kind === 'not'
        ? refsOf(condition.of)
        : [...refsOf(condition.left), ...refsOf(condition.right)];
  return [...new Set(all)];
}
