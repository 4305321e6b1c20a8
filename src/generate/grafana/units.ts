import type { Threshold as Step } from '@grafana/grafana-foundation-sdk/dashboard';
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Threshold, Unit } from '../../boards/board.ts';

/** Grafana's ids of units; all of them are known to dashboard-linter. */
export const units: Readonly<Record<Unit, string>> = {
  'requests/s': 'reqps',
  'events/s': 'ops',
  seconds: 's',
  milliseconds: 'ms',
  share: 'percentunit',
  bytes: 'bytes',
  'bytes/s': 'Bps',
  count: 'short',
  days: 'd',
  factor: 'none',
  switch: 'bool_yes_no',
};

const colours: Readonly<Record<Threshold['means'], string>> = { good: 'green', watch: 'orange', bad: 'red' };

/** Grafana writes the lowest step with null; without thresholds a value has the text's own colour. */
export const steps = (from: readonly Threshold[] | undefined): Step[] =>
  from
    ? from.map(({ from: value, means }) => ({ value: value ?? null, color: colours[means] }))
    : [{ value: null, color: 'text' }];

export const thresholds = (from: readonly Threshold[] | undefined): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps(from));
