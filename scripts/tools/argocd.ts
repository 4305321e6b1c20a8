import { chmodSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tool } from './ensure.ts';
import { go, goCommand, lean, linked } from './go.ts';

const ours = fileURLToPath(new URL('argocd/redis.go', import.meta.url));
const module = 'github.com/argoproj/argo-cd/v3';
/** What its repo-server asks of each commit. */
const verify = 'git-verify-wrapper.sh';

/**
 * Argo CD: one program for all its parts, which `ARGOCD_BINARY_NAME` tells apart. Beside it are the CustomResourceDefinitions of the same
 * version, in `crds/`, the one script that its repo-server calls, and `redis`, which stands in for the cache that its parts share.
 */
export function argocd({ version, licence }: { readonly version: string; readonly licence: string }): Tool {
  const built = goCommand({
    command: `${module}/cmd`,
    module,
    version,
    licence,
    binary: 'argocd',
    values: { [`${module}/common.version`]: version },
    // All of its own but the one that points into its own folder: that module, its sync engine, is served by its version.
    replace: (goMod) =>
      [...goMod.matchAll(/^(?:replace )?\s*(\S+ => [^.\s]\S* v\S+)$/gm)].map((m) => `replace ${m[1]}`),
  });
  return {
    ...built,
    install(into) {
      built.install(into);
      // The requirements are Argo CD's own, so that this is the miniredis that it is tested with.
      cpSync(ours, join(into, 'redis.go'));
      go(['build', '-mod=mod', ...lean, ...linked(), '-o', join(into, 'redis'), './redis.go'], into);
      const found = go(['mod', 'download', '-json', `${module}@v${version}`], into);
      const sources = (JSON.parse(found) as { Dir: string }).Dir;
      cpSync(join(sources, 'manifests/crds'), join(into, 'crds'), { recursive: true });
      cpSync(join(sources, 'hack', verify), join(into, verify));
      chmodSync(join(into, verify), 0o755);
    },
  };
}
