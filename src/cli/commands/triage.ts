import type { Command } from 'commander';
import type { Answer } from '../../logs/answer.ts';
import { everything, type Question } from '../../logs/question.ts';
import type { AccessRecord } from '../../logs/record.ts';
import { rereadable } from '../../logs/sources/file/input.ts';
import { fileNames } from '../../logs/sources/file/names.ts';
import { readRecords } from '../../logs/sources/file/records.ts';
import { fileSource } from '../../logs/sources/file.ts';
import type { RemoteSource, Source } from '../../logs/sources/source.ts';
import { nearest } from '../../nearest.ts';
import { clean } from '../../report/clean.ts';
import { type ReportName, reports } from '../../report/index.ts';
import { span } from '../../report/when.ts';
import { diagnose } from '../../triage/diagnose.ts';
import { type Side, sides } from '../../triage/side.ts';
import type { Triage } from '../../triage/triage.ts';
import { plural } from '../../triage/words.ts';
import type { GatewayRecords } from '../alb.ts';
import { deliver } from '../deliver.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { asked, oneOf } from '../options.ts';
import { progressLine } from '../progress.ts';
import { sharedFlags } from '../shared-flags.ts';
import { chosenStore, openStore, saysWindow, sourceFlags } from '../source.ts';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function configure(command: Command): void {
  sourceFlags(
    sharedFlags(command.argument('[files...]', 'access logs: plain, .gz or .zst, globs, or - for standard input')),
  )
    .option('-o, --output <format>', `${Object.keys(reports).join(', ')}`, 'text')
    .option(
      '--alb <file>',
      "the load balancer's own access log (.gz, globs; repeat): answers that the gateway never made",
      collect,
    )
    .option('--out <file>', 'write the report there instead of standard output')
    .option('--force', 'overwrite a file that vigia did not write')
    .option('--no-redact', 'keep query strings, client addresses and tokens in json, markdown and html')
    .option(
      '--fail-on <side=...>',
      'exit 1 when there are such failures: any, or side=gateway,backend; partial: exit 3 when a store could not read all',
    )
    .option('--color <when>', 'auto, always, never', 'auto')
    .option('--json-schema', 'print the JSON Schema of -o json and end')
    .addHelpText(
      'after',
      `
Examples:
  vigia triage access.log
  kubectl logs deploy/gateway | vigia triage -
  vigia triage 'logs/*.gz' --from 09:00 --to 09:30 --status 503 -o markdown
  vigia triage access.log -o html --out incident.html
  vigia triage access.log --fail-on side=gateway
  vigia triage access.log --alb 'alb/*.log.gz'
  vigia triage --cluster prod-us-east-1 --since 1h --status 503
  vigia triage --source cloudwatch --log-group '/gateways/*' --from 14:00 --to 14:20`,
    );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  if (options['jsonSchema'] === true) {
    io.stdout.write((await import('../../report/schema.ts')).reportJsonSchema());
    return exitCodes.ok;
  }
  const output = oneOf(options['output'] as string, Object.keys(reports) as ReportName[], '--output');
  const failOn = parseFailOn(options['failOn'] as string | undefined);
  const store = await chosenStore(options, args, io);
  if (store) return await triageStore(store, options, output, failOn, io);
  const { question, focus, format, overrides } = asked(options, io.now());
  if (args.length === 0 && io.stdinIsTTY)
    throw new Misuse(
      'no file to read',
      'vigia triage access.log, or - for standard input; vigia demo shows it on a recorded incident',
    );
  const names = fileNames(args.length === 0 ? ['-'] : args, nearest);
  const progress = progressLine(io);
  const source = fileSource({
    names,
    format,
    overrides,
    ...(progress.update ? { progress: progress.update } : {}),
    warn: (m) => io.stderr.write(`vigia: ${clean(m)}\n`),
  });
  const answer = await source.count(question).finally(() => progress.clear());
  io.note?.({ source: 'file', bytes: answer.reading.bytes });
  const triage = await withLoadBalancer(
    diagnose(answer, focus),
    answer,
    question,
    options,
    names.every(rereadable)
      ? async (take) => {
          await readRecords({
            names,
            format,
            overrides,
            question: { ...question, where: [] },
            follow: undefined,
            take: ({ record }) => {
              take(record);
              return true;
            },
          });
          return [];
        }
      : undefined,
  );
  if (answer.requests === 0 && answer.reading.outsideWindow > 0)
    io.stderr.write(await outside(answer, names.every(rereadable) ? source : undefined));
  await show(triage, output, options, io);
  return failed(triage, failOn) ? exitCodes.findings : exitCodes.ok;
}

