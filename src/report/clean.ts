/**
 * Text that strangers wrote, safe for a terminal: control characters (escape sequences, carriage returns, C1 codes) and the characters that
 * reorder a line (bidirectional overrides) become visible or vanish. Line feeds become visible too: one value is one line.
 */
export function clean(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) =>
      c === '\t' ? ' ' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/g, '');
}

/** Clean text of at most `width` characters, its end cut. */
export function cut(text: string, width: number): string {
  const safe = clean(text);
  return safe.length <= width ? safe : `${safe.slice(0, Math.max(0, width - 1))}…`;
}
