import { spawnSync } from 'node:child_process';

/** Runs a command to its end, silently; what it said last is in the error when it fails. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): string {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
  });
  if (done.error) throw new Error(`${command} could not be started (${done.error.message}); install it and try again`);
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(' ')} exited ${done.status}: ${lastWords(done.stderr)}`);
  return done.stdout;
}

/** The end of what a command complained about, without Go's lines about each module that it downloads. */
function lastWords(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('go: downloading '));
  return lines
    .slice(-6)
    .map((line) => line.trim().slice(0, 400))
    .join(' | ');
}
