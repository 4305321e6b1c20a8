import { identityLabels, type LabelId, labels, type SignalLabel } from './labels.ts';

/** A metric that vigia itself makes: of verdicts, of its watching, or of a command that it ran. */
export interface OwnSignal {
  readonly name: string;
  readonly unit: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Beside the identity labels, which the verdicts and the watch carry. */
  readonly labels: readonly OwnLabelId[];
  readonly description: string;
}

type OwnLabel = Pick<SignalLabel, 'attribute' | 'absent' | 'meaning'>;

const failed = 'whose fault: client, gateway, between, backend, policy, unknown';

/** The catalogue's own labels where they mean the same, and those that only a verdict or a program has. */
export const ownLabels = {
  gateway: labels.gateway,
  environment: labels.environment,
  cluster: labels.cluster,
  route: { ...labels.route, meaning: `${labels.route.meaning}, \`other\` past the bound` },
  backend: { ...labels.backend, meaning: `${labels.backend.meaning}, \`other\` past the bound` },
  side: { ...labels.side, absent: 'unknown', meaning: failed },
  cause: { attribute: 'cause', absent: 'unknown', meaning: "the verdict's code; each has a page in docs/causes" },
  confidence: {
    attribute: 'confidence',
    absent: 'low',
    meaning: '`high` only where the line itself proves the cause; medium, low',
  },
  windowOutcome: {
    attribute: 'outcome',
    absent: 'answered',
    meaning:
      '`answered`, `partial` (some of the store could not be read), `skipped` (given up, its requests are in no count)',
  },
  error: { attribute: 'error', absent: 'source', meaning: '`source` (it could not answer), `timeout`, `partial`' },
  command: { attribute: 'command', absent: 'unknown', meaning: 'the command: triage, logs, ...' },
  source: { attribute: 'source', absent: 'none', meaning: 'where it read: file, cloudwatch, ...; `none` without logs' },
  exit: {
    attribute: 'outcome',
    absent: 'failed',
    meaning: '`ok`, `findings`, `misuse`, `failed`: the exit code in words',
  },
} as const satisfies Record<string, OwnLabel>;

export type OwnLabelId = Exclude<LabelId, 'status' | 'statusClass' | 'flag' | 'nthFlag' | 'flagName'> | ExtraLabelId;
type ExtraLabelId = 'cause' | 'confidence' | 'windowOutcome' | 'error' | 'command' | 'source' | 'exit';

const signal = (s: OwnSignal): OwnSignal => s;
const told = ['side', 'cause', 'confidence'] as const;

/** What triage says of each window, added up by `vigia watch`: counters over all windows, gauges of the newest one. */
export const verdictSignals = {
  failures: signal({
    name: 'gateway.verdict.failures',
    unit: '{request}',
    type: 'counter',
    labels: [...told, 'route', 'backend'],
    description: 'Failed requests, by what triage says of them',
  }),
  masked: signal({
    name: 'gateway.verdict.masked',
    unit: '{request}',
    type: 'counter',
    labels: [...told, 'route', 'backend'],
    description: 'Requests that failed inside and that a retry saved',
  }),
  requests: signal({
    name: 'gateway.verdict.requests',
    unit: '{request}',
    type: 'counter',
    labels: ['route'],
    description: 'Requests that verdicts were made of, failed or not',
  }),
  windowFailures: signal({
    name: 'gateway.verdict.window.failures',
    unit: '{request}',
    type: 'gauge',
    labels: told,
    description: 'Failed requests in the newest window that was answered',
  }),
  windowRequests: signal({
    name: 'gateway.verdict.window.requests',
    unit: '{request}',
    type: 'gauge',
    labels: [],
    description: 'Requests in the newest window that was answered',
  }),
  windowEnd: signal({
    name: 'gateway.verdict.window.end',
    unit: 's',
    type: 'gauge',
    labels: [],
    description: 'End of the newest window that was answered, in seconds since 1970',
  }),
} as const;

/** How the watching itself fares. */
export const watchSignals = {
  windows: signal({
    name: 'vigia.watch.windows',
    unit: '{window}',
    type: 'counter',
    labels: ['windowOutcome'],
    description: 'Windows of time, by what became of them',
  }),
  errors: signal({
    name: 'vigia.watch.errors',
    unit: '{error}',
    type: 'counter',
    labels: ['error'],
    description: 'Tries to answer a window that failed; it is tried again',
  }),
  busy: signal({
    name: 'vigia.watch.busy',
    unit: 's',
    type: 'counter',
    labels: [],
    description: 'Time spent answering windows; at a rate of 1 the source is as slow as the clock',
  }),
  lag: signal({
    name: 'vigia.watch.lag',
    unit: 's',
    type: 'gauge',
    labels: [],
    description: 'How long the oldest window that is not answered has been due',
  }),
  newest: signal({
    name: 'vigia.watch.newest_record.age',
    unit: 's',
    type: 'gauge',
    labels: [],
    description: 'Age of the newest record when a window was last answered; interval and delay are part of it',
  }),
  scanned: signal({
    name: 'vigia.watch.scanned',
    unit: 'By',
    type: 'counter',
    labels: [],
    description: 'Bytes that the source scanned',
  }),
  unreadable: signal({
    name: 'vigia.watch.unreadable',
    unit: '{line}',
    type: 'counter',
    labels: [],
    description: 'Lines that could not be read',
  }),
  late: signal({
    name: 'vigia.watch.late',
    unit: '{request}',
    type: 'counter',
    labels: [],
    description: 'Requests of a followed file that came after their window was answered: counted with the next one',
  }),
  folded: signal({
    name: 'vigia.watch.folded',
    unit: '{request}',
    type: 'counter',
    labels: [],
    description: 'Requests counted under route and backend `other`, because the bound of series was reached',
  }),
  series: signal({
    name: 'vigia.watch.series',
    unit: '{series}',
    type: 'gauge',
    labels: [],
    description: 'Series of verdicts that are held',
  }),
  pushErrors: signal({
    name: 'vigia.watch.push.errors',
    unit: '{error}',
    type: 'counter',
    labels: [],
    description: 'Pushes to the Collector that it did not take; the next one holds the same and more',
  }),
} as const;

/** What a command says of itself where the OTEL_* variables ask for it. */
export const commandSignals = {
  duration: signal({
    name: 'vigia.command.duration',
    unit: 's',
    type: 'histogram',
    labels: ['command', 'source', 'exit'],
    description: 'Duration of a command',
  }),
  scanned: signal({
    name: 'vigia.command.scanned',
    unit: 'By',
    type: 'counter',
    labels: ['command', 'source'],
    description: 'Bytes of logs that a command read or had scanned',
  }),
} as const;

/** On every signal of `vigia watch`. */
export const watchIdentity = identityLabels;
