/** A table as CloudWatch's and Datadog's consoles download it: a header, then rows; quoted fields may hold commas, quotes and newlines (RFC 4180). */
export function csvObjects(text: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = csvRows(text);
  return rows
    .filter((row) => row.some((cell) => cell !== ''))
    .map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}

function csvRows(text: string): string[][] {
  const rows: string[][] = [[]];
  // One cell at a time: quoted (with "" for a quote) or bare, then what ends it.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) break;
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

/** Whether a first line is the header of such a table: bare names, one of which holds the line itself or a status code. */
export function looksLikeCsv(firstLine: string): boolean {
  const names = firstLine
    .replace(/^\uFEFF/, '')
    .split(',')
    .map((n) => n.trim().replace(/^"|"$/g, ''));
  return (
    names.length > 1 &&
    names.every((n) => /^@?[\w .:/-]{1,80}$/.test(n)) &&
    names.some((n) => /^@?(message|content|log|line)$|response_flags|status_code/i.test(n))
  );
}
