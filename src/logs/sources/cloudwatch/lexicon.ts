import { Inexpressible, wellFormed } from '../../remote/language.ts';

/** As people know it; the words and signs of Logs Insights QL are here, its sentences in language.ts. */
export const name = "CloudWatch's query language";

/** Nothing documents how to escape inside a literal, so only these may stand in one; other characters become a regular expression's `\xHH`. */
export const plainText = /^[A-Za-z0-9 _.,:;/@%+=()<>|-]*$/;

/** What a regular expression may hold as it is: no metacharacter, nothing that ends it, no `#`, which begins a comment elsewhere. */
const plainCharacter = /[A-Za-z0-9 _,:;@%=<>-]/;

/** Names that need no back-ticks. */
const bareName = /^@?[A-Za-z_][A-Za-z0-9_.]*$/;
const quotableName = /^[A-Za-z0-9_.@:/-]{1,512}$/;

const keywords: ReadonlySet<string> = new Set(
  `fields filter parse stats sort limit dedup display by as in not and or like asc desc source if case count sum avg min max bin earliest latest
  true false`.split(/\s+/),
);

/** Text in quotes. */
export function literal(text: string): string {
  if (!plainText.test(text)) throw new Inexpressible(name, `${JSON.stringify(text.slice(0, 80))} as a literal`);
  return `"${text}"`;
}

/** A field by its name, in back-ticks where it must be. */
export function fieldName(path: string): string {
  if (bareName.test(path) && !keywords.has(path.toLowerCase())) return path;
  if (!quotableName.test(path))
    throw new Inexpressible(
      name,
      `the field name ${JSON.stringify(path.slice(0, 80))}`,
      'letters, digits and . _ - : / @ can be written',
    );
  return path.startsWith('@') ? `@\`${path.slice(1)}\`` : `\`${path}\``;
}

/** A number without an exponent. */
export function number(n: number): string {
  if (!Number.isFinite(n)) throw new Inexpressible(name, String(n));
  return Number.isInteger(n) ? n.toFixed(0) : String(Number(n.toFixed(6)));
}

/** The units of bin() end at 60 minutes and 24 hours: 300 s would silently become 60 s. */
export const bin = (ms: number): string => (ms >= 3_600_000 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`);

/** The glob as part of a regular expression; without `any`, `*` is a character like others. */
export function pattern(glob: string, any: string | undefined): string {
  if (!wellFormed(glob)) throw new Inexpressible(name, 'half of a surrogate pair: no stored text holds one');
  return [...glob]
    .map((c) => {
      if (c === '*' && any !== undefined) return any;
      if (plainCharacter.test(c)) return c;
      const code = c.codePointAt(0) ?? 0;
      return code > 0xff
        ? `\\x{${code.toString(16).toUpperCase()}}`
        : `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
