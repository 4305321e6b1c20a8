/**
 * One spelling for response code details. Envoy's own page calls them "not guaranteed to be stable", and they changed: errno numbers
 * became words, `,` became `|` inside the braces, spaces became `_`, `upstream_response_timeout` became `response_timeout`.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/http/http_conn_man/response_code_details and logs of 2020-2026.
 */
export interface Details {
  /** The part before braces, brackets or parentheses. */
  readonly name: string;
  /** The reason inside: `connection_termination` of `upstream_reset_before_response_started{connection_termination}`. */
  readonly reason: string | undefined;
  /** What the transport said, behind the reason. */
  readonly transport: string | undefined;
}

/** Linux errno numbers as Envoys of 2023-24 wrote them (`delayed_connect_error:_111`). */
const errno: Readonly<Record<string, string>> = {
  '101': 'Network_is_unreachable',
  '104': 'Connection_reset_by_peer',
  '110': 'Connection_timed_out',
  '111': 'Connection_refused',
  '113': 'No_route_to_host',
};

const renamed: Readonly<Record<string, string>> = { upstream_response_timeout: 'response_timeout' };

/**
 * Details (or a transport failure reason) without what differs from request to request: addresses, ids, spelling. At most 200 characters.
 */
export function normaliseDetails(raw: string): string {
  const known = normalised.get(raw);
  if (known !== undefined) return known;
  const text = normalise(raw);
  if (normalised.size < 1000 && raw.length < 500) normalised.set(raw, text);
  return text;
}

/** A log repeats a few details thousands of times. */
const normalised = new Map<string, string>();

function normalise(raw: string): string {
  let text = raw.trim().replace(/\s+/g, '_');
  if (text === '-') return '';
  text = renamed[text] ?? text;
  text = text.replace(
    /^(upstream_reset_(?:before|after)_response_started)\{(.*?)\}?$/,
    (_, name: string, inner: string) => `${name}{${reason(inner)}}`,
  );
  text = text
    .replace(/connect_error:_(\d+)\b/g, (whole, code: string) =>
      errno[code] ? `connect_error:_${errno[code]}` : whole,
    )
    .replace(/\|?remote_address:[^|}]*/g, '')
    .replace(/\[[0-9a-f:]{2,}\]:\d+|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/gi, '<address>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{24,}\b/gi, '<id>');
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

/** `a,b` was the separator before `a|b`; only the first one separates, the rest is the transport's own text. */
function reason(inner: string): string {
  const at = inner.search(/[,|]/);
  if (inner === 'HTTP/1_premature_upstream_half_close') return 'http1_premature_upstream_half_close';
  return at < 0 ? inner : `${inner.slice(0, at)}|${inner.slice(at + 1).replace(/^_+/, '')}`;
}

/** Normalised details taken apart. */
export function parseDetails(text: string): Details {
  const open = text.search(/[{[(]/);
  if (open < 0) return { name: text, reason: undefined, transport: undefined };
  const inner = text.slice(open + 1).replace(/[}\])]$/, '');
  const bar = text[open] === '{' ? inner.indexOf('|') : -1;
  return {
    name: text.slice(0, open),
    reason: bar < 0 ? inner : inner.slice(0, bar),
    transport: bar < 0 ? undefined : inner.slice(bar + 1),
  };
}
