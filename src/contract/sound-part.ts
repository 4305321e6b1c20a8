import type { Finding, Path } from './problem.ts';
import type { Contract } from './schema/index.ts';
import { shape } from './shape.ts';

/** The rest of a misshapen contract. */
export interface SoundPart {
  readonly contract: Contract;
  /** A finding about the rest as one about the whole; undefined when it is about something that only stood in. */
  translate(finding: Finding): Finding | undefined;
}

/**
 * A misshapen contract without what is misshapen, so that the rules can look at the rest and every problem is told at once. A required key
 * that is gone takes the map around it along, unless something can stand in for it. undefined when too little is left.
 */
export function soundPart(raw: unknown): SoundPart | undefined {
  const removed = new Set<string>();
  const standing = new Map<string, readonly [Path, unknown]>();
  for (let round = 0; round < 12; round++) {
    const origins = new Map<string, number>();
    const kept = without(raw, [], [], removed, origins);
    for (const [path, value] of standing.values()) put(kept, path, value);
    const origin = (path: Path): Path => path.map((part, i) => origins.get(spot(path.slice(0, i + 1))) ?? part);
    const shaped = shape(kept);
    if ('contract' in shaped) {
      const stoodIn = (path: Path | undefined) =>
        path?.some((_, i) => standing.has(spot(path.slice(0, i + 1)))) ?? false;
      return {
        contract: shaped.contract,
        translate: (f) =>
          stoodIn(f.path) || stoodIn(f.against) || f.lacks?.some((path) => removed.has(spot(origin(path))))
            ? undefined
            : { ...f, path: origin(f.path), against: f.against && origin(f.against) },
      };
    }
    for (const { path, missing } of shaped.findings) {
      const standIn = missing
        ? standIns.find(([p]) => p.length === path.length && p.every((part, i) => part === '*' || part === path[i]))
        : undefined;
      const gone = origin(missing ? path.slice(0, -1) : path);
      if (standIn) standing.set(spot(path), [path, standIn[1]]);
      else if (gone.length === 0) return undefined;
      else removed.add(spot(gone));
    }
  }
  return undefined;
}

/** What a required key is taken to be while its own mistake is told: values that no rule objects to by themselves. */
const standIns: readonly (readonly [Path, unknown])[] = [
  [['version'], 1],
  [['kgateway'], { version: '2.4' }],
  [['kgateway', 'version'], '2.4'],
  [['environments'], {}],
  [['clusters'], {}],
  [['gateways'], [{ name: 'stand-in' }]],
  [['environments', '*', 'metrics'], { to: 'prometheus', retention: '9999d' }],
  [['environments', '*', 'logs'], { to: 'file' }],
  [['environments', '*', 'datadog', 'site'], 'datadoghq.com'],
  [['environments', '*', 'datadog', 'apiKey'], { env: 'STAND_IN' }],
];

const spot = (path: Path) => JSON.stringify(path);

function put(root: unknown, path: Path, value: unknown): void {
  let at = root;
  for (const part of path.slice(0, -1)) at = (at as Record<string | number, unknown> | undefined)?.[part];
  if (at !== null && typeof at === 'object') (at as Record<string | number, unknown>)[path.at(-1) ?? ''] = value;
}

function without(
  value: unknown,
  from: Path,
  to: Path,
  removed: ReadonlySet<string>,
  origins: Map<string, number>,
): unknown {
  if (Array.isArray(value)) {
    const kept: unknown[] = [];
    for (const [i, item] of value.entries()) {
      if (removed.has(spot([...from, i]))) continue;
      const path = [...to, kept.length];
      origins.set(spot(path), i);
      kept.push(without(item, [...from, i], path, removed, origins));
    }
    return kept;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !removed.has(spot([...from, key])))
      .map(([key, item]) => [key, without(item, [...from, key], [...to, key], removed, origins)]),
  );
}
