import type { Command } from 'commander';
import { align } from '../../align/align.ts';
import { alignmentFormats, alignmentReports } from '../../report/alignment/index.ts';
import { openContract } from '../contract.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { objectsGiven } from '../objects.ts';
import { oneOf } from '../options.ts';
import { widthOf } from '../published.ts';
import { clusterNamed } from '../source.ts';
import { colored } from './triage.ts';

export function configure(command: Command): void {
  command
    .argument('[nothing...]')
    .option('-c, --contract <file>', 'the contract', 'vigia.yaml')
    .option(
      '--cluster <name>',
      'the cluster of the contract that is meant, and whose objects are given; all unless told',
    )
    .option('--manifests <path>', "the cluster's own objects: a folder, a file, or - for standard input")
    .option('--from-cluster', 'ask the cluster for them, through kubectl')
    .option('--context <name>', "kubectl's context for --from-cluster")
    .option('-o, --output <format>', alignmentFormats.join(', '), 'text')
    .option('--color <when>', 'auto, always, never', 'auto')
    .addHelpText(
      'after',
      `
Whether timeouts and keep-alives line up: load balancer, gateway, route, backend; who sends on a connection must give it up first. Writes nothing;
ends with 1 when something is misaligned. What servers do themselves is said under backends in the contract. Examples:
  vigia align
  vigia align --manifests deploy/
  vigia align --cluster prod-us-east-1 --from-cluster -o yaml`,
    );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  if (args.length > 0) throw new Misuse(`align takes no "${args[0]}"`, `vigia align --manifests ${args[0]}`);
  const format = oneOf(options['output'] as string, alignmentFormats, '--output');
  const color = format === 'text' && colored(options['color'] as string | undefined, io);
  const cluster = options['cluster'] as string | undefined;
  const { model, file } = openContract(options['contract'] as string, io);
  const one = cluster === undefined ? model : { ...model, clusters: [clusterNamed(cluster, model, file)] };
  const objects = await objectsGiven('align', options, 'policies', io);
  const alignment = align(one, objects);
  io.stdout.write(await alignmentReports[format](alignment, { color, width: widthOf(io) }));
  return alignment.findings.some((f) => f.severity === 'misaligned') ? exitCodes.findings : exitCodes.ok;
}
