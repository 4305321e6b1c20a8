/** What other tools put around a line. Each gives the inner line, or undefined when the line is not theirs. */
export interface Wrapper {
  readonly name: string;
  unwrap(line: string): string | undefined;
}

const prefixed = (name: string, prefix: RegExp): Wrapper => ({
  name,
  unwrap(line) {
    const match = prefix.exec(line);
    return match ? line.slice(match[0].length) : undefined;
  },
});

const stamp = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;

/**
 * Prefixes of text lines, tried in order; the rest must look like an access-log line (`{` or `[`). Sources: the CRI log format
 * (kubernetes/design-proposals node/kubelet-cri-logging), `kubectl logs --prefix` and `--timestamps`, stern's default template
 * (`pod container line`), `aws logs tail` (`time stream line`) and CloudWatch's export to S3 (`time line`), docker compose (`name | line`).
 */
export const prefixes: readonly Wrapper[] = [
  prefixed('CRI', new RegExp(`^${stamp} (?:stdout|stderr) [FP] `)),
  prefixed('kubectl --prefix', new RegExp(`^\\[pod/[^\\]\\s]+\\] (?:${stamp} )?`)),
  prefixed('a timestamp and a stream', new RegExp(`^${stamp} (?!stdout|stderr)[^\\s{["]{1,512} (?=[{[])`)),
  prefixed('a timestamp', new RegExp(`^${stamp}[ \\t]+(?=[{["])`)),
  prefixed('docker compose', /^[A-Za-z0-9._-]{1,255}\s+\| /),
  prefixed('stern', /^[a-z0-9][a-z0-9.-]{0,252} (?:› )?[a-z0-9][a-z0-9.-]{0,62} (?=[{[])/),
];

/** Keys under which JSON wrappers keep the line itself: docker's json-file, logcli and Loki, CloudWatch, Datadog, Fluent Bit. */
export const innerKeys: ReadonlySet<string> = new Set(['log', 'line', '@message', 'message', 'msg', 'content', '_raw']);

/** The inner line of a JSON wrapper: a string that looks like a line of its own. */
export function innerLine(
  object: Readonly<Record<string, unknown>>,
): { readonly key: string; readonly line: string } | undefined {
  for (const [key, value] of Object.entries(object)) {
    if (!innerKeys.has(key.toLowerCase())) continue;
    if (typeof value === 'string' && /^\s*(?:\{|\[\d{4}-)/.test(value))
      return { key, line: value.replace(/\r?\n$/, '') };
  }
  return undefined;
}

/** Colour codes that a terminal tool left in the line. */
export const withoutColour = (line: string): string => line.replace(/\u001b\[[0-9;]*m/g, '');
