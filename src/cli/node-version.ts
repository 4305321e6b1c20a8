/** What package.json asks for in `engines`: zstd, which logs may be compressed with, came with it. */
const needed = [22, 15] as const;

/** Why vigia can't run on that Node.js, whose version is `22.14.0`; undefined when it can. npm only warns of `engines`, and nobody reads it. */
export function tooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return undefined;
  return `vigia needs Node.js ${needed.join('.')} or newer; this is ${version}`;
}
