import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
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

/** Ports that were free a moment ago, all different because all were held at once. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a listening socket without a port');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
