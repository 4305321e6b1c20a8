// Brings real tools at pinned versions into a per-user cache and links them as .tools/: npm run tools -- [NAME...] [--all] [--list]
import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir, ensure, installed } from './tools/ensure.ts';
import { tools } from './tools/registry.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const names =
  args.includes('--all') || args.length === 0 ? Object.keys(tools) : args.filter((a) => !a.startsWith('--'));

if (args.includes('--list')) {
  for (const [name, tool] of Object.entries(tools))
    console.log(`${name} ${tool.version} (${tool.licence}) from ${tool.from}`);
  process.exit(0);
}

const linkDir = join(root, '.tools');
mkdirSync(linkDir, { recursive: true });
for (const name of names) {
  const tool = tools[name];
  if (!tool) {
    console.error(`tools: no tool "${name}"; one of ${Object.keys(tools).join(', ')}`);
    process.exit(2);
  }
  try {
    const started = Date.now();
    if (!installed(name, tool))
      console.error(`tools: ${name} ${tool.version}: from ${tool.from} (minutes, where it is built)`);
    const binary = ensure(name, tool);
    const took = Math.round((Date.now() - started) / 1000);
    const link = join(linkDir, name);
    // Renamed over the old link, so that a test that starts the tool in this instant finds one or the other.
    const fresh = `${link}.${process.pid}`;
    symlinkSync(binary, fresh);
    renameSync(fresh, link);
    console.error(`tools: ${name} ${tool.version} (${tool.licence}) -> .tools/${name}${took > 1 ? `, ${took} s` : ''}`);
  } catch (error) {
    console.error(`tools: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    console.error(
      `tools: cache is ${cacheDir()}; package.json is at ${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}`,
    );
    process.exit(3);
  }
}
