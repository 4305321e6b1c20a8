import { LineCounter, parseAllDocuments } from 'yaml';

/** As much of a Kubernetes object as a draft looks at. */
export interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, unknown>>;
  /** When the cluster got it (RFC 3339); '' in a file that nobody applied yet. */
  readonly created: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface Manifests {
  readonly objects: readonly Manifest[];
  /** `file:line:column: ...`: what could not be read. A folder of manifests holds all sorts, so that is said, not fatal. */
  readonly unread: readonly string[];
}

/** The objects of a YAML stream or of kubectl's JSON List (JSON is YAML). */
export function readManifests(text: string, file: string): Manifests {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const objects: Manifest[] = [];
  const unread: string[] = [];
  for (const document of 'empty' in documents ? [] : documents) {
    const error = document.errors[0];
    if (error) {
      const at = lines.linePos(error.pos[0]);
      unread.push(`${file}:${at.line}:${at.col}: not YAML: ${error.message}`);
      continue;
    }
    try {
      objects.push(...flattened(document.toJS({ maxAliasCount: 1_000 })));
    } catch (error) {
      unread.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { objects, unread };
}

function flattened(value: unknown): Manifest[] {
  const object = map(value);
  if (Array.isArray(object['items'])) return object['items'].flatMap(flattened);
  const metadata = map(object['metadata']);
  const { kind, apiVersion } = object;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string' || typeof metadata['name'] !== 'string') return [];
  return [
    {
      kind,
      apiVersion,
      name: metadata['name'],
      namespace: typeof metadata['namespace'] === 'string' ? metadata['namespace'] : 'default',
      annotations: map(metadata['annotations']),
      labels: map(metadata['labels']),
      created: typeof metadata['creationTimestamp'] === 'string' ? metadata['creationTimestamp'] : '',
      spec: map(object['spec']),
    },
  ];
}

/** The value if it is a map, else an empty one: manifests come from anywhere. */
export function map(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The Gateways that a route names as its parents, `<name>.<namespace>`. */
export const parentsOf = (route: Manifest): readonly string[] =>
  list(route.spec['parentRefs'])
    .map(map)
    .filter((p) => (p['kind'] ?? 'Gateway') === 'Gateway')
    .map((p) => `${p['name']}.${p['namespace'] ?? route.namespace}`);
