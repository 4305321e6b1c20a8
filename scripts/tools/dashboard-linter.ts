import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tool } from './ensure.ts';
import { goCommand } from './go.ts';

const ours = fileURLToPath(new URL('dashboard-v2/', import.meta.url));

/**
 * Grafana's dashboard-linter. Its reading of schema v2 needs Go types of Grafana's own whose module is served by no proxy, so that one part is
 * built with types of ours (dashboard-v2/): every rule is the linter's own, and so is all reading of classic dashboards.
 */
export function dashboardLinter({ version, licence }: { readonly version: string; readonly licence: string }): Tool {
  const built = goCommand({
    command: 'github.com/grafana/dashboard-linter',
    module: 'github.com/grafana/dashboard-linter',
    version,
    licence,
    replace: (goMod) => [
      ...[...goMod.matchAll(/^replace .*$/gm)].map(([line]) => line),
      'replace github.com/grafana/grafana/apps/dashboard => ./dashboard-v2',
    ],
  });
  return {
    ...built,
    install(into) {
      cpSync(ours, join(into, 'dashboard-v2'), { recursive: true });
      built.install(into);
    },
  };
}
