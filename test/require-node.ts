import { readFileSync } from 'node:fs';

/** Runs before every test: a silent fall-back to the machine's own Node would test another program. */
export default function setup(): void {
  const pinned = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).devDependencies.node;
  if (process.versions.node !== pinned) {
    throw new Error(
      `tests run on Node ${pinned}, this is ${process.versions.node}: use "npm test", which installs and starts it`,
    );
  }
}
