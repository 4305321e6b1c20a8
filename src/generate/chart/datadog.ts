import type { Artefact } from '../artefact.ts';
import { referencePattern as reference } from '../datadog-reference.ts';
import { yamlText } from '../yaml.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Dashboards and monitors as specs of DatadogDashboard and DatadogMonitor (https://github.com/DataDog/datadog-operator/tree/main/docs), for those
 * who have Datadog's operator. Its fields are the API's in camel case; widgets are one JSON text. What names another object is left out, since only a
 * live account knows its id, and so are a composite's parts, which tell nobody without it.
 */
export function datadogSpecs(artefacts: readonly Artefact[]): readonly Artefact[] {
  const parts = new Set(
    artefacts.flatMap(({ content }) => [...content.matchAll(new RegExp(reference, 'g'))].map((m) => m[2] ?? '')),
  );
  return artefacts.flatMap(({ path, content }): Artefact[] => {
    const [, environment, id] = /^dashboards\/datadog\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? [];
    const [, monitored, name] = /^alerts\/datadog\/([^/]+)\/monitors\/(.+)\.json$/.exec(path) ?? [];
    if (name && parts.has(`${monitored}-${name}`)) return [];
    const spec = id ? dashboard(JSON.parse(content) as Json) : name ? monitor(content) : undefined;
    if (spec === undefined) return [];
    const file = `${environment ?? monitored}/${id ? 'dashboards' : 'monitors'}/${(id ?? name ?? '').toLowerCase()}`;
    return [{ path: `datadog/${file}.yaml`, content: yamlText(spec) }];
  });
}

function dashboard({
  title,
  description,
  layout_type,
  reflow_type,
  template_variables,
  widgets,
}: Json): Json | undefined {
  const kept = (withoutLinks(widgets) as readonly unknown[]).filter((w) => !reference.test(JSON.stringify(w)));
  if (kept.length === 0) return undefined;
  return {
    title,
    description,
    layoutType: layout_type,
    reflowType: reflow_type,
    templateVariables: ((template_variables ?? []) as readonly Json[]).map(camel),
    widgets: JSON.stringify(kept),
  };
}

/** Links between dashboards hold ids: they go, the widgets stay. */
function withoutLinks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLinks);
  if (typeof value !== 'object' || value === null) return value;
  const { custom_links: links, ...rest } = value as Json;
  const alive = Array.isArray(links) ? links.filter((link) => !reference.test(JSON.stringify(link))) : [];
  return {
    ...Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, withoutLinks(v)])),
    ...(alive.length > 0 ? { custom_links: alive } : {}),
  };
}

function monitor(content: string): Json | undefined {
  const { name, type, query, message: told, tags, priority, options } = JSON.parse(content) as Json;
  if (reference.test(String(query))) return undefined;
  // A line that leads to a dashboard.
  const lines = String(told).split('\n');
  const message = lines.filter((line) => !reference.test(line)).join('\n');
  const { thresholds, ...rest } = (options ?? {}) as Json;
  return {
    name,
    type,
    query,
    message,
    tags,
    ...(priority === undefined || priority === null ? {} : { priority }),
    options: {
      ...camel(rest as Json),
      // The operator's thresholds are texts.
      ...(thresholds
        ? { thresholds: Object.fromEntries(Object.entries(camel(thresholds as Json)).map(([k, v]) => [k, String(v)])) }
        : {}),
    },
  };
}

const camel = (object: Json): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()), value]),
  );
