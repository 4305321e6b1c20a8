import type { Difference } from '../compare.ts';
import { isObject, type JsonObject, objects, textOf } from '../json.ts';
import type { Change } from '../plan.ts';
import { panelId } from './normal.ts';

/** A difference of two boards as a person knows the place: `panel 'Requests' (id 2)`, `unit`. */
export function inWords(
  { path, live, wanted }: Difference,
  boards: readonly JsonObject[],
  from: Change['from'],
): Change {
  const [top = '', name = '', ...rest] = path;
  const values = { live, contract: wanted, from };
  if (top === 'panels') return { where: panelName(name, boards), what: readable(rest), ...values };
  if (top === 'templating' || top === 'annotations') {
    const [element, ...inside] = rest;
    const word = top === 'templating' ? 'variable' : 'annotation';
    if (element !== undefined) return { where: `${word} '${element}'`, what: readable(inside), ...values };
  }
  if (top === 'links' && name !== '') return { where: `link '${name}'`, what: readable(rest), ...values };
  // The element of a set names itself.
  return { where: '', what: readable(top === 'tags' ? [top] : path), ...values };
}

function panelName(id: string, boards: readonly JsonObject[]): string {
  for (const board of boards)
    for (const panel of objects(board['panels']))
      if (panelId(panel) === id) {
        const word = panel['type'] === 'row' ? 'row' : 'panel';
        return `${word} '${textOf(panel, 'title')}'${typeof panel['id'] === 'number' ? ` (id ${panel['id']})` : ''}`;
      }
  return `panel ${id}`;
}

/** The path below a panel or variable, without the words that are in all of them. */
function readable(path: readonly string[]): string {
  const [first, second, ...rest] = path;
  if (first === 'fieldConfig' && second === 'defaults') return readable(rest[0] === 'custom' ? rest.slice(1) : rest);
  if (first === 'fieldConfig' && second === 'overrides' && rest[0] !== undefined)
    return [`override ${matcher(rest[0])}`, ...(rest[1] === 'properties' ? rest.slice(2) : rest.slice(1))].join(' ');
  if (first === 'options') return readable(path.slice(1));
  if (first === 'targets' && second !== undefined)
    return [`query ${second}`, readable(rest)].filter((s) => s !== '').join(' ');
  if (first === 'gridPos') return `place ${second}`;
  return path.join('.').replaceAll('.[', '[');
}

function matcher(text: string): string {
  try {
    const found = JSON.parse(text);
    return isObject(found) ? `${textOf(found, 'id')} '${String(found['options'] ?? '')}'` : text;
  } catch {
    return text;
  }
}
