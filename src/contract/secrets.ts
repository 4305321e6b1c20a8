import type { Finding, Path } from './problem.ts';

/** What credentials look like, by their issuers' own formats; the last line is anything long that no name would be. */
const shapes: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['an AWS access key', /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ['a JSON web token', /\beyJ[\w-]{8,}\.[\w-]{8,}\./],
  ['a GitHub token', /\b(gh[pousr]_\w{30,}|github_pat_\w{30,})/],
  ['a Grafana token', /\bgl(sa|c)_[\w=+/-]{20,}/],
  ['a Slack token or webhook', /\bxox[abprs]-[\w-]{10,}|hooks\.slack\.com\/services\/\w+/],
  ['a payment key', /\b[sr]k_(live|test)_\w{16,}/],
  ['a user and password in a URL', /:\/\/[^\s/@]*:[^\s/@]+@/],
  ['a Datadog key', /^([0-9a-f]{32}|[0-9a-f]{40})$/],
  ['a credential', /^(Bearer|Basic)\s+\S{8,}$/i],
  ['a credential', /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/_=-]{32,}$/],
];

/** What kind of credential a text looks like; undefined for an ordinary one. */
export function looksLikeSecret(text: string): string | undefined {
  return shapes.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Every value and key of the document that looks like a credential. The contract is committed and rendered into charts. */
export function* secretsIn(value: unknown, path: Path = []): Generator<Finding> {
  if (typeof value === 'string') {
    const what = looksLikeSecret(value);
    if (what !== undefined)
      yield {
        path,
        message: `looks like ${what} (not shown): the contract is committed and must not hold it`,
        hint: 'name where it is instead: { secret: NAME, key: KEY } or { env: NAME }; and replace this one, it has been on disk',
      };
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* secretsIn(item, [...path, i]);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) yield* secretsIn(item, [...path, key]);
  }
}
