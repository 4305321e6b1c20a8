import type { Read } from '../../remote/expression.ts';
import type { Layout } from '../../remote/layout.ts';

/**
 * What begins a value that makes a record worth a look, by field: after the key, its quote and colon, and whatever is neither letter nor digit.
 * As wide as remote/from-question.ts' failingTest but for health checks and records without a status, which the queries bring.
 */
const telling: readonly (readonly [Read, readonly string[]])[] = [
  ['status', ['[045]', '-']],
  ['flags', ['[A-Z]']],
  ['attempts', ['[2-9]', '1[0-9]']],
  ['grpcStatus', ['[1-9]', '[A-NP-Z]', 'O[Uu]']],
];

/** Characters of a pattern (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html). */
const most = 1024;

/**
 * A filter pattern for Live Tail that lets through whatever may have failed: its language is not that of Insights, and it samples what is left
 * beyond 500 lines a second, so healthy traffic should not reach it. One regular expression over the line, because the selectors of JSON
 * patterns must say which dots are steps and which are part of a key, which a field's name does not tell. Letters, digits, `_` and what AWS
 * allows in an expression alone (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions):
 * no parentheses, no quotes, nothing of the user's. Undefined where a field's name can't be written so: then all lines come.
 */
export function livePattern(layout: Layout): string | undefined {
  const parts: string[] = [];
  const names = telling.flatMap(([read]) => layout.name(read) ?? []);
  for (const [read, values] of telling) {
    const name = layout.name(read);
    if (name === undefined) continue;
    let end = /[A-Za-z0-9_]+$/.exec(name)?.[0];
    if (end === undefined) return undefined;
    // Two fields that end alike: what is before the last dot tells them apart, and is part of the same key where our pipeline writes it.
    if (names.some((other) => other !== name && other.endsWith(`${end}`)))
      end = /[A-Za-z0-9_]+\.[A-Za-z0-9_]+\.[A-Za-z0-9_]+$/.exec(name)?.[0] ?? end;
    for (const value of values) parts.push(`${end}..[^A-Za-z0-9-]*${value}`);
  }
  const pattern = `%${parts.join('|')}%`;
  return parts.length === 0 || pattern.length > most ? undefined : pattern;
}
