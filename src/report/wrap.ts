import { clean } from './clean.ts';

/** Text in lines of at most `width` columns, later ones indented; a word longer than a line is broken. Control characters are made visible. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of clean(text).split(' ')) {
    let rest = word;
    // A terminal may be narrower than an indent.
    const room = () => Math.max(1, width - (lines.length > 0 ? indent.length : 0));
    if (line !== '' && line.length + 1 + rest.length > room()) {
      lines.push(line);
      line = '';
    }
    while (rest.length > room()) {
      lines.push(rest.slice(0, room()));
      rest = rest.slice(room());
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines.map((l, i) => (i === 0 ? l : indent + l));
}

/** A shell command in lines that still paste as one: broken after `&&` and `|`, which a shell reads on from. */
export function wrapCommand(command: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of command.split(/(?<=&&|\|) (?=\S)/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + part.length <= width) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(lines.length === 0 ? part : `  ${part}`);
  }
  return lines.map(clean);
}
