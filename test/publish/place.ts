import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeIo } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { root, type Said } from '../generate/program.ts';

export interface Person {
  /** What is answered to the question; undefined: there is no terminal. */
  readonly answer?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
}

/** A folder with a contract, and the program in it: with the tokens of the environment, a terminal or none, and Ctrl-C at will. */
export class Place {
  readonly dir = mkdtempSync(join(tmpdir(), 'vigia-publish-'));
  /** Presses Ctrl-C. */
  interrupt: () => void = () => {};

  contract(text: string): void {
    writeFileSync(join(this.dir, 'vigia.yaml'), text);
  }

  async run(
    args: readonly string[],
    { answer, env = {}, columns }: Person = {},
  ): Promise<Said & { readonly asked: string }> {
    const said = { out: '', err: '', asked: '' };
    const stream = (key: 'out' | 'err') =>
      ({
        isTTY: false,
        columns,
        write: (text: string) => {
          said[key] += text;
          return true;
        },
      }) as unknown as NodeJS.WriteStream;
    const io = nodeIo({
      stdout: stream('out'),
      stderr: stream('err'),
      stdin: process.stdin,
      env,
      root,
      cwd: () => this.dir,
      once: (_, listener) => {
        this.interrupt = listener;
      },
    });
    const code = await main(args, {
      ...io,
      get stopped() {
        return io.stopped;
      },
      stdinIsTTY: answer !== undefined,
      ask: async (question) => {
        said.asked += question;
        return answer;
      },
    });
    return { code, ...said };
  }

  end(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
