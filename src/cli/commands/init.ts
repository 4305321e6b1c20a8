import type { Command } from 'commander';
import { takeInventory } from '../../contract/draft/inventory.ts';
import { type DraftCluster, writeDraft } from '../../contract/draft/write.ts';
import { clean } from '../../report/clean.ts';
import { checkedContract } from '../contract.ts';
import { deliver } from '../deliver.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fromCluster } from '../from-cluster.ts';
import type { Io } from '../io.ts';
import { openManifests } from '../manifests.ts';
import { Failed, Misuse } from '../misuse.ts';

const schemaFile = 'vigia.schema.json';

export function configure(command: Command): void {
  command
    .argument('[nothing...]')
    .option(
      '--from-manifests <path>',
      'gateways, load balancers and routes from a folder, a file, or - for standard input',
    )
    .option('--from-cluster', 'the same from a cluster, through kubectl')
    .option('--context <name>', "kubectl's context for --from-cluster")
    .option('--out <file>', 'where the contract goes; - for standard output', 'vigia.yaml')
    .option('--force', 'overwrite a contract that is there')
    .addHelpText(
      'after',
      `
Examples:
  vigia init
  vigia init --from-manifests deploy/
  kubectl get gateways,httproutes,services -A -o json | vigia init --from-manifests - --out -
  vigia init --from-cluster --context prod`,
    );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  const { out, force, from, context, live } = wanted(args, options);
  if (out !== undefined && !force && io.readFile(out) !== undefined)
    throw new Misuse(
      `${out} exists: a contract is edited by hand, so it is not overwritten`,
      'choose another name with --out, or --force',
    );
  const { objects, cluster } = live
    ? await fromCluster(context, io)
    : { objects: from === undefined ? [] : openManifests(from, '--from-manifests', io), cluster: unnamed };
  const inventory = takeInventory(objects);
  for (const left of inventory.left) io.stderr.write(`vigia: left out ${clean(left)}\n`);
  if ((live || from !== undefined) && inventory.gateways.length === 0)
    throw new Failed(
      `no Gateway of kgateway's among ${objects.length} objects`,
      'vigia init alone writes a contract to fill in by hand',
    );
  const draft = writeDraft(inventory, cluster, `./${schemaFile}`);
  const { model } = checkedContract(draft, 'the draft');
  deliver(draft, { out, force: true, io });
  if (out !== undefined) schemaBeside(out, io);
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
  if (inventory.gateways.length > 0)
    io.stderr.write(
      `vigia: found ${count(model.clusters.flatMap((c) => c.gateways).length, 'gateway')} and ${count(model.routes.length, 'route')}\n`,
    );
  return exitCodes.ok;
}

interface Wanted {
  readonly out: string | undefined;
  readonly force: boolean;
  readonly from: string | undefined;
  readonly context: string | undefined;
  readonly live: boolean;
}

function wanted(args: readonly string[], options: Record<string, unknown>): Wanted {
  const one = (key: string) => options[key] as string | undefined;
  const live = options['fromCluster'] === true;
  if (args.length > 0) throw new Misuse(`init takes no "${args[0]}"`, `vigia init --from-manifests ${args[0]}`);
  if (live && one('fromManifests') !== undefined)
    throw new Misuse('--from-manifests and --from-cluster: only one of them');
  if (!live && one('context') !== undefined) throw new Misuse('--context is for --from-cluster');
  return {
    out: one('out') === '-' ? undefined : one('out'),
    force: options['force'] === true,
    from: one('fromManifests'),
    context: one('context'),
    live,
  };
}

const unnamed: DraftCluster = { name: 'dev', region: undefined, account: undefined };

/** The schema that the contract's first line names, so that an editor knows every key without a network. */
function schemaBeside(out: string, io: Io): void {
  const path = out.replace(/[^/\\]*$/, schemaFile);
  const schema = io.readFile(io.asset(schemaFile));
  const there = io.readFile(path);
  if (schema === undefined || there === schema) return;
  if (there !== undefined && !there.includes('"title": "vigia.yaml"'))
    io.stderr.write(
      `vigia: ${path} is there and not vigia's: left alone, so editors will not know the contract's keys\n`,
    );
  else io.writeFile(path, schema);
}
