import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensure, type Tool } from './ensure.ts';
import { go, goCommand, goEnvironment, goToolchain, lean, linked } from './go.ts';
import { run } from './run.ts';

/** Of Prometheus' ways to find targets only Kubernetes is generated; the clouds' libraries are most of the time that a build takes. */
const tags = 'remove_all_sd,enable_kubernetes_sd';

/**
 * An OpenTelemetry Collector with the components of a manifest beside this file, made by the project's own builder (ocb). The cache knows it
 * by its version and by the manifest and tags, so that a component more is a new binary.
 */
export function collector(c: { readonly version: string; readonly licence: string; readonly manifest: string }): Tool {
  const manifest = fileURLToPath(new URL(c.manifest, import.meta.url));
  const content = createHash('sha256').update(readFileSync(manifest)).update(tags).digest('hex').slice(0, 8);
  return {
    version: `${c.version}-${content}`,
    licence: c.licence,
    from: `Go modules of scripts/tools/${c.manifest}, by ocb ${c.version}`,
    binary: 'otelcol',
    install(into) {
      const ocb = ensure(
        'ocb',
        goCommand({
          command: 'go.opentelemetry.io/collector/cmd/builder',
          module: 'go.opentelemetry.io/collector/cmd/builder',
          version: c.version,
          licence: c.licence,
        }),
      );
      copyFileSync(manifest, join(into, 'collector.yaml'));
      const sources = join(into, 'sources');
      writeSources(ocb, into, sources);
      go(['build', '-mod=mod', '-tags', tags, ...lean, ...linked(), '-o', join(into, 'otelcol'), '.'], sources);
      // What was built from what stays beside the binary; the generated sources do not.
      for (const file of ['go.mod', 'go.sum']) renameSync(join(sources, file), join(into, file));
      rmSync(sources, { recursive: true, force: true });
    },
  };
}

/**
 * ocb ends with `go mod tidy`, which also wants the modules of every component's tests; the proxy does not serve all of those. By then the
 * sources are complete, and the build after it resolves what the program itself needs, so only missing sources are an error here.
 */
function writeSources(ocb: string, into: string, sources: string): void {
  const toolchain = ensure('go', goToolchain);
  try {
    run(ocb, ['--config', 'collector.yaml', '--skip-compilation'], { cwd: into, env: goEnvironment(toolchain) });
  } catch (error) {
    const complete = ['main.go', 'components.go', 'go.mod'].every((file) => existsSync(join(sources, file)));
    if (!complete) throw error;
  }
}
