import { clean } from '../report/clean.ts';
import { type OwnSignal, ownLabels } from '../signals/verdicts.ts';

export type Labels = Readonly<Record<string, string>>;

/** One series of a signal: what a reader of metrics sees of it. */
export interface Series {
  /** By attribute, in the catalogue's spelling. */
  readonly labels: Labels;
  value: number;
  /** From when on it counts, and when it was last touched, epoch ms. */
  readonly since: number;
  touched: number;
}

/** A signal with all its series. */
export interface Family {
  readonly signal: OwnSignal;
  readonly series: readonly Series[];
}

/** As JSON holds it: the signal's name, and its series. */
export type StoredFamily = readonly [name: string, series: readonly Series[]];

/** Longer names of routes and backends are cut. */
const longest = 200;
/** What a name becomes when there are too many; the contract's own word. */
const other = 'other';
const foldable = ['route', 'backend'];

/**
 * Counters and gauges, bounded: a signal holds `limit` series and the few that names are folded into after that, whatever the logs hold.
 * A value object to its readers: what is published is a copy, so that nobody sees half a window.
 */
export class Totals {
  readonly #limit: number;
  readonly #families = new Map<OwnSignal, Map<string, Series>>();

  constructor(limit: number, signals: Iterable<OwnSignal>, stored: readonly StoredFamily[] = []) {
    this.#limit = limit;
    const known = new Map(stored);
    for (const signal of signals)
      this.#families.set(
        signal,
        new Map((known.get(signal.name) ?? []).map((s) => [keyOf(Object.values(s.labels)), { ...s }])),
      );
  }

  copy(): Totals {
    return new Totals(this.#limit, this.#families.keys(), this.stored());
  }

  stored(): readonly StoredFamily[] {
    return [...this.#families].map(([signal, series]) => [signal.name, [...series.values()]]);
  }

  families(): readonly Family[] {
    return [...this.#families].map(([signal, series]) => ({ signal, series: [...series.values()] }));
  }

  /** How many series there are of the signal. */
  size(signal: OwnSignal): number {
    return this.#of(signal).size;
  }

  /**
   * Adds to a counter. `at` is the time of what is counted, and a new series counts from `since`. True when names were folded into `other`,
   * because the signal has as many series as it may.
   */
  add(signal: OwnSignal, labels: Labels, value: number, at: { readonly since: number; readonly now: number }): boolean {
    const { series, folded } = this.#series(signal, labels, at.since);
    series.value += value;
    series.touched = at.now;
    return folded;
  }

  /** Sets a gauge. */
  set(signal: OwnSignal, labels: Labels, value: number, now: number): void {
    const { series } = this.#series(signal, labels, now);
    series.value = value;
    series.touched = now;
  }

  /** Sets all of a gauge's series to nought: what is not said again is over. It does not count as touched. */
  clear(signal: OwnSignal): void {
    for (const series of this.#of(signal).values()) series.value = 0;
  }

  /** Forgets series that were last touched before this time. */
  expire(before: number): void {
    for (const family of this.#families.values())
      for (const [key, series] of family) if (series.touched < before) family.delete(key);
  }

  #of(signal: OwnSignal): Map<string, Series> {
    const family = this.#families.get(signal);
    if (!family) throw new Error(`${signal.name} is not among these totals`);
    return family;
  }

  #series(signal: OwnSignal, given: Labels, since: number): { readonly series: Series; readonly folded: boolean } {
    const family = this.#of(signal);
    let labels = complete(signal, given);
    let key = keyOf(Object.values(labels));
    const known = family.get(key);
    if (known) return { series: known, folded: false };
    const full = family.size >= this.#limit && foldable.some((name) => labels[name] !== undefined);
    if (full) {
      labels = Object.fromEntries(Object.entries(labels).map(([n, v]) => [n, foldable.includes(n) ? other : v]));
      key = keyOf(Object.values(labels));
    }
    const series = family.get(key) ?? { labels, value: 0, since, touched: since };
    family.set(key, series);
    return { series, folded: full };
  }
}

/** Every label of the signal in its order, with what it says when nothing is known. */
function complete(signal: OwnSignal, given: Labels): Labels {
  return Object.fromEntries(
    signal.labels.map((id) => {
      const { attribute, absent } = ownLabels[id];
      return [attribute, safe(given[attribute] ?? absent)];
    }),
  );
}

/** Names come from log lines. Half of a surrogate pair would be spelled differently by each exposition format. */
const safe = (value: string): string => clean(value).slice(0, longest).replace(halves, '\ufffd');
const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const keyOf = (values: readonly string[]): string => JSON.stringify(values);
