import type { Dashboard } from './models.ts';

/** A dashboard as Datadog's API reads and writes it: JSON with the keys in snake case, in the order in which they were set. */
export const wire = (dashboard: Dashboard): string => `${JSON.stringify(snaked(dashboard), undefined, 2)}\n`;

function snaked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snaked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [snake(key), snaked(inner)]));
}

/** The client puts `_` before names that TypeScript reserves (`_with`). A test holds the names to the client's own. */
const snake = (key: string): string => key.replace(/^_/, '').replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
