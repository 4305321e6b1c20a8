import type { SeriesId } from '../signals/series.ts';
import type { DrillSeries } from './alert.ts';

/** Drills are looked at after an hour: the longest window and the longest wait have passed twice. */
export const drillMinutes = 60;
const values = 90;

type Labels = Readonly<Record<string, string>>;

/** A counter that grows steadily from 0. */
export const grows = (series: SeriesId, labels: Labels, perMinute: number): DrillSeries => ({
  series,
  labels,
  values: [{ from: 0, perMinute, minutes: values }],
});

/** A gauge, or a counter that stands still. */
export const stands = (series: SeriesId, labels: Labels, at: number): DrillSeries => ({
  series,
  labels,
  values: [{ from: at, perMinute: 0, minutes: values }],
});

/** A counter that nobody has seen until shortly before the drill is looked at. */
export const born = (series: SeriesId, labels: Labels, at: number): DrillSeries => ({
  series,
  labels,
  values: [{ absent: drillMinutes - 3 }, { from: at, perMinute: 0, minutes: values }],
});

/** A counter whose program starts again shortly before. */
export const restarts = (series: SeriesId, labels: Labels, perMinute: number, before = 0): DrillSeries => ({
  series,
  labels,
  values: [
    { from: before, perMinute, minutes: drillMinutes - 5 },
    { from: 0, perMinute, minutes: values },
  ],
});
