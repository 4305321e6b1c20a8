import type { Command } from 'commander';
import type { Cluster, Model } from '../../contract/model.ts';
import { assume, usual } from '../../cost/assume.ts';
import { type ClusterCost, type Cost, costOf, costVersion } from '../../cost/cost.ts';
import { Measure } from '../../cost/measure.ts';
import { fileNames } from '../../logs/sources/file/names.ts';
import { nearest } from '../../nearest.ts';
import { clean } from '../../report/clean.ts';
import { costFormats, costReports } from '../../report/cost/index.ts';
import { openContract } from '../contract.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { objectsGiven } from '../objects.ts';
import { oneOf } from '../options.ts';
import { widthOf } from '../published.ts';
import { readLog } from '../read-log.ts';
import { clusterNamed } from '../source.ts';

export function configure(command: Command): void {
  command
    .argument('[logs...]', "a cluster's access logs, to count what is in them instead of assuming it")
    .option('-c, --contract <file>', 'the contract', 'vigia.yaml')
    .option('--cluster <name>', 'one cluster of the contract; the one that logs and objects are of')
    .option('--manifests <path>', "the cluster's own HTTPRoutes: a folder, a file, or - for standard input")
    .option('--from-cluster', 'ask the cluster for them, through kubectl')
    .option('--context <name>', "kubectl's context for --from-cluster")
    .option('--routes <n>', 'so many routes on each gateway, where nothing says which')
    .option('--outcomes <n>', 'different statuses, flags and sides that a route meets', String(usual.outcomes))
    .option('--gateway-pods <n>', 'pods of each gateway', String(usual.gatewayPods))
    .option('--requests-per-second <n>', 'requests of the cluster; of a log it is measured')
    .option(
      '--failing <percent>',
      'share of requests that fail, are flagged or tried again',
      String(100 * usual.failing),
    )
    .option('--fail-above <n>', 'end with 1 when a cluster has more series than that')
    .option('-o, --output <format>', costFormats.join(', '), 'text')
    .addHelpText(
      'after',
      `
Series and stored records that the contract makes, before it is deployed: by signal and by label, in what the store bills. Writes nothing.
Without a log they follow from the routes and from what is assumed, which is said; with one they are counted. Examples:
  vigia cost --manifests deploy/ --requests-per-second 600
  vigia cost --cluster prod-us-east-1 --from-cluster
  vigia cost --cluster prod-us-east-1 'logs/*.gz' --fail-above 50000`,
    );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  const format = oneOf(options['output'] as string, costFormats, '--output');
  const failAbove = number(options['failAbove'], '--fail-above');
  const { model, file } = openContract(options['contract'] as string, io);
  const name = options['cluster'] as string | undefined;
  const clusters = name === undefined ? model.clusters : [clusterNamed(name, model, file)];
  const [first] = clusters;
  if (args.length > 0 && (clusters.length !== 1 || !first))
    throw new Misuse(
      'a log is of one cluster, and the contract has several',
      `--cluster ${model.clusters.map((c) => c.name).join('|')}`,
    );
  const cost: Cost = {
    version: costVersion,
    clusters:
      args.length > 0 && first
        ? [await measured(first, args, options, io)]
        : await assumed(model, clusters, options, io),
  };
  io.stdout.write(await costReports[format](cost, { width: widthOf(io) }));
  const above = failAbove === undefined ? [] : cost.clusters.filter((c) => c.series > failAbove);
  for (const { cluster, series } of above)
    io.stderr.write(`vigia: ${clean(cluster)}: ${Math.round(series)} series, above ${failAbove}\n`);
  return above.length > 0 ? exitCodes.findings : exitCodes.ok;
}

async function measured(
  cluster: Cluster,
  args: readonly string[],
  options: Record<string, unknown>,
  io: Io,
): Promise<ClusterCost> {
  for (const flag of ['manifests', 'fromCluster', 'routes'] as const)
    if (options[flag] !== undefined)
      throw new Misuse(
        'a log says which routes there are',
        `leave out ${flag === 'fromCluster' ? '--from-cluster' : `--${flag}`}`,
      );
  const measure = new Measure(cluster);
  await readLog(
    fileNames(args, nearest),
    ({ record, raw }) => measure.add(record, loggedIn(raw), Buffer.byteLength(raw)),
    io,
  );
  const workload = measure.workload(required(options['gatewayPods'], '--gateway-pods'));
  const told = number(options['requestsPerSecond'], '--requests-per-second');
  return costOf(cluster, told === undefined ? workload : { ...workload, requestsPerSecond: told });
}

/** The fields of a JSON line by their own names; a line of text has none. */
function loggedIn(raw: string): Readonly<Record<string, unknown>> {
  if (!raw.startsWith('{')) return {};
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function assumed(
  model: Model,
  clusters: readonly Cluster[],
  options: Record<string, unknown>,
  io: Io,
): Promise<readonly ClusterCost[]> {
  const told = {
    outcomes: required(options['outcomes'], '--outcomes'),
    gatewayPods: required(options['gatewayPods'], '--gateway-pods'),
    requestsPerSecond: number(options['requestsPerSecond'], '--requests-per-second'),
    routes: number(options['routes'], '--routes'),
    failing: required(options['failing'], '--failing') / 100,
  };
  if (told.failing > 1) throw new Misuse(`--failing ${options['failing']}: more than 100 percent`);
  const objects = await objectsGiven('cost', options, 'routes', io);
  return clusters.map((cluster) => costOf(cluster, assume(model, cluster, objects, told)));
}

function number(value: unknown, flag: string): number | undefined {
  if (value === undefined) return undefined;
  const found = Number(value);
  if (typeof value !== 'string' || value.trim() === '' || !Number.isFinite(found) || found < 0)
    throw new Misuse(`${flag} ${value}: not a number of 0 or more`);
  return found;
}

const required = (value: unknown, flag: string): number => number(value, flag) ?? 0;
