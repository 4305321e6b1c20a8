import { isObject, type Json, type JsonObject, objects } from '../json.ts';
import type { DocumentKind } from '../plan.ts';
import type { DatadogClient } from './client.ts';
import { widgetId } from './normal.ts';

const models: Readonly<Record<DocumentKind, string>> = {
  dashboard: 'Dashboard',
  monitor: 'Monitor',
  slo: 'ServiceLevelObjectiveRequest',
};

type Typing = Pick<DatadogClient, 'serializer' | 'UnparsedObject'>;

/**
 * What Datadog's own models object to in a document, each with its place. They are silent themselves: a wrong enumeration makes the whole group around it
 * an unparsed object, an unknown key is kept aside. Widgets are looked at one by one so that the one at fault is named.
 */
export function objections(kind: DocumentKind, document: JsonObject, typing: Typing): readonly string[] {
  if (kind !== 'dashboard') return inModel(document, models[kind], typing);
  const { widgets, ...rest } = document;
  return [
    ...inModel({ ...rest, widgets: [] }, 'Dashboard', typing),
    ...objects(widgets).flatMap((widget) => inWidget(widget, typing)),
  ];
}

function inWidget(widget: JsonObject, typing: Typing): readonly string[] {
  const definition = widget['definition'];
  const alone = (w: JsonObject) =>
    inModel({ title: 'x', layout_type: 'ordered', widgets: [w] }, 'Dashboard', typing).map(
      (o) => `${widgetId(widget) || 'widget'}: ${o.replace(/^widgets\[0\]\.?(definition\.?)?/, '')}`,
    );
  if (!isObject(definition) || definition['type'] !== 'group') return alone(widget);
  const inner = objects(definition['widgets']).flatMap((w) => inWidget(w, typing));
  return [...inner, ...alone({ ...widget, definition: { ...definition, widgets: [] } })];
}

function inModel(document: JsonObject, model: string, { serializer, UnparsedObject }: Typing): readonly string[] {
  let typed: unknown;
  try {
    typed = serializer.deserialize(document, model, '');
  } catch (error) {
    return [`a value of a wrong kind (${error instanceof Error ? error.message : String(error)})`];
  }
  const found: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (value instanceof UnparsedObject) {
      found.push(`${path}: no such value or shape`);
      return;
    }
    if (Array.isArray(value)) for (const [i, v] of value.entries()) walk(v, `${path}[${i}]`);
    else if (typeof value === 'object' && value !== null && !(value instanceof Date))
      for (const [key, v] of Object.entries(value)) {
        if (key === '_unparsed') continue;
        if (key === 'additionalProperties')
          for (const unknown of Object.keys(v ?? {}))
            found.push(`${path === '' ? '' : `${path}.`}${unknown}: no such key`);
        else walk(v, path === '' ? key : `${path}.${key}`);
      }
  };
  walk(typed, '');
  return found;
}

/** A wire document as the client's model; `objections` were asked before. */
export function typedAs<T>(document: JsonObject, model: string, { serializer }: Typing): T {
  return serializer.deserialize(document, model, '') as T;
}

/** The client's model as the wire document again. */
export function wire(typed: unknown, model: string, { serializer }: Typing): JsonObject {
  const value: Json = serializer.serialize(typed, model, '');
  if (!isObject(value)) throw new Error(`${model} is no object`);
  return value;
}
