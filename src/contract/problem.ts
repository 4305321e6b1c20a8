/** Where something stands in a document: keys and list positions from the top. */
export type Path = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a rule objects to, by path; `against` is the other half of a contradiction. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly against?: Path | undefined;
  /** What the rule missed. When it is there and only misshapen, that alone is told. */
  readonly lacks?: readonly Path[];
  /** The key itself is wrong, not its value. */
  readonly onKey?: boolean;
}

/** A finding with its place in the file. */
export interface Problem extends Place {
  readonly path: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly against: (Place & { readonly path: string }) | undefined;
}

/** `environments.prod.metrics`, `gateways[3].name` */
export function spell(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

/** One problem as lines: `file:line:column: path: what is wrong`, then the other place and the remedy. */
export function problemText(file: string, p: Problem): string {
  const where = p.path === '' ? '' : `${p.path}: `;
  return [
    `${file}:${p.line}:${p.column}: ${where}${p.message}`,
    ...(p.against ? [`  and ${file}:${p.against.line}:${p.against.column}: ${p.against.path}`] : []),
    ...(p.hint ? [`  ${p.hint}`] : []),
  ].join('\n');
}
