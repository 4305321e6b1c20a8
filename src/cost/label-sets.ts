import { createHash } from 'node:crypto';
import type { Label } from '../contract/model.ts';
import { flat } from '../contract/reserved-labels.ts';
import type { AccessRecord } from '../logs/record.ts';
import { type Signal, type SignalId, signals } from '../signals/catalogue.ts';
import { flagsCounted, type LabelId } from '../signals/labels.ts';
import { handoverOf, labelsOf } from '../signals/request.ts';

/** As many label sets of one signal are told apart; a log with more says "at least". */
const most = 1_000_000;

/** A line's fields by the name they were logged under, where the line is JSON. */
export type Logged = Readonly<Record<string, unknown>>;

/**
 * The label sets that each signal has in an access log, as the Collector would make them: each is a series of a counter. Labels of the contract are told
 * apart too where the log has them; the others are in `unseen`.
 */
export class LabelSets {
  readonly #custom: readonly Label[];
  readonly #made: readonly SignalId[];
  readonly #sets = new Map<SignalId, Set<string>>();
  /** The same without the contract's labels. */
  readonly #bare = new Map<SignalId, Set<string>>();
  readonly #seen = new Set<string>();
  readonly routes = new Set<string>();
  readonly backends = new Set<string>();
  /** Some had more than are told apart. */
  truncated = false;

  /** `custom`: labels of the contract that are on metrics and that a request carries. */
  constructor(custom: readonly Label[], made: readonly SignalId[]) {
    this.#custom = custom;
    this.#made = made;
    for (const id of made) {
      this.#sets.set(id, new Set());
      this.#bare.set(id, new Set());
    }
  }

  add(record: AccessRecord, logged: Logged): void {
    const base = labelsOf(record);
    const own = this.#custom.map((label) => this.#valueOf(label, logged));
    this.routes.add(base.route);
    this.backends.add(base.backend);
    for (const id of this.#made) {
      const signal: Signal = signals[id];
      if (!counts(signal, record)) continue;
      const each: Iterable<Values> = signal.value.kind === 'flags' ? eachFlag(record, base) : [base];
      for (const labels of each) {
        const bare = signal.labels.map((label) => labels[label] ?? '');
        this.#put(this.#bare, id, bare);
        this.#put(this.#sets, id, signal.onDemand ? bare : [...bare, ...own]);
      }
    }
  }

  /** How many label sets a signal has, with the contract's labels and without. */
  size(id: SignalId): { readonly sets: number; readonly bare: number } {
    return { sets: this.#sets.get(id)?.size ?? 0, bare: this.#bare.get(id)?.size ?? 0 };
  }

  /** Labels that no line has. */
  get unseen(): readonly Label[] {
    return this.#custom.filter((label) => !this.#seen.has(label.name));
  }

  #put(into: ReadonlyMap<SignalId, Set<string>>, id: SignalId, values: readonly string[]): void {
    const sets = into.get(id);
    if (!sets) return;
    const key = JSON.stringify(values);
    if (sets.size < most || sets.has(key)) sets.add(key);
    else this.truncated = true;
  }

  /** Held to its bound, as the Collector does. */
  #valueOf(label: Label, logged: Logged): string {
    const value = logged[label.name] ?? logged[flat(label.name)];
    if (value !== undefined) this.#seen.add(label.name);
    if (value === undefined || value === null || value === '' || value === '-') return label.absent;
    const text = String(value);
    const { bound } = label;
    if (bound.kind === 'values') return bound.values.includes(text) ? text : label.other;
    if (bound.kind !== 'buckets') return text;
    return `b${Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 8), 16) % bound.count}`;
  }
}

type Values = Readonly<Partial<Record<LabelId, string>>>;

function* eachFlag(record: AccessRecord, base: Values): Generator<Values> {
  for (const flag of (record.flags ?? []).slice(0, flagsCounted)) yield { ...base, nthFlag: flag, flagName: flag };
}

/** Whether a request takes part in a signal: the Collector leaves out what has no number to add. */
function counts({ value }: Signal, r: AccessRecord): boolean {
  switch (value.kind) {
    case 'requests':
    case 'flags':
      return true;
    case 'sum':
    case 'distribution':
      return typeof r[value.field as keyof AccessRecord] === 'number';
    case 'handover':
      return handoverOf(r) !== undefined;
  }
}
