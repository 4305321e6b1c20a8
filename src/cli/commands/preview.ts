import type { Command } from 'commander';
import type { Board } from '../../boards/board.ts';
import { type BoardContext, boardContexts } from '../../boards/context.ts';
import { boardsOf } from '../../boards/index.ts';
import { fileNames } from '../../logs/sources/file/names.ts';
import { nearest } from '../../nearest.ts';
import type { PreviewData } from '../../preview/data.ts';
import { drawn } from '../../preview/drawn.ts';
import { previewPage } from '../../preview/page/page.ts';
import { PrometheusError, prometheusData } from '../../preview/prometheus.ts';
import { RecordedLog } from '../../preview/recorded.ts';
import { clean } from '../../report/clean.ts';
import { openContract } from '../contract.ts';
import { deliver } from '../deliver.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { listen } from '../listen.ts';
import { Failed, Misuse } from '../misuse.ts';
import { oneOf } from '../options.ts';
import { readLog } from '../read-log.ts';
import { parseSpan } from '../time.ts';

const recorded = 'examples/incident/access.log.gz';
const example = 'examples/contracts/small/vigia.yaml';
const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function configure(command: Command): void {
  command
    .argument('[boards...]', 'boards by their id; all when none is named')
    .option('-c, --contract <file>', 'the contract whose boards they are; without one, an example', 'vigia.yaml')
    .option('--environment <name>', "one of the contract's environments; the first when not said")
    .option(
      '--from <log>',
      'an access log to draw them from; repeat for several; a recorded incident when none is named',
      collect,
    )
    .option('--prometheus <url>', 'a live Prometheus to ask instead, the very PromQL of the Grafana dashboards')
    .option('--since <span>', 'with --prometheus: from this long ago until now', '1h')
    .option('--out <file>', 'where the page goes', 'vigia-preview.html')
    .option('--force', 'overwrite a file that vigia did not write')
    .option('--listen <port>', 'serve the page on 127.0.0.1 instead, made anew for each visit; 0 takes a free port')
    .addHelpText(
      'after',
      `
One page that opens offline and loads nothing. An access log holds no statistics of Envoy, the control plane or the Collector:
their panels say so.

Examples:
  vigia preview
  vigia preview overview fault --from access.log
  vigia preview --prometheus http://127.0.0.1:9090 --since 6h
  vigia preview routes --listen 8080`,
    );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  const port = options['listen'] === undefined ? undefined : portOf(options['listen'] as string);
  if (options['from'] !== undefined && options['prometheus'] !== undefined)
    throw new Misuse('--from and --prometheus both say where the numbers are', 'give one of them');
  // Once before anybody is told an address, so that a mistake is told at once.
  const page = await made(args, options, io);
  if (port === undefined) {
    deliver(page, { out: options['out'] as string, force: options['force'] === true, io });
    return exitCodes.ok;
  }
  const told = (message: string): void => io.stderr.write(`vigia: ${clean(message)}\n`);
  const { address, close } = await listen(
    '127.0.0.1',
    port,
    async (method, path) => {
      if (path !== '/') return { status: 404, contentType: 'text/plain', body: 'not here\n' };
      if (method !== 'GET' && method !== 'HEAD') return { status: 405, contentType: 'text/plain', body: 'GET only\n' };
      return { status: 200, contentType: 'text/html; charset=utf-8', body: await made(args, options, io) };
    },
    told,
  );
  told(`http://${address}/, until Ctrl-C`);
  await io.stopped;
  await close();
  return exitCodes.ok;
}

async function made(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<string> {
  const context = contextOf(options, io);
  const boards = chosen(boardsOf(context), args);
  const data = await dataOf(context, options, io);
  const pages: Awaited<ReturnType<typeof drawn>>[] = [];
  try {
    for (const board of boards) pages.push(await drawn(board, data));
  } catch (error) {
    if (error instanceof PrometheusError) throw new Failed(error.message);
    throw error;
  }
  return previewPage(pages, { context, data });
}

function contextOf(options: Record<string, unknown>, io: Io): BoardContext {
  const named = options['contract'] as string;
  const there = named !== 'vigia.yaml' || io.readFile(named) !== undefined;
  const { model } = openContract(there ? named : io.asset(example), io);
  const contexts = boardContexts(model);
  const names = contexts.map((c) => c.environment.name);
  const wanted = options['environment'] as string | undefined;
  const name = wanted === undefined ? names[0] : oneOf(wanted, names, '--environment');
  const found = contexts.find((c) => c.environment.name === name);
  if (!found) throw new Misuse('the contract has no cluster, so there is no board', 'name one under clusters:');
  return found;
}

function chosen(boards: readonly Board[], ids: readonly string[]): readonly Board[] {
  const known = boards.map((b) => b.id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const guess = nearest(id, known);
    throw new Misuse(
      `there is no board ${id}: ${known.join(', ')}`,
      guess === undefined ? 'an access log to draw from goes after --from' : `did you mean ${guess}?`,
    );
  }
  return ids.length === 0 ? boards : boards.filter((b) => ids.includes(b.id));
}

async function dataOf(context: BoardContext, options: Record<string, unknown>, io: Io): Promise<PreviewData> {
  const url = options['prometheus'] as string | undefined;
  if (url !== undefined) {
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw new Misuse(`--prometheus ${url}: not an http or https URL`, 'for example http://127.0.0.1:9090');
    const to = io.now();
    return prometheusData({ url, from: to - parseSpan(options['since'] as string, '--since'), to, context, ask });
  }
  const given = options['from'] as string[] | undefined;
  const names = given === undefined ? [io.asset(recorded)] : fileNames(given, nearest);
  // A log does not say whose it is: where the contract leaves one answer, it is that.
  const only = (list: readonly string[]): string => (list.length === 1 ? (list[0] ?? 'unknown') : 'unknown');
  const identity = {
    gateway: only(context.gateways),
    environment: context.environment.name,
    cluster: only(context.clusters),
  };
  const log = new RecordedLog(identity, context.objectives);
  await readLog(names, ({ record }) => log.take(record), io);
  const data = given === undefined ? log.data([recorded], `${recorded}, a recorded incident`) : log.data(names);
  if (!data)
    throw new Failed(
      `${names.join(', ')}: no record with a time, so nothing can be drawn over time`,
      'log %START_TIME%',
    );
  return data;
}

/** The one thing of a preview that is asked of a network, and only of the address that the user gave. */
async function ask(url: string): Promise<unknown> {
  let reply: Response;
  try {
    reply = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(30_000) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new PrometheusError(`${new URL(url).origin}: ${cause}`);
  }
  const text = await reply.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new PrometheusError(`${new URL(url).origin}: HTTP ${reply.status}, and no JSON: not a Prometheus`);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Misuse(`--listen ${text}: not a port`, 'for example --listen 8080');
  return port;
}
