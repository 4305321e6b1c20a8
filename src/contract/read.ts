import { LineCounter, parseAllDocuments } from 'yaml';
import { namesIn } from './names.ts';
import { places } from './places.ts';
import { type Finding, type Path, type Place, type Problem, spell } from './problem.ts';
import { rules } from './rules/index.ts';
import type { Contract } from './schema/index.ts';
import { secretsIn } from './secrets.ts';
import { shape } from './shape.ts';
import { soundPart } from './sound-part.ts';

export type Reading =
  | { readonly ok: true; readonly contract: Contract; placeOf(path: Path): Place }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A contract larger than this is a mistake: the large example has 25 KB. */
const maxCharacters = 4 << 20;

/** Reads a contract: either all of it is right, or every problem at once, in the order of the file. */
export function readContract(text: string): Reading {
  if (text.length > maxCharacters) return refuse(1, 1, 'larger than 4 MB: this is no contract');
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const [document, second] = 'empty' in documents ? [] : documents;
  if (document === undefined || document.contents === null)
    return document && document.errors.length > 0
      ? syntax([document], lines)
      : refuse(1, 1, 'is empty', '`vigia init` writes a contract to start from');
  if (second !== undefined) {
    const at = lines.linePos(second.range[0]);
    return refuse(at.line, at.col, 'a second YAML document: a contract is one');
  }
  if (document.errors.length > 0) return syntax([document], lines);
  const placeOf = places(document, lines);
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 1_000 });
  } catch (error) {
    return refuse(1, 1, error instanceof Error ? error.message : String(error));
  }
  const shaped = shape(raw);
  const sound = 'contract' in shaped ? { contract: shaped.contract, translate: (f: Finding) => f } : soundPart(raw);
  const names = namesIn(raw);
  const ruled = sound
    ? rules.flatMap((rule) => [...rule(sound.contract, names)]).flatMap((f) => sound.translate(f) ?? [])
    : [];
  const secrets = [...secretsIn(raw)];
  const told = new Set(secrets.map((s) => spell(s.path)));
  const misshapen = 'findings' in shaped ? shaped.findings.filter((f) => !told.has(spell(f.path))) : [];
  const problems = [...misshapen, ...ruled, ...secrets].map((f) => located(f, placeOf));
  if (problems.length > 0)
    return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
  if (!sound) throw new Error('a contract without findings is sound');
  return { ok: true, contract: sound.contract, placeOf };
}

function located(finding: Finding, placeOf: (path: Path, onKey?: boolean) => Place): Problem {
  const { path, message, hint, against, onKey } = finding;
  return {
    ...placeOf(path, onKey),
    path: spell(path),
    message,
    hint,
    against: against && { ...placeOf(against), path: spell(against) },
  };
}

function syntax(
  documents: readonly { readonly errors: readonly { message: string; pos: readonly [number, number] }[] }[],
  lines: LineCounter,
): Reading {
  const problems = documents
    .flatMap((d) => d.errors)
    .map((e) => {
      const at = lines.linePos(e.pos[0]);
      return {
        line: at.line,
        column: at.col,
        path: '',
        message: `not YAML: ${e.message}`,
        hint: undefined,
        against: undefined,
      };
    });
  return { ok: false, problems };
}

function refuse(line: number, column: number, message: string, hint?: string): Reading {
  return { ok: false, problems: [{ line, column, path: '', message, hint, against: undefined }] };
}
