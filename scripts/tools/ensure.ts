import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withLock } from './lock.ts';

/** A tool: how it is named and licensed, and how to put its files into an empty folder. */
export interface Tool {
  readonly version: string;
  readonly licence: string;
  readonly from: string;
  /** The binary's path inside the tool's folder, or an absolute path for a tool the system's package manager owns. */
  readonly binary: string;
  install(into: string): void;
}

/** `$XDG_CACHE_HOME/vigia/tools`: shared by every clone on the machine, so that only the first one pays. */
export function cacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'vigia', 'tools');
}

const homeOf = (name: string, tool: Tool): string => join(cacheDir(), `${name}-${tool.version}`);

/** Whether `ensure` has nothing to do. */
export function installed(name: string, tool: Tool): boolean {
  return existsSync(tool.binary.startsWith('/') ? tool.binary : join(homeOf(name, tool), tool.binary));
}

/**
 * The tool's binary, fetched or built when the cache lacks that version. Installs into a folder of its own first and renames it, so that an
 * interrupted fetch never looks like a tool. Two clones that need the same tool at once build it once: the second waits.
 */
export function ensure(name: string, tool: Tool): string {
  if (tool.binary.startsWith('/')) {
    if (!existsSync(tool.binary)) tool.install(dirname(tool.binary));
    if (!existsSync(tool.binary)) throw new Error(`${tool.binary} is still missing after the install`);
    return tool.binary;
  }
  const home = homeOf(name, tool);
  const binary = join(home, tool.binary);
  if (existsSync(binary)) return binary;
  mkdirSync(cacheDir(), { recursive: true });
  withLock(`${home}.lock`, () => {
    if (!existsSync(binary)) installInto(home, tool);
  });
  return binary;
}

function installInto(home: string, tool: Tool): void {
  const staging = `${home}.${process.pid}.part`;
  mkdirSync(staging, { recursive: true });
  try {
    tool.install(staging);
    if (!existsSync(join(staging, tool.binary))) throw new Error(`${tool.from} held no ${tool.binary}`);
    rmSync(home, { recursive: true, force: true });
    renameSync(staging, home);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
