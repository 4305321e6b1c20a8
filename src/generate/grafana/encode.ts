/**
 * Text as part of a link, encoded but for Grafana's own variables, which it fills in: they must stay as they are, also where JSON has escaped
 * their quotes.
 */
export const encoded = (text: string, encode: (part: string) => string = encodeURIComponent): string =>
  text
    .split(/(\$\{[^{}]*\})/)
    .map((part, i) => (i % 2 === 1 ? part.replaceAll('\\"', '"') : encode(part)))
    .join('');

/** What CloudWatch's console takes inside a link's fragment: `*` for `%`, hex in lower case, and more than a URL would ask to encode. */
export const starred = (text: string): string =>
  encoded(text, (part) =>
    [...new TextEncoder().encode(part)]
      .map((byte) => {
        const character = String.fromCharCode(byte);
        return /[A-Za-z0-9_.-]/.test(character) ? character : `*${byte.toString(16).padStart(2, '0')}`;
      })
      .join(''),
  );
