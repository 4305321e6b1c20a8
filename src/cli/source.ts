import type { Command } from 'commander';
import type { Cluster, Logs, Model } from '../contract/model.ts';
import { type StoreName, storeNames } from '../logs/answer.ts';
import type { Overrides } from '../logs/read/key-map.ts';
import type { RemoteSource } from '../logs/sources/source.ts';
import { nearest } from '../nearest.ts';
import { clean } from '../report/clean.ts';
import type { Io } from './io.ts';
import { Misuse } from './misuse.ts';
import { oneOf } from './options.ts';
import { statusLine } from './status-line.ts';
import { stores } from './stores/index.ts';
import type { Store, Told } from './stores/store.ts';

const sources = ['file', ...storeNames] as const;

/** The flags by which it is chosen where logs are read, for every command that reads them. */
export function sourceFlags(command: Command): Command {
  command
    .option('--source <name>', `where the logs are: ${sources.join(', ')}`)
    .option('--cluster <name>', 'a cluster of the contract: its environment says where the logs are')
    .option('-c, --contract <file>', 'the contract that --cluster is in', 'vigia.yaml');
  for (const name of storeNames) stores[name].flags(command);
  return command;
}

/** The remote store that options and contract name; undefined when files are to be read. */
export async function chosenStore(
  options: Readonly<Record<string, unknown>>,
  files: readonly string[],
  io: Io,
): Promise<{ readonly name: StoreName; readonly told: Told<StoreName> | undefined } | undefined> {
  const asked = options['source'] as string | undefined;
  const source = asked === undefined ? undefined : oneOf(asked, sources, '--source');
  const cluster = await clusterOf(options, source, io);
  const logs = cluster?.environment.logs;
  if (source === undefined && logs === undefined) return undefined;
  if (source === 'file') return undefined;
  const name = source ?? storeNames.find((s) => s === logs?.to);
  if (name === undefined)
    throw new Misuse(
      `environment ${cluster?.environment.name} stores its logs in ${logs?.to}, which vigia can't ask`,
      logs?.to === 'file' ? 'copy the file from the Collector and name it' : `--source ${storeNames.join(', ')}`,
    );
  if (logs !== undefined && logs.to !== name)
    throw new Misuse(
      `--source ${name}, and the logs of cluster ${cluster?.name} are in ${logs.to}`,
      `leave --source out, or --cluster`,
    );
  if (files.length > 0) throw new Misuse(`${files[0]}: a file, and --source ${name} reads none`, 'give one of them');
  return { name, told: cluster && told(cluster, logs as Extract<Logs, { to: StoreName }>) };
}

const told = (cluster: Cluster, logs: Extract<Logs, { to: StoreName }>): Told<StoreName> => ({
  cluster,
  environment: cluster.environment,
  logs,
});

/** Opens the chosen store; `end` takes its status line away. */
export async function openStore(
  chosen: { readonly name: StoreName; readonly told: Told<StoreName> | undefined },
  options: Readonly<Record<string, unknown>>,
  overrides: Overrides,
  io: Io,
): Promise<{ readonly source: RemoteSource; readonly end: () => void }> {
  io.note?.({ source: chosen.name, bytes: undefined });
  const status = statusLine(io);
  const stop = new AbortController();
  // Ctrl-C must end what runs in the store, which bills without its client too.
  void io.stopped.then(() => stop.abort());
  const source = await (stores[chosen.name] as Store<StoreName>).open({
    options,
    told: chosen.told,
    overrides,
    io,
    signal: stop.signal,
    progress: status.show,
    warn: (m) => {
      status.clear();
      io.stderr.write(`vigia: ${clean(m)}\n`);
    },
  });
  return { source, end: status.clear };
}

/** Says which window a store is asked about when the user gave no beginning. */
export function saysWindow({ since, from, to }: Readonly<Record<string, unknown>>, io: Io): void {
  if (since === undefined && from === undefined)
    io.stderr.write(`vigia: no beginning given: the hour before ${to === undefined ? 'now' : clean(String(to))}\n`);
}

async function clusterOf(
  options: Readonly<Record<string, unknown>>,
  source: string | undefined,
  io: Io,
): Promise<Cluster | undefined> {
  const name = options['cluster'] as string | undefined;
  if (name === undefined) return undefined;
  if (source === 'file')
    throw new Misuse('--cluster says where the logs are, and --source file reads files', 'give one of them');
  // Schemas and a YAML parser, which cost more than a small log: only for those who name a cluster.
  const { openContract } = await import('./contract.ts');
  const { model } = openContract(options['contract'] as string, io);
  return clusterNamed(name, model, options['contract']);
}

/** The contract's cluster of that name. */
export function clusterNamed(name: string, model: Model, contract: unknown): Cluster {
  const found = model.clusters.find((c) => c.name === name);
  if (found) return found;
  throw new Misuse(`--cluster ${name}: not in ${contract}`, suggestion(name, model));
}

function suggestion(name: string, { clusters }: Model): string {
  const guess = nearest(
    name,
    clusters.map((c) => c.name),
  );
  return guess ? `did you mean ${guess}?` : `one of ${clusters.map((c) => c.name).join(', ')}`;
}
