import type { Drill, DrillSeries } from '../../alerts/alert.ts';
import { burnAlerts } from '../../alerts/burn.ts';
import { burnDrills } from '../../alerts/burn-drills.ts';
import { drillMinutes } from '../../alerts/drill.ts';
import { families, type familyNames } from '../../alerts/index.ts';
import type { BoardLabel } from '../../boards/board.ts';
import { storedLabel } from '../../boards/query/context.ts';
import { duration, quoted } from '../../boards/query/promql-text.ts';
import type { Objective } from '../../contract/model.ts';
import { seriesOf } from '../../signals/series.ts';
import { seriesLabelName, seriesName } from '../../signals/spelling.ts';
import type { At } from './at.ts';
import type { Group } from './rule.ts';

/** A file for `promtool test rules`: every alert of some groups, each course of events a test. */
export interface TestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  readonly tests: readonly RuleTest[];
}

export interface RuleTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

const file = (rules: string, tests: readonly RuleTest[]): TestFile => ({
  rule_files: [rules],
  evaluation_interval: '1m',
  tests,
});

export function familyTests(name: (typeof familyNames)[number], groups: readonly Group[], at: At): TestFile {
  const tests = families[name](at.context).flatMap(({ name: alertname, drills }) =>
    drills.map((drill) => test(alertname, drill, { alertname }, copies(groups, alertname), at)),
  );
  return file(`../alerts-${name}.yaml`, tests);
}

export function objectiveTests(objective: Objective, groups: readonly Group[], at: At): TestFile {
  const tests = burnAlerts(objective, at.context.environment.name).flatMap((alert) => {
    const labels = { alertname: alert.name, objective: objective.name, window: duration(alert.tier.longMs) };
    const told = copies(groups, alert.name, labels);
    return burnDrills(alert, at.context).map((drill) =>
      test(`${alert.name} ${labels.window}`, drill, labels, told, at),
    );
  });
  return file('../objectives.yaml', tests);
}

/** How many times an alert is told: once for each set of labels that is routed by. */
const copies = (groups: readonly Group[], alertname: string, labels: Readonly<Record<string, string>> = {}): number =>
  groups
    .flatMap((g) => g.rules)
    .filter(
      (r) =>
        'alert' in r &&
        r.alert === alertname &&
        Object.entries(labels).every(([k, v]) => k === 'alertname' || r.labels[k] === v),
    ).length;

function test(name: string, drill: Drill, labels: Readonly<Record<string, string>>, told: number, at: At): RuleTest {
  const matchers = Object.entries({ ...labels, alertstate: 'firing' }).map(([k, v]) => `${k}=${quoted(v)}`);
  return {
    name: `${name}: ${drill.name}`,
    interval: '1m',
    input_series: drill.series.map((s) => ({ series: spelled(s, at), values: valuesOf(s) })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{${matchers.join(', ')}})`,
        eval_time: `${drillMinutes}m`,
        exp_samples: drill.fires ? [{ labels: '{}', value: told }] : [],
      },
    ],
  };
}

/** A histogram's bucket has `le`; without it the series is what its name says. */
function spelled({ series: id, labels }: DrillSeries, at: At): string {
  const series = seriesOf(id);
  const part = series.type !== 'histogram' ? '' : 'le' in labels ? '_bucket' : '_count';
  const known = Object.entries(labels).flatMap(([label, value]) => {
    // As Prometheus 3 stores the edge of a scraped histogram.
    if (label === 'le') return [`le=${quoted(at.path === 'scrape' && /^\d+$/.test(value) ? `${value}.0` : value)}`];
    if (series.labels[label as never] === undefined) return [];
    return [`${storedLabel(id, label as BoardLabel, at.path, at)}=${quoted(value)}`];
  });
  // What must not be there is not: Envoy's own listeners and clusters have other names.
  const other = Object.entries(series.not).flatMap(([attribute, values]) =>
    values.includes('*') || known.some((k) => k.startsWith(`${seriesLabelName(attribute, at.path)}=`))
      ? []
      : [`${seriesLabelName(attribute, at.path)}="http"`],
  );
  return `${seriesName(series, at.path)}${part}{${[...new Set([...known, ...other])].join(', ')}}`;
}

const valuesOf = ({ values }: DrillSeries): string =>
  values
    .map((v) => ('absent' in v ? `_x${v.absent}` : `${short(v.from)}+${short(v.perMinute)}x${v.minutes}`))
    .join(' ');

const short = (n: number): string => String(Number(n.toPrecision(12)));
