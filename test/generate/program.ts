import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeIo } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The program in a folder, in this process. */
export async function run(dir: string, args: readonly string[]): Promise<Said> {
  const said = { out: '', err: '' };
  const stream = (key: 'out' | 'err') =>
    ({
      isTTY: false,
      columns: undefined,
      write: (text: string) => {
        said[key] += text;
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const io = nodeIo({
    stdout: stream('out'),
    stderr: stream('err'),
    stdin: process.stdin,
    env: {},
    root,
    cwd: () => dir,
    once: () => undefined,
  });
  return { code: await main(args, io), ...said };
}

/** A folder of its own. */
export class Workplace {
  readonly dir = mkdtempSync(join(tmpdir(), 'vigia-generate-'));

  run(...args: readonly string[]): Promise<Said> {
    return run(this.dir, args);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.dir, path), 'utf8');
  }

  edit(path: string, from: string, to: string): void {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    this.write(path, text.replace(from, to));
  }

  remove(path: string): void {
    rmSync(join(this.dir, path));
  }

  files(): readonly string[] {
    return readdirSync(this.dir, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => join(e.parentPath, e.name).slice(this.dir.length + 1))
      .sort();
  }

  end(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
