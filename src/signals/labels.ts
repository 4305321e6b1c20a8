import { fields } from '../envoy/fields.ts';

/**
 * A label that signals carry. `attribute` is its name on the metric before a store spells it; `from` is where the Collector reads it on the
 * record or its resource; `absent` is what a request without it gets, because a record that lacks a label would not be counted at all.
 */
export interface SignalLabel {
  readonly attribute: string;
  readonly from: { readonly record: string } | { readonly resource: string };
  readonly absent: string;
  readonly meaning: string;
}

const label = (l: SignalLabel): SignalLabel => l;

/** What the Collector adds to a record beside Envoy's own fields; names in `vigia.` never leave the Collector unless stated. */
export const derived = {
  /** The flag that names the cause; only where Envoy raised one. */
  flag: 'envoy.response_flag',
  /** Whose fault; only where something failed or a client was refused. */
  side: 'side',
  statusClass: 'vigia.status_class',
  /** The primary flag of those that say something failed, where a harmless one was raised beside it. */
  failingFlag: 'vigia.failing_flag',
  /** The n-th flag of a request, n from 1: the signal of flags counts each. */
  nthFlag: (n: number): string => `vigia.flag.${n}`,
  /** How many requests a kept record stands for. */
  weight: 'vigia.weight',
  /** What triage groups by, on failing records: one key and its parts (signature.ts). */
  signature: 'vigia.signature',
  details: 'vigia.details',
  hop: 'vigia.hop',
  durationBucket: 'vigia.duration_bucket',
  ageBucket: 'vigia.age_bucket',
} as const;

/** Flags of one request that are counted each; more than three together have not been seen (`test/lab`). */
export const flagsCounted = 4;

export const labels = {
  gateway: label({
    attribute: 'gateway',
    from: { resource: 'service.name' },
    absent: 'unknown',
    meaning: 'the Gateway, `<name>.<namespace>`',
  }),
  environment: label({
    attribute: 'environment',
    from: { resource: 'deployment.environment.name' },
    absent: 'unknown',
    meaning: "the contract's environment",
  }),
  cluster: label({
    attribute: 'cluster',
    from: { resource: 'k8s.cluster.name' },
    absent: 'unknown',
    meaning: 'the Kubernetes cluster',
  }),
  route: label({
    attribute: 'route',
    from: { record: fields.route.name },
    absent: '-',
    meaning: "Envoy's name of the route; `-` when none matched",
  }),
  backend: label({
    attribute: 'backend',
    from: { record: fields.cluster.name },
    absent: '-',
    meaning: "Envoy's name of the cluster that the route chose; `-` when none was chosen",
  }),
  status: label({
    attribute: fields.status.name,
    from: { record: fields.status.name },
    absent: '0',
    meaning: 'the status sent; `0` when the client was gone before one was',
  }),
  statusClass: label({
    attribute: 'status_class',
    from: { record: derived.statusClass },
    // What most requests are costs nothing this way; the Collector writes only the others.
    absent: '2xx',
    meaning: '`2xx` and so on; `0` when no status was sent',
  }),
  flag: label({
    attribute: derived.flag,
    from: { record: derived.flag },
    absent: '-',
    meaning: 'the response flag that names the cause; `-` when there is none',
  }),
  nthFlag: label({
    attribute: derived.flag,
    from: { record: derived.nthFlag(1) },
    absent: '-',
    meaning: 'each flag of the request',
  }),
  flagName: label({
    attribute: 'envoy.response_flag.name',
    from: { record: derived.nthFlag(1) },
    absent: '-',
    meaning: "the flag's long name",
  }),
  side: label({
    attribute: 'side',
    from: { record: derived.side },
    absent: 'none',
    meaning: 'whose fault: client, gateway, between, backend, policy, unknown; `none` when nothing failed',
  }),
} as const;

export type LabelId = keyof typeof labels;

/** On every signal. */
export const identityLabels = ['gateway', 'environment', 'cluster'] as const satisfies readonly LabelId[];

/** The attribute that the label is read from. */
export const sourceOf = ({ from }: SignalLabel): string => ('resource' in from ? from.resource : from.record);
