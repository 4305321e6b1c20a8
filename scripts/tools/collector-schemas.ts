import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Tool } from './ensure.ts';
import { go } from './go.ts';

/** A package whose `config.schema.yaml` says which settings a component takes. */
export interface Root {
  readonly module: string;
  /** The Collector's version, `0.155.0`. */
  readonly version: string;
  /** The package's folder inside the module. */
  readonly folder: string;
}

/** What the tool writes: for each root (`<package>@<version>`) the schema files that it needs, by the package that they describe. */
export type Bundles = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Upstream's own schemas of the settings of components that the Go proxy serves the source of, but not everything to build them: what a
 * configuration for them is held to instead of being run. They are made from the Go types by the project itself, and travel in each module.
 */
export function collectorSchemas(roots: readonly Root[]): Tool {
  return {
    version: roots.map((r) => `${posix.basename(r.module)}-${r.version}`).join('-'),
    licence: 'Apache-2.0',
    from: `config.schema.yaml of Go modules ${roots.map((r) => `${r.module}@v${r.version}`).join(', ')}`,
    binary: 'schemas.json',
    install(into) {
      const bundles = roots.map((root) => [
        `${posix.join(root.module, root.folder)}@${root.version}`,
        bundle(root, into),
      ]);
      writeFileSync(join(into, 'schemas.json'), JSON.stringify(Object.fromEntries(bundles), null, 1));
    },
  };
}

function bundle({ module, version, folder }: Root, into: string): Record<string, string> {
  const home = download(`${module}@v${version}`, into);
  const required = new Map(
    [...readFileSync(join(home, 'go.mod'), 'utf8').matchAll(/^\s*(?:require )?(\S+\.\S+\/\S+) (v\S+)/gm)].map((m) => [
      m[1] ?? '',
      m[2] ?? '',
    ]),
  );
  const files: Record<string, string> = {};
  const wanted = [posix.join(module, folder)];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (name in files) continue;
    const owner = name.startsWith(module) ? module : ownerOf(name, required.keys());
    const at = owner === module ? home : download(`${owner}@${required.get(owner)}`, into);
    const file = join(at, name.slice(owner.length), 'config.schema.yaml');
    // Types that a schema only names (a sizer, a component's id) have no schema of their own.
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
    files[name] = text;
    for (const [, to = ''] of text.matchAll(/\$ref: (\S+)\./g)) wanted.push(packageOf(to, name));
  }
  return files;
}

const repositories = ['github.com/open-telemetry/opentelemetry-collector-contrib', 'go.opentelemetry.io/collector'];

/** The package that a reference means: relative to its own, from its repository's top, or by its whole name. */
export function packageOf(reference: string, from: string): string {
  if (reference.startsWith('.')) return posix.join(from, reference);
  if (!reference.startsWith('/')) return reference;
  return `${repositories.find((r) => from.startsWith(r)) ?? ''}${reference}`;
}

function ownerOf(name: string, modules: Iterable<string>): string {
  const owners = [...modules].filter((m) => name === m || name.startsWith(`${m}/`));
  const owner = owners.sort((a, b) => b.length - a.length)[0];
  if (owner === undefined) throw new Error(`no module that go.mod requires has package ${name}`);
  return owner;
}

const download = (module: string, cwd: string): string =>
  (JSON.parse(go(['mod', 'download', '-json', module], cwd)) as { Dir: string }).Dir;
