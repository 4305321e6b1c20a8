import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Named = { readonly [key: string]: Json };

/** Which keys a variable of each type has; the SDK gives every type the keys of all. */
const variableKeys: Readonly<Record<string, readonly string[]>> = {
  datasource: ['query', 'regex', 'multi', 'includeAll', 'refresh'],
  query: ['datasource', 'query', 'refresh', 'regex', 'sort', 'multi', 'includeAll', 'allValue', 'definition'],
};
const allVariables = ['type', 'name', 'label', 'description', 'current', 'hide'];

/**
 * What the SDK (0.0.21) builds, less what it only writes because it has a default for it and Grafana has none: `placement`, which would put
 * links and annotations into a drop-down; keys of other types of variables; repetition of panels that do not repeat.
 */
export function tidied(dashboard: Dashboard): Dashboard {
  return strip(JSON.parse(JSON.stringify(dashboard)) as Json) as unknown as Dashboard;
}

function strip(value: Json, key = ''): Json {
  if (Array.isArray(value)) return value.map((v) => strip(v, key));
  if (typeof value !== 'object' || value === null) return value;
  const named = value as Named;
  const kept = Object.entries(named).filter(([k, v]) => {
    if (k === 'placement' && v === 'inControlsMenu') return false;
    if (k === 'repeatDirection' && named['repeat'] === undefined) return false;
    if (k === 'transparent' && v === false) return false;
    return !(key === 'list' && typeof named['type'] === 'string' && !ofVariable(named['type'], k));
  });
  return Object.fromEntries(kept.map(([k, v]) => [k, strip(v, k)]));
}

const ofVariable = (type: string, key: string): boolean =>
  variableKeys[type] === undefined || allVariables.includes(key) || variableKeys[type].includes(key);
