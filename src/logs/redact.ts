import type { AccessRecord } from './record.ts';

/**
 * What leaves the machine in a shared report: no query strings, no client addresses, nothing in a path that looks like a token, a person
 * or an account. Names of routes, backends and pods stay: the report is about them.
 */
export function redactRecord(record: AccessRecord): AccessRecord {
  const safe: AccessRecord = { ...record };
  if (record.path) safe.path = redactPath(record.path);
  if (record.downstreamAddress) safe.downstreamAddress = redactAddress(record.downstreamAddress);
  if (record.forwardedFor)
    safe.forwardedFor = record.forwardedFor
      .split(/\s*,\s*/)
      .map(redactAddress)
      .join(', ');
  if (record.userAgent) safe.userAgent = redactText(record.userAgent);
  for (const field of ['details', 'terminationDetails', 'transportFailure', 'authority'] as const) {
    const said = record[field];
    if (said) safe[field] = redactSecrets(said);
  }
  return safe;
}

/** A path without its query, its telling segments replaced by what they look like. */
export function redactPath(path: string): string {
  const end = path.search(/[?#;]/);
  const bare = end < 0 ? path : path.slice(0, end);
  return bare.split('/').map(segment).join('/') + (end >= 0 ? `${path[end] === '#' ? '#' : '?'}…` : '');
}

function segment(text: string): string {
  const plain = decoded(text);
  if (/^eyJ[\w-]*\.[\w-]*\.?[\w-]*$/.test(plain)) return '<token>';
  if (plain.includes('@')) return '<email>';
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(plain)) return '<uuid>';
  if (/^\+?\d{7,}$/.test(plain)) return '<number>';
  if (/^[0-9a-f]{16,}$/i.test(plain)) return '<hex>';
  return plain.length >= 20 &&
    /\d/.test(plain) &&
    /[A-Za-z]/.test(plain) &&
    !plain.includes('.') &&
    /^[\w~+=-]+$/.test(plain)
    ? '<token>'
    : text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The network, not the host: an IPv4 address's last number, and all but the first two groups of an IPv6 one. */
export function redactAddress(address: string): string {
  const v4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?::\d+)?$/.exec(address.trim());
  if (v4) return `${v4[1]}.x`;
  const v6 = /^\[?([0-9a-f]{0,4}:[0-9a-f]{0,4}):[0-9a-f:.]*\]?(?::\d+)?$/i.exec(address.trim());
  return v6 ? `${v6[1]}:…` : '<address>';
}

/** Text without credentials, e-mail addresses and query strings; names and addresses inside the cluster stay. */
export function redactSecrets(text: string): string {
  return text
    .replace(
      /(?<![A-Za-z0-9])(token|apikey|api[-_]key|authorization|password|passwd|secret|cookie|set-cookie)(\s*[:=]\s*)(?:(?:bearer|basic|digest|negotiate)\s+)?\S+/gi,
      '$1$2<redacted>',
    )
    .replace(/(?<![A-Za-z0-9])(bearer|basic)([\s_]+)(?=\S*[\d.=])\S{6,}/gi, '$1$2<redacted>')
    .replace(/(?<![A-Za-z0-9])eyJ[\w-]{8,}\.[\w-]+\.?[\w-]*/g, '<token>')
    .replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '<email>')
    .replace(/\?[^\s"']+/g, '?…');
}

/** As redactSecrets, and no client's address either; for words that a log line carried. */
export function redactText(text: string): string {
  return redactSecrets(text).replace(/\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b/g, '$1.x');
}
