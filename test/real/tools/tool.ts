import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where `npm run tools` links a tool; an error that names the command when it is not there. */
export function toolPath(name: string): string {
  const path = fileURLToPath(new URL(`../../../.tools/${name}`, import.meta.url));
  if (!existsSync(path)) throw new Error(`${name} is not on this machine; bring it with: npm run tools -- ${name}`);
  return path;
}

/** How a command ended and what it said, both streams in the order of their kind: standard output, then standard error. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tool to its end. A status other than 0 is an answer, not an exception: tests ask for failures too. */
export function runTool(
  name: string,
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly timeoutMs?: number;
    readonly cwd?: string;
  } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      toolPath(name),
      args,
      {
        env: { ...process.env, ...options.env },
        maxBuffer: 64 * 1024 * 1024,
        timeout: options.timeoutMs ?? 60_000,
        ...(options.cwd !== undefined && { cwd: options.cwd }),
      },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number')
          reject(new Error(`${name} ${args.join(' ')} did not end by itself: ${error.message}`));
        else resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
    // A tool that ends without reading its input closes the pipe; how it ended is what counts.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}
