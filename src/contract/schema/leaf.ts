import { z } from 'zod';

// The smallest shapes. Each carries the words that follow "expected" when a value does not fit.

/** Editors show `patternErrorMessage` instead of the pattern, and docs/contract.md says it. */
export const text = (pattern: RegExp, expected: string) =>
  z.string(expected).regex(pattern, expected).meta({ patternErrorMessage: expected });

/** A Kubernetes name (RFC 1123 label), which is also what environments, clusters and objectives are called by. */
export const name = text(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  'a name of lower-case letters, digits and -, at most 63 long',
);

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `500ms`, `60s`, `5m`, `1h`, `30d`: whole numbers, because kgateway takes no fractions. */
export const duration = text(/^\d{1,5}(ms|s|m|h|d)$/, 'a duration such as 500ms, 60s, 5m, 1h or 30d').transform((t) => {
  const unit = t.replace(/^\d+/, '') as keyof typeof units;
  return Number.parseInt(t, 10) * units[unit];
});

/** Whole days: retention and objective windows. */
export const days = text(/^\d{1,4}d$/, 'whole days such as 30d').transform((t) => Number.parseInt(t, 10));

export const url = text(
  /^https?:\/\/[^\s/@]+(\/[^\s]*)?$/,
  'a URL that begins with http:// or https://, without user and password',
);

export const sentence = z.string('text').min(1, 'text that is not empty');

export const port = z.int('a port number').min(1, 'a port from 1 to 65535').max(65_535, 'a port from 1 to 65535');

export const count = z.int('a whole number').min(1, 'a whole number of at least 1');

export const percent = z
  .number('a percentage from 0 to 100')
  .min(0, 'a percentage from 0 to 100')
  .max(100, 'a percentage from 0 to 100');

export const flag = z.boolean('true or false');

/** Kubernetes' quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export const quantity = text(
  /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/,
  'a quantity as Kubernetes writes it, such as 500m, 512Mi or 2Gi (quoted when it is a bare number)',
);

/** An HTTP header's name (RFC 9110 token), in any case; header names are compared without case. */
export const header = text(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, "a header's name").transform((t) => t.toLowerCase());

/** `name`, or `name.namespace` where one name is used twice. */
export const gatewayRef = text(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)?$/,
  "a gateway's name, or <name>.<namespace>",
);

export const objectRef = text(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, '<namespace>/<name>');

const secretName = text(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/, 'the name of a Kubernetes Secret');
const secretKey = text(/^[-._A-Za-z0-9]{1,253}$/, "a key of the Secret's data");
const variable = text(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "an environment variable's name");

/** Where a credential is. The contract is committed and rendered into charts, so it never holds one itself. */
export const secretRef = z.union(
  [
    z
      .strictObject({ secret: secretName, key: secretKey })
      .transform((r) => ({ kind: 'secret' as const, name: r.secret, key: r.key })),
    z.strictObject({ env: variable }).transform((r) => ({ kind: 'env' as const, name: r.env })),
  ],
  { error: 'where the credential is, never itself: { secret: NAME, key: KEY } or { env: NAME }' },
);

export const auth = z.union(
  [
    z.strictObject({ bearer: secretRef }).transform((a) => ({ kind: 'bearer' as const, token: a.bearer })),
    z
      .strictObject({ basic: z.strictObject({ username: sentence, password: secretRef }) })
      .transform((a) => ({ kind: 'basic' as const, ...a.basic })),
  ],
  {
    error:
      '{ bearer: { secret: NAME, key: KEY } } or { basic: { username: NAME, password: { secret: NAME, key: KEY } } }',
  },
);

/** Key and value as Kubernetes labels and Alertmanager take them. */
export const stringMap = z.record(
  text(/^[A-Za-z0-9]([-._/A-Za-z0-9]{0,251}[A-Za-z0-9])?$/, 'a key of letters, digits, - . _ and /'),
  z.string('text'),
);
