import { csvObjects, looksLikeCsv } from './csv.ts';

/**
 * Exports that are one JSON document instead of lines: `aws logs filter-log-events` and `get-query-results`, Datadog's search API, Loki's
 * query_range, a plain array, or a CSV download of a console. Gives each entry as a line of its own, or undefined when the text is no such document.
 */
export function documentLines(text: string): readonly string[] | undefined {
  if (looksLikeCsv(firstLine(text))) return csvObjects(text.replace(/^\uFEFF/, '')).map((row) => JSON.stringify(row));
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = entriesOf(document);
  return list?.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(insightsRow(entry) ?? entry)));
}

/** Whether a file's first lines look like such a document rather than lines. */
export function looksLikeDocument(start: string): boolean {
  const first = firstLine(start.replace(/^\uFEFF/, '').trimStart()).trim();
  if (looksLikeCsv(first)) return true;
  return (
    /^\[\s*(?:$|[{["])/.test(first) ||
    first === '{' ||
    /^\{\s*"(?:events|results|data|logEvents|hits|status)"\s*:/.test(first)
  );
}

const firstLine = (text: string): string => (text.includes('\n') ? text.slice(0, text.indexOf('\n')) : text);

const listKeys = ['events', 'results', 'data', 'logs', 'logEvents', 'result', 'hits'] as const;

function entriesOf(value: unknown, depth = 0): readonly unknown[] | undefined {
  if (Array.isArray(value)) return lokiStreams(value) ?? value;
  if (value === null || typeof value !== 'object' || depth > 2) return undefined;
  for (const key of listKeys) {
    const found = entriesOf((value as Record<string, unknown>)[key], depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Loki: `[{stream: {...}, values: [[ns, line], ...]}]` */
function lokiStreams(list: readonly unknown[]): readonly unknown[] | undefined {
  const values = list.flatMap((s) => (s as { values?: unknown } | null)?.values ?? []);
  return values.length > 0 && values.every((v) => Array.isArray(v) && typeof v[1] === 'string')
    ? values.map((v) => (v as string[])[1])
    : undefined;
}

/** Logs Insights: a row is `[{field, value}, ...]`. */
function insightsRow(entry: unknown): Record<string, unknown> | undefined {
  if (!Array.isArray(entry) || !entry.every((c) => typeof (c as { field?: unknown })?.field === 'string'))
    return undefined;
  return Object.fromEntries(entry.map((c: { field: string; value?: unknown }) => [c.field, c.value ?? null]));
}
