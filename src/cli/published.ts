import type { Command } from 'commander';
import type { Model } from '../contract/model.ts';
import { generate, generatorIds, generators } from '../generate/index.ts';
import { exchange, pause } from '../publish/http.ts';
import type { Patience, Stop } from '../publish/patience.ts';
import type { Plan, Service } from '../publish/plan.ts';
import { services } from '../publish/services.ts';
import { Stopped, Trouble } from '../publish/trouble.ts';
import { addressOf, type Destination, destinations } from '../publish/wanted.ts';
import { clean } from '../report/clean.ts';
import { openContract } from './contract.ts';
import type { Io } from './io.ts';
import { Failed, Misuse } from './misuse.ts';
import { oneOf } from './options.ts';

const serviceNames = ['grafana', 'datadog'] as const satisfies readonly Destination['service'][];
const formats = ['text', 'json'] as const;

/** Options of `diff` and `apply` alike. */
export function publishOptions(command: Command): Command {
  return command
    .argument('[nothing...]')
    .option('-c, --contract <file>', 'the contract', 'vigia.yaml')
    .option('--only <service>', `one service only: ${serviceNames.join(' or ')}`)
    .option('--env <names>', 'some environments only, as the contract names them')
    .option('-o, --output <format>', `how the plan is told: ${formats.join(', ')}`, 'text');
}

export interface Published {
  readonly plans: readonly (readonly [Service, Plan])[];
  readonly patience: Patience;
  readonly json: boolean;
}

/** Reads the contract, generates, and asks each live service how it stands to that. Writes nothing. */
export async function published(options: Record<string, unknown>, io: Io, stop: Stop): Promise<Published> {
  const json = oneOf(options['output'] as string, formats, '--output') === 'json';
  const { model, file } = openContract(options['contract'] as string, io);
  const only = options['only'] as string | undefined;
  const to = destinationsOf(model, file, only, options['env'] as string | undefined);
  const patience: Patience = {
    stop,
    pause,
    now: io.now,
    waiting: (host, why, ms) =>
      io.stderr.write(`vigia: ${clean(`${host}: ${why}`)}; waiting ${Math.ceil(ms / 1000)} s\n`),
  };
  return told(async () => {
    const plans: (readonly [Service, Plan])[] = [];
    for (const service of await services(model, to(), io.env, exchange, patience)) {
      plans.push([service, await service.plan()]);
      if (stop.asked) throw new Stopped();
    }
    return { plans, patience, json };
  });
}

/** Columns to write in: a terminal that does not know its own width says 0. */
export const widthOf = (io: Io): number => Math.max(60, io.stdout.columns || 120);

/** Troubles of publish/ as the program's own failure; a stop before anything was written too. */
export async function told<T>(what: () => Promise<T>): Promise<T> {
  try {
    return await what();
  } catch (error) {
    if (error instanceof Trouble) throw new Failed(error.message, error.hint);
    if (error instanceof Stopped) throw new Failed('stopped: nothing was written');
    throw error;
  }
}

function destinationsOf(
  model: Model,
  file: string,
  only: string | undefined,
  env: string | undefined,
): () => readonly Destination[] {
  const names = model.environments.map((e) => e.name);
  const environments = env?.split(',').map((name) => oneOf(name.trim(), names, '--env'));
  const asked = only === undefined ? serviceNames : [oneOf(only, serviceNames, '--only')];
  const chosen = model.environments.filter((e) => environments?.includes(e.name) ?? true);
  const there = asked.filter((service) => chosen.some((e) => addressOf(e, service) !== undefined));
  if (there.length === 0)
    throw new Misuse(
      `${file} names no ${asked.map((s) => (s === 'grafana' ? "Grafana's address" : 'Datadog account')).join(' and no ')} in ${chosen.map((e) => e.name).join(', ')}`,
      'environments.<name>.grafana.url or environments.<name>.datadog says where to',
    );
  const ids = generatorIds.filter((id) => generators[id].folders.some((f) => /^(dashboards|alerts)(\/|$)/.test(f)));
  return () => destinations(model, generate(model, ids), { environments, services: there });
}
