import type { Cluster } from '../contract/model.ts';
import { type Signal, type SignalId, signals, signalsMade } from '../signals/catalogue.ts';
import { identityLabels, labels as signalLabels } from '../signals/labels.ts';
import { customLabels, valuesOf } from './labels.ts';
import { type Logs, logsOf } from './logs.ts';
import { prices } from './prices.ts';
import { type ScrapedCost, scrapedOf } from './scraped.ts';
import { unitsOf } from './units.ts';
import type { Workload } from './workload.ts';

export const costVersion = 'vigia.cost/1';

/** What the contract costs in series and stored records, cluster by cluster, before it is deployed. */
export interface Cost {
  readonly version: typeof costVersion;
  readonly clusters: readonly ClusterCost[];
}

export interface ClusterCost {
  readonly cluster: string;
  readonly environment: string;
  readonly to: 'datadog' | 'prometheus';
  readonly workload: Omit<Workload, 'sets' | 'leftOut'>;
  /** Collectors that each have series of their own, by the tag of their host or their `instance`. */
  readonly replicas: number;
  readonly signals: readonly SignalCost[];
  readonly labels: readonly LabelCost[];
  readonly scraped: ScrapedCost;
  /** Datadog's custom metrics, Prometheus' series: of all of the above. */
  readonly series: number;
  readonly dollarsPerMonth: number | undefined;
  /** Prometheus: samples that arrive each second. */
  readonly samplesPerSecond: number | undefined;
  readonly logs: Logs;
}

export interface SignalCost {
  readonly name: string;
  readonly type: 'counter' | 'histogram';
  readonly labels: readonly string[];
  /** Without the contract's labels. */
  readonly bareSets: number;
  readonly labelSets: number;
  /** Labels of the contract are reckoned with all values that they may have: there are at most so many sets. */
  readonly atMost: boolean;
  /** Series of one label set. */
  readonly perSet: number;
  readonly series: number;
}

/** What one label of the contract may multiply by. */
export interface LabelCost {
  readonly name: string;
  /** undefined: no bound but whoever sets it. */
  readonly values: number | undefined;
  /** `counted` in the log; `reckoned` with all of its values; `left out`, because the log lacks it or nothing bounds it. */
  readonly how: 'counted' | 'reckoned' | 'left out';
  /** How many of the cluster's gateways have it. */
  readonly gateways: number;
  /** Series fewer without it, at most; known where it is reckoned and all gateways have it. */
  readonly seriesLess: number | undefined;
}

export function costOf(cluster: Cluster, workload: Workload): ClusterCost {
  const { to } = cluster.environment.metrics;
  const replicas = cluster.collector.replicas;
  const made = signalsMade(cluster).map((id) => signalCost(id, workload, replicas, to));
  const scraped = scrapedOf(cluster, workload);
  const series = made.reduce((sum, s) => sum + s.series, 0) + scraped.series;
  const { metrics } = cluster.environment;
  return {
    cluster: cluster.name,
    environment: cluster.environment.name,
    to,
    workload: stated(workload),
    replicas,
    signals: made,
    labels: labelCosts(cluster, workload, made),
    scraped,
    series,
    dollarsPerMonth: to === 'datadog' ? series * prices.datadogCustomMetric.dollars : undefined,
    samplesPerSecond: metrics.to === 'prometheus' ? series / (metrics.scrapeIntervalMs / 1000) : undefined,
    logs: logsOf(cluster, workload),
  };
}

function stated({ sets: _, leftOut: __, ...rest }: Workload): ClusterCost['workload'] {
  return rest;
}

function signalCost(
  id: SignalId,
  { sets: setsOf, from }: Workload,
  replicas: number,
  to: ClusterCost['to'],
): SignalCost {
  const signal: Signal = signals[id];
  const { sets, bare } = setsOf(id);
  const perSet = unitsOf(signal.type, id, to);
  return {
    name: signal.name,
    type: signal.type,
    labels: signal.labels.filter((l) => !identity.has(l)).map((l) => signalLabels[l].attribute),
    bareSets: bare,
    labelSets: sets,
    atMost: from.kind === 'assumed' && sets > bare,
    perSet,
    series: sets * perSet * replicas,
  };
}

const identity: ReadonlySet<string> = new Set(identityLabels);

function labelCosts(cluster: Cluster, workload: Workload, made: readonly SignalCost[]): readonly LabelCost[] {
  const lacking = new Set(workload.leftOut.map((l) => l.name));
  const all = made.filter((s) => s.atMost).reduce((sum, s) => sum + s.series, 0);
  return customLabels(cluster.gateways).map((label) => {
    const on = cluster.gateways.filter((g) => g.labels.some((l) => l.name === label.name)).length;
    const values = valuesOf(label);
    const counted = workload.from.kind === 'log' && !lacking.has(label.name);
    const reckoned = workload.from.kind === 'assumed' && values !== undefined;
    return {
      name: label.name,
      values,
      how: counted ? 'counted' : reckoned ? 'reckoned' : 'left out',
      gateways: on,
      // Of a label that some gateways have the share is not known from sums.
      seriesLess: reckoned && on === cluster.gateways.length ? Math.round(all - all / values) : undefined,
    };
  });
}
