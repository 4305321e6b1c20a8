// The small step before every script: runs on any Node >= 18, installs what is missing, then hands over to the pinned Node.
// Plain JavaScript on purpose: it must work before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tasks } from './tasks.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stop = (message) => {
  process.stderr.write(`vigia: ${message}\n`);
  process.exit(3);
};

const major = Number(process.versions.node.split('.')[0]);
if (major < 18)
  stop(`these scripts need Node 18 or newer to start; this is ${process.versions.node}. Install Node 22.`);

const [name = '', ...given] = process.argv.slice(2);
// Called without npm, the -- that npm takes away is still there.
const args = given[0] === '--' ? given.slice(1) : given;
const task = tasks[name];
if (!task) stop(`no script "${name}"; one of ${Object.keys(tasks).join(', ')}`);

/** A stamp of the lock file tells whether node_modules is what it asks for; npm ci runs only when it is not. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.vigia-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('vigia: installing dependencies (npm ci), once per lock file\n');
  const npm = process.env.npm_execpath;
  const flags = ['ci', '--no-fund', '--no-audit', '--loglevel=error'];
  const result = npm
    ? spawnSync(process.execPath, [npm, ...flags], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', flags, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (result.status !== 0) stop('npm ci failed; its own words are above');
  writeFileSync(stamp, lock);
}

/** The devDependency "node": a real binary. `npm ci --ignore-scripts` leaves it out silently, so its absence is an error here. */
function pinnedNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node;
  const binary = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary))
    stop(`Node ${wanted} is missing from node_modules (was npm run with --ignore-scripts?): run "npm ci"`);
  const found = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (found !== `v${wanted}`) stop(`scripts run on Node ${wanted}, node_modules holds ${found}: run "npm ci"`);
  return binary;
}

install();
const node = pinnedNode();
const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
const env = { ...process.env, PATH: path, NODE_OPTIONS: undefined };
for (const step of task.steps(args)) {
  const cwd = task.callerCwd ? (process.env.INIT_CWD ?? process.cwd()) : root;
  const [file, ...rest] = step;
  const result = spawnSync(node, ['--disable-warning=ExperimentalWarning', join(root, file), ...rest], {
    cwd,
    env,
    stdio: 'inherit',
  });
  if (result.error) stop(`${file}: ${result.error.message}`);
  // A signal ends us the way it ended the child, so that Ctrl-C and SIGPIPE look the same from outside.
  if (result.signal) process.kill(process.pid, result.signal);
  if (result.status !== 0) process.exit(result.status ?? 3);
}
