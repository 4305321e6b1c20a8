import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The repository's own generated folders come from the small example: vigia generate or check as a user would run it. What it said, and how it ended. */
export function onExample(command: 'generate' | 'check'): { readonly code: number | null; readonly said: string } {
  const args = ['src/bin.ts', command, '--contract', 'examples/contracts/small/vigia.yaml'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}
