/** A case: files, commands, and for each command what it prints and how it ends. One text file, sections marked by `--- `. */
export interface Case {
  readonly files: readonly { readonly name: string; readonly content: Buffer }[];
  readonly runs: readonly Run[];
}

export interface Run {
  readonly args: readonly string[];
  readonly stdin: string | undefined;
  stdout: string;
  stderr: string;
  exit: number;
}

/** Sections: `--- file NAME`, `--- file NAME escaped` (`\xNN`, `\n` only by escape), `--- run ARGS`, `--- stdin`, `--- stdout`, `--- stderr`, `--- exit N`. */
export function parseCase(text: string): Case {
  const files: { name: string; content: Buffer }[] = [];
  const runs: { args: string[]; stdin: string | undefined; stdout: string; stderr: string; exit: number }[] = [];
  for (const part of text.split(/^--- /m).slice(1)) {
    const end = part.indexOf('\n');
    const [kind = '', ...rest] = part.slice(0, end).split(' ');
    const body = part.slice(end + 1);
    const run = runs.at(-1);
    if (kind === 'file')
      files.push({ name: rest[0] ?? '', content: rest[1] === 'escaped' ? fromEscapes(body) : Buffer.from(body) });
    else if (kind === 'run')
      runs.push({ args: words(rest.join(' ')), stdin: undefined, stdout: '', stderr: '', exit: 0 });
    else if (!run) throw new Error(`--- ${kind} before any --- run`);
    else if (kind === 'stdin') run.stdin = body;
    else if (kind === 'stdout') run.stdout = body;
    else if (kind === 'stderr') run.stderr = body;
    else if (kind === 'exit') run.exit = Number(rest[0]);
    else throw new Error(`unknown section --- ${kind}`);
  }
  return { files, runs };
}

/** The same file with what the runs really did. */
export function rewrite(text: string, runs: readonly Run[]): string {
  const head = text.slice(0, text.search(/^--- run /m));
  const commands = [...text.matchAll(/^--- run .*$/gm)].map((m) => m[0]);
  const parts = runs.map((r, i) =>
    [
      commands[i] ?? '',
      ...(r.stdin === undefined ? [] : [`--- stdin\n${r.stdin.replace(/\n$/, '')}`]),
      `--- exit ${r.exit}`,
      ...(r.stdout ? [`--- stdout\n${r.stdout.replace(/\n$/, '')}`] : []),
      ...(r.stderr ? [`--- stderr\n${r.stderr.replace(/\n$/, '')}`] : []),
    ].join('\n'),
  );
  return `${head}${parts.join('\n')}\n`;
}

function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? '');
}

function fromEscapes(body: string): Buffer {
  return Buffer.from(
    body
      .replace(/\n/g, '')
      .replace(/\\(x[0-9a-f]{2}|n|\\)/gi, (_, e: string) =>
        e === 'n' ? '\n' : e === '\\' ? '\\' : String.fromCharCode(Number.parseInt(e.slice(1), 16)),
      ),
    'latin1',
  );
}
