import type { Command } from 'commander';
import { formats } from '../../logs/read/line-parser.ts';
import { fileNames } from '../../logs/sources/file/names.ts';
import { Tail } from '../../logs/sources/file/tail.ts';
import { nearest } from '../../nearest.ts';
import { clean } from '../../report/clean.ts';
import { watchIdentity } from '../../signals/verdicts.ts';
import { systemClock } from '../../watch/clock.ts';
import type { Watched } from '../../watch/watcher.ts';
import { firstWindow, windowFrom } from '../../watch/windows.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { asked } from '../options.ts';
import { chosenStore, openStore, sourceFlags } from '../source.ts';
import { watchAndPublish } from '../watch/run.ts';
import { type Settings, settingsOf } from '../watch/settings.ts';
import { openState } from '../watch/state-file.ts';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function configure(command: Command): void {
  sourceFlags(command.argument('[files...]', 'access logs that grow: plain files or globs, followed through rotations'))
    .option('--every <span>', 'width of a window, and how often one is answered', '1m')
    .option('--delay <span>', 'answer a window so long after its end (30s for files, 2m for stores)')
    .option('--catch-up <span>', 'give up windows that have been due for longer', '1h')
    .option('--timeout <span>', 'a question that takes longer has failed', '5m')
    .option('--listen <address>', 'where /metrics, /healthz and /readyz are; none for nowhere', '127.0.0.1:9464')
    .option('--otlp <url>', 'push to this Collector over OTLP/gRPC (else where OTEL_EXPORTER_OTLP_ENDPOINT says)')
    .option('--state <file>', 'keep there what a restart must not lose or count twice')
    .option('--instance <name>', 'service.instance.id of what is pushed (the pod, or a random one)')
    .option(
      '--identity <name=value>',
      `identity labels on everything: ${watchIdentity.join(', ')}; repeat for several`,
      collect,
    )
    .option('--max-series <n>', 'series a signal may have; further routes and backends are counted as other', '2000')
    .option('--route <name>', 'only this route; * matches anything; repeat for several', collect)
    .option('--backend <cluster>', 'only this upstream cluster; like --route', collect)
    .option('--where <field=value>', 'only requests whose field is (!= is not) this; repeat for and', collect)
    .option('--format <name>', `what the lines are: ${formats.join(', ')}`, 'auto')
    .option('--map <field=key>', 'which JSON key is which field: status=rc,flags=rf', collect)
    .addHelpText(
      'after',
      `
Runs until Ctrl-C or SIGTERM. docs/signals.md has the metrics.

Examples:
  vigia watch /var/log/envoy/access.log --identity gateway=public.edge
  vigia watch --cluster prod-us-east-1 --state /var/lib/vigia/watch.json --otlp http://collector:4317
  vigia watch --source cloudwatch --log-group '/gateways/*' --every 5m --listen 0.0.0.0:9464`,
    );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  const store = await chosenStore(options, args, io);
  if (!store && (args.length === 0 || args.includes('-')))
    throw new Misuse(
      args.length === 0 ? 'nothing to watch' : 'watch reads no standard input, which can be read only once',
      'vigia watch access.log, or --source cloudwatch, or --cluster NAME',
    );
  const cluster = store?.told?.cluster;
  const settings = settingsOf(options, store ? '2m' : '30s', {
    ...(cluster ? { cluster: cluster.name, environment: cluster.environment.name } : {}),
  });
  const { question, format, overrides } = asked(options, io.now());
  const { where } = question;
  const names = store ? [] : fileNames(args, nearest);
  const log = (message: string): void => io.stderr.write(`vigia: ${clean(message)}\n`);
  const of = JSON.stringify({
    source: store?.name ?? 'file',
    names,
    options: identifying(options),
    every: settings.cut.every,
  });
  const state = openState(settings, of, io);
  const now = systemClock.now();
  if (store) {
    const next = state.kept?.next ?? firstWindow(now, settings.cut);
    const { source, end } = await openStore(store, options, overrides, io);
    const watched: Watched = { count: (q) => source.count(q).finally(end) };
    await watchAndPublish({ settings, where, source: watched, next, state, io, log, what: store.name });
  } else {
    io.note?.({ source: 'file', bytes: undefined });
    const next = state.kept?.next ?? windowFrom(now, settings.cut);
    const tail = new Tail({
      ...{ names, format, overrides, where, next, now: systemClock.now, warn: log },
      every: settings.cut.every,
      resume: state.kept?.files,
    });
    try {
      await watchAndPublish({ settings, where, source: tail, tail, next, state, io, log, what: names.join(', ') });
    } finally {
      tail.close();
    }
  }
  return exitCodes.ok;
}

/** The options that say what is counted: a state of other ones must not be gone on from. */
function identifying(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const not: readonly (keyof Settings | string)[] = [
    ...[
      'every',
      'delay',
      'catchUp',
      'timeout',
      'listen',
      'otlp',
      'state',
      'instance',
      'maxSeries',
      'maxScan',
      'profile',
    ],
  ];
  return Object.fromEntries(Object.entries(options).filter(([key]) => !not.includes(key)));
}
