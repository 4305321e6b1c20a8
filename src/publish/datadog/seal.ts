import { isList, type Json, type JsonObject, textOf } from '../json.ts';
import type { DocumentKind } from '../plan.ts';

/**
 * How vigia knows its own at Datadog, and whether somebody else saved it since, without keeping anything: a fingerprint of what was written, on the
 * object itself. `content` is that of the document that was sent; `kept` that of what Datadog made of it, where it filled in more than
 * is known here. A tag of monitors and objectives, the end of a dashboard's mark.
 */
export interface Seal {
  readonly content: string;
  readonly kept: string;
}

/** Whose an object is: `vigia-id:<contract>/<id>`, or a line of a dashboard's description, `vigia:<contract>/<id>`. */
export interface Mark {
  readonly contract: string;
  readonly id: string;
  readonly seal: Seal | undefined;
}

const managed = 'managed-by:vigia';
const sealTag = 'vigia-seal:';
const markLine = /^vigia:([^/\s]+)\/(\S+)(?: ([0-9a-f]{12})(?:-([0-9a-f]{12}))?)?$/;
const sealText = /^([0-9a-f]{12})(?:-([0-9a-f]{12}))?$/;

export function markOf(kind: DocumentKind, document: JsonObject): Mark | undefined {
  if (kind === 'dashboard') {
    const [, contract, id, content, kept] = markLine.exec(markedLine(textOf(document, 'description')) ?? '') ?? [];
    if (contract === undefined || id === undefined) return undefined;
    return { contract, id, seal: content === undefined ? undefined : { content, kept: kept ?? content } };
  }
  const tags = tagsOf(document);
  if (!tags.includes(managed)) return undefined;
  const [, contract, id] = /^vigia-id:([^/]+)\/(.+)$/.exec(tags.find((t) => t.startsWith('vigia-id:')) ?? '') ?? [];
  if (contract === undefined || id === undefined) return undefined;
  const [, content, kept] = sealText.exec(tags.find((t) => t.startsWith(sealTag))?.slice(sealTag.length) ?? '') ?? [];
  return { contract, id, seal: content === undefined ? undefined : { content, kept: kept ?? content } };
}

export function sealed(kind: DocumentKind, document: JsonObject, { content, kept }: Seal): JsonObject {
  const text = content === kept ? content : `${content}-${kept}`;
  const bare = withoutSeal(kind, document);
  if (kind === 'dashboard') {
    const description = textOf(bare, 'description');
    const line = markedLine(description) ?? '';
    return { ...bare, description: description.replace(line, () => `${line} ${text}`) };
  }
  return { ...bare, tags: [...tagsOf(bare), `${sealTag}${text}`] };
}

export function withoutSeal(kind: DocumentKind, document: JsonObject): JsonObject {
  if (kind === 'dashboard') {
    const description = textOf(document, 'description');
    const line = markedLine(description);
    const [, contract, id] = markLine.exec(line ?? '') ?? [];
    if (line === undefined || contract === undefined) return document;
    return { ...document, description: description.replace(line, () => `vigia:${contract}/${id}`).trimEnd() };
  }
  if (!isList(document['tags'])) return document;
  return { ...document, tags: document['tags'].filter((t) => !(typeof t === 'string' && t.startsWith(sealTag))) };
}

/** The mark of a dashboard: vigia writes it last, and somebody may have written below it. */
function markedLine(description: string): string | undefined {
  return description
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => markLine.test(line));
}

function tagsOf(document: JsonObject): readonly string[] {
  const tags: Json | undefined = document['tags'];
  return isList(tags) ? tags.filter((t) => typeof t === 'string') : [];
}
