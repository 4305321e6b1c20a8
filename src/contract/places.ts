import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Path, Place } from './problem.ts';

/** Finds a path's place in a YAML document: its value, its key when asked or when it has no value, else the nearest thing around it. */
export function places(document: Document, lines: LineCounter): (path: Path, onKey?: boolean) => Place {
  return (path, onKey = false) => {
    let node: unknown = document.contents;
    let best: Node | undefined = asNode(node);
    for (const [depth, part] of path.entries()) {
      const container = isAlias(node) ? node.resolve(document) : node;
      let key: Node | undefined;
      let value: unknown;
      if (isMap(container)) {
        const pair = container.items.find((p) => (isScalar(p.key) ? String(p.key.value) : undefined) === String(part));
        if (pair === undefined) break;
        key = asNode(pair.key);
        value = pair.value;
      } else if (isSeq(container)) {
        value = container.items[Number(part)];
        if (value === undefined) break;
      } else break;
      const last = depth === path.length - 1;
      const empty = isScalar(value) && value.value === null;
      // A map or list begins on its first key's line; its own key is where a reader looks.
      const whole = isMap(value) || isSeq(value) || value == null || empty;
      best = key && (last ? onKey || whole : whole) ? key : (asNode(value) ?? best);
      node = value;
    }
    const at = lines.linePos(best?.range?.[0] ?? 0);
    return { line: Math.max(1, at.line), column: Math.max(1, at.col) };
  };
}

function asNode(value: unknown): Node | undefined {
  return value !== null && typeof value === 'object' && 'range' in value ? (value as Node) : undefined;
}
