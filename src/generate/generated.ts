import { banner } from './yaml.ts';

/**
 * Whether a text that the ledger does not know was written by vigia, whatever became of it since. YAML says so in its first lines. JSON can't
 * hold a comment, so it is told by what vigia puts into every object to find it again in Grafana and Datadog.
 */
export function isGenerated(text: string): boolean {
  return text.startsWith(`# ${banner[0]}`) || (text.trimStart().startsWith('{') && marked(text));
}

/** A tag `vigia` (Grafana) or `managed-by:vigia` (monitors, SLOs), or a description that ends in the line `vigia:...` (Datadog's dashboards). Of a document of JSON:API, in its `meta`. */
function marked(text: string): boolean {
  const value = parsed(text);
  if (!isObject(value)) return false;
  const { spec, meta } = value;
  return hasMark(value) || (isObject(spec) && hasMark(spec)) || (isObject(meta) && hasMark(meta));
}

function hasMark({ tags, description }: Readonly<Record<string, unknown>>): boolean {
  if (Array.isArray(tags) && tags.some((tag) => tag === 'vigia' || tag === 'managed-by:vigia')) return true;
  return typeof description === 'string' && /(^|\n)vigia:\S+\s*$/.test(description);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
