import { derived } from '../../../signals/labels.ts';
import type { Overrides } from '../../read/key-map.ts';
import { type Layout, layoutOf } from '../../remote/layout.ts';
import { NoRecords, SourceError } from '../source.ts';
import type { Client, Event, Window } from './client.ts';
import { limits } from './limits.ts';

/** What the records carry, and whether the generated pipeline stored them: then one attribute holds what requests are grouped by. */
export interface Records {
  readonly layout: Layout;
  /** `@vigia.signature`, where records have it. */
  readonly signature: string | undefined;
}

/** Learned from the newest records of the window. */
export async function discover(client: Client, query: string, window: Window, overrides: Overrides): Promise<Records> {
  const { events } = await client.search(query, window, limits.learn, { newest: true });
  if (events.length === 0)
    throw new NoRecords(
      `Datadog has no record with ${query} in the window`,
      'a wider window or another --query; records in Flex Logs or an archive are not in indexes',
    );
  const names = new Set(events.flatMap(namesOf));
  // A user names attributes as Datadog shows them, with or without the @.
  const said = Object.fromEntries(
    Object.entries(overrides).map(([id, name]) => [id, names.has(`@${name}`) ? `@${name}` : name]),
  ) as Overrides;
  const bare = layoutOf(
    [...names].map((n) => n.replace(/^@/, '')),
    Object.fromEntries(Object.entries(said).map(([id, n]) => [id, String(n).replace(/^@/, '')])) as Overrides,
  );
  const layout: Layout = {
    ...bare,
    name(read) {
      const name = bare.name(read);
      if (name === undefined) return undefined;
      return names.has(`@${name}`) ? `@${name}` : name;
    },
  };
  if (layout.name('status') === undefined && layout.name('flags') === undefined)
    throw new SourceError(
      `no attribute that could be a status code or response flags in the records with ${query}`,
      `say which is which: --map status=PATH,flags=PATH; found are ${[...names].sort().slice(0, 12).join(', ')}`,
    );
  // Only failing records carry it, so the newest may all lack it.
  const signature = `@${derived.signature}`;
  const signed =
    names.has(signature) || (await client.search(`${query} AND ${signature}:*`, window, 1)).events.length > 0;
  return { layout, signature: signed ? signature : undefined };
}

/** `@a.b` of an attribute, the bare name of a reserved one. */
export function namesOf(event: Event): readonly string[] {
  return [...Object.keys(event.reserved), ...Object.keys(flattened(event.attributes)).map((n) => `@${n}`)];
}

/** An event's attributes by path: a key with dots and an object in an object are one and the same to Datadog. */
export function flattened(
  attributes: Readonly<Record<string, unknown>>,
  prefix = '',
  depth = 0,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) =>
      value !== null && typeof value === 'object' && !Array.isArray(value) && depth < 10
        ? Object.entries(flattened(value as Record<string, unknown>, `${prefix}${key}.`, depth + 1))
        : [[`${prefix}${key}`, value] as const],
    ),
  );
}
