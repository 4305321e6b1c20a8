import type { Triage, Verdict } from '../../triage/triage.ts';
import { windowsInWords } from '../text.ts';
import { span } from '../when.ts';

const minute = 60_000;

/** The stretch that the report covers, to whole minutes; undefined without times. */
export interface Whole {
  readonly from: number;
  readonly to: number;
  /** It spans more than one day, so times name theirs. */
  readonly days: boolean;
}

export function wholeTime(t: Triage): Whole | undefined {
  if (t.first === undefined || t.last === undefined) return undefined;
  const from = Math.floor(t.first / minute) * minute;
  const to = Math.floor(t.last / minute) * minute + minute;
  return { from, to, days: Math.floor(from / 86_400_000) !== Math.floor((to - 1) / 86_400_000) };
}

/** `2026-11-20 00:00 to 24:00 UTC`; the exact seconds when it is all within two minutes. */
export function wholeInWords(t: Triage): string | undefined {
  const whole = wholeTime(t);
  if (!whole || t.first === undefined || t.last === undefined) return undefined;
  return `${t.last - t.first < 2 * minute ? span(t.first, t.last, true) : span(whole.from, whole.to, true)} UTC`;
}

/** When a verdict was active, in words; undefined without times. */
export function activeInWords(v: Verdict, t: Triage): string | undefined {
  const whole = wholeTime(t);
  return whole && v.windows.length > 0 ? windowsInWords(v, whole.days) : undefined;
}