/** The same over a store: its work is done there. */
async function triageStore(
  store: NonNullable<Awaited<ReturnType<typeof chosenStore>>>,
  options: Record<string, unknown>,
  output: ReportName,
  failOn: readonly FailOn[] | undefined,
  io: Io,
): Promise<ExitCode> {
  const { question, focus, overrides } = asked(options, io.now(), true);
  const { source, end } = await openStore(store, options, overrides, io);
  saysWindow(options, io);
  const answer = await source.count(question).finally(end);
  io.note?.({ source: store.name, bytes: answer.reading.store?.bytesScanned });
  const triage = await withLoadBalancer(diagnose(answer, focus), answer, question, options, (take, traces) =>
    inStore(source, question, take, traces),
  );
  await show(triage, output, options, io);
  const missing = answer.reading.store?.missing.length ?? 0;
  if (missing > 0) io.stderr.write(`vigia: ${plural(missing, 'part')} could not be read; the report says which\n`);
  if (failOn?.includes('partial') && missing > 0) return exitCodes.failed;
  return failed(triage, failOn) ? exitCodes.findings : exitCodes.ok;
}

/** Adds what the load balancer's log says, where it is given. */
async function withLoadBalancer(
  triage: Triage,
  answer: Answer,
  question: Question,
  options: Record<string, unknown>,
  records: GatewayRecords | undefined,
): Promise<Triage> {
  const given = options['alb'] as string[] | undefined;
  if (given === undefined) return triage;
  const { readLoadBalancer } = await import('../alb.ts');
  const loadBalancer = await readLoadBalancer(given, question, {
    carriesTrace: answer.fields.includes('amznTraceId'),
    sampled: answer.reading.weighted > 0,
    records,
  });
  return { ...triage, loadBalancer };
}

/** Trace ids that a store is asked for at once, and at most: each is a part of a query. */
const traced = { each: 50, most: 1_000 } as const;

async function inStore(
  source: RemoteSource,
  question: Question,
  take: (record: AccessRecord) => void,
  traces: ReadonlySet<string>,
): Promise<readonly string[]> {
  const all = [...traces].slice(0, traced.most);
  for (let i = 0; i < all.length; i += traced.each)
    await source.read({
      question: {
        ...question,
        where: [
          { field: 'amznTraceId', negated: false, values: all.slice(i, i + traced.each).map((t) => `*Root=${t}*`) },
        ],
      },
      failing: false,
      follow: undefined,
      take: ({ record }) => {
        take(record);
        return true;
      },
    });
  return traces.size > all.length ? [`only the first ${all.length} of ${traces.size} were looked up in the store`] : [];
}

const failed = (triage: Triage, failOn: readonly FailOn[] | undefined): boolean =>
  failOn?.some((side) => side !== 'partial' && triage.totals.sides[side] > 0) === true;

/** Nothing in the window: says what the log covers, for which it is read once more. */
async function outside(answer: Answer, source: Source | undefined): Promise<string> {
  const whole = await source?.count(everything);
  const covers =
    whole?.first !== undefined && whole.last !== undefined
      ? `; the log covers ${span(whole.first, whole.last, true)} UTC`
      : '';
  return `vigia: ${plural(answer.reading.outsideWindow, 'request')} read, all outside the window${covers}\n`;
}

/** Renders a triage where the options want it. */
export async function show(
  triage: Triage,
  output: ReportName,
  options: Record<string, unknown>,
  io: Io,
): Promise<void> {
  const out = options['out'] as string | undefined;
  const report = await reports[output](triage, {
    color: out === undefined && colored(options['color'] as string | undefined, io),
    width: io.stdout.columns ?? 80,
    redact: options['redact'] !== false,
  });
  deliver(report, { out, force: options['force'] === true, io });
}

/** NO_COLOR and FORCE_COLOR as https://no-color.org and https://force-color.org have them; --color wins. */
export function colored(when: string | undefined, io: Io): boolean {
  const chosen = oneOf(when ?? 'auto', ['auto', 'always', 'never'], '--color');
  if (chosen !== 'auto') return chosen === 'always';
  if (io.env['NO_COLOR']) return false;
  return io.env['FORCE_COLOR'] ? io.env['FORCE_COLOR'] !== '0' : io.stdout.isTTY && io.env['TERM'] !== 'dumb';
}

type FailOn = Side | 'partial';

/** `any`, `side=gateway,backend`, `partial`, or several of them with commas between. */
function parseFailOn(text: string | undefined): readonly FailOn[] | undefined {
  if (text === undefined) return undefined;
  let sided = false;
  return text.split(',').flatMap((part): readonly FailOn[] => {
    if (part === 'any') return sides;
    if (part === 'partial') return ['partial'];
    const found = /^(side=)?(.+)$/.exec(part);
    if (!found || !(found[1] || sided))
      throw new Misuse(`--fail-on ${text}: not any, partial or side=...`, 'for example --fail-on side=gateway');
    sided = true;
    return [oneOf(found[2] ?? '', sides, '--fail-on')];
  });
}
