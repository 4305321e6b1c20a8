import type { ClusterCost, Cost } from '../../cost/cost.ts';
import { usualRecordBytes } from '../../cost/logs.ts';
import { bytesInWords } from '../../logs/remote/words.ts';
import { count, duration, percent, plural } from '../../triage/words.ts';

/** Cents matter to nobody here. */
export const dollars = (n: number): string => `$${n < 10 ? n.toFixed(2) : count(n)}`;

const large = (n: number): string =>
  n >= 1e9 ? `${(n / 1e9).toFixed(1)} billion` : n >= 1e6 ? `${(n / 1e6).toFixed(1)} million` : count(n);

export const unitOf = (c: ClusterCost): string => (c.to === 'datadog' ? 'custom metrics' : 'series');

/** The one line that somebody asked for. */
export function headline(c: ClusterCost): string {
  const money = c.dollarsPerMonth === undefined ? '' : `, ${dollars(c.dollarsPerMonth)} a month`;
  const rate = c.samplesPerSecond === undefined ? '' : `, ${count(c.samplesPerSecond)} samples a second`;
  const most = c.signals.some((s) => s.atMost) ? 'at most ' : '';
  return `${c.cluster} (${c.environment}): ${most}${count(c.series)} ${unitOf(c)}${money}${rate}`;
}

export interface Line {
  readonly name: string;
  readonly sets: string;
  readonly each: string;
  readonly copies: string;
  readonly series: string;
}

export const tableHead = (c: ClusterCost): Line => ({
  name: 'metric',
  sets: 'label sets',
  each: 'each',
  copies: 'copies',
  series: unitOf(c),
});

/** A row for each signal and one for Envoy's own series. */
export function tableLines(c: ClusterCost): readonly Line[] {
  const { pods } = c.workload;
  const signals = c.signals.map(
    (s): Line => ({
      name: s.name,
      sets: `${s.atMost ? '<= ' : ''}${count(s.labelSets)}`,
      each: `x ${s.perSet}`,
      copies: `x ${c.replicas}`,
      series: count(s.series),
    }),
  );
  const { kept, perBackend, perPod, series } = c.scraped;
  const own = `Envoy's own (${kept}): ${perBackend} a backend, ${perPod} beside`;
  return [...signals, { name: own, sets: '', each: '', copies: `${count(pods)} pods`, series: `<= ${count(series)}` }];
}

/** What to know about the numbers, a sentence or two each. */
export function remarks(c: ClusterCost): readonly string[] {
  return [...whatItIsOf(c), ...aboutLabels(c), ...aboutScrapes(c), aboutLogs(c)];
}

function whatItIsOf({ workload: w, cluster }: ClusterCost): readonly string[] {
  const gateways = plural(w.gateways, 'gateway');
  const what = `${plural(w.routes, 'route')} and ${plural(w.backends, 'backend')}`;
  if (w.from.kind === 'log') {
    const span = w.from.first === undefined || w.from.last === undefined ? undefined : w.from.last - w.from.first;
    const time = span === undefined ? '' : ` of ${duration(span)}`;
    return [
      `Counted in ${plural(w.from.requests, 'request')}${time}: ${what}; ${gateways} in the contract. A longer log has rarer failures, and so more label sets.`,
      ...(w.from.truncated ? ['One signal has more than a million label sets: the rest was not told apart.'] : []),
    ];
  }
  const elsewhere =
    w.from.elsewhere === 0
      ? []
      : [
          `${plural(w.from.elsewhere, 'more route')} ${w.from.elsewhere === 1 ? 'is' : 'are'} on none of these gateways, as far as is said, and not reckoned with.`,
        ];
  if (w.routes === 0)
    return [
      ...elsewhere,
      `No routes are known of ${cluster}, so its signals cost nothing here: give its HTTPRoutes (--manifests, --from-cluster), how many there are (--routes), or a log.`,
    ];
  const from = { manifests: 'by the HTTPRoutes given', contract: 'as the contract names them', told: 'as told' }[
    w.from.routesFrom
  ];
  return [
    `Of ${gateways}, ${what}, ${from}. How many outcomes a route has, pods of a gateway and failures are assumed (--outcomes, --gateway-pods, --failing); a log of the cluster is counted instead.`,
    ...elsewhere,
  ];
}

function aboutLabels(c: ClusterCost): readonly string[] {
  const on = (gateways: number) => (gateways === c.workload.gateways ? '' : ` on ${count(gateways)} of the gateways`);
  return c.labels.map(({ name, values, how, gateways, seriesLess }) => {
    const label = `Label ${name}${on(gateways)}`;
    const times = values === undefined ? 'as many values as whoever runs the cluster sets' : `up to ${values} values`;
    if (how === 'counted') return `${label}: counted with the rest.`;
    if (how === 'reckoned')
      return `${label}: ${times}, so up to ${values} times the label sets${seriesLess === undefined ? '' : `; without it up to ${count(seriesLess)} ${unitOf(c)} fewer`}.`;
    const why = c.workload.from.kind === 'log' ? 'this log does not have it' : 'nothing bounds it here';
    return `${label}: ${times}; not reckoned with, because ${why}.`;
  });
}

function aboutScrapes(c: ClusterCost): readonly string[] {
  const { kept, otherwise, series } = c.scraped;
  if (series === 0) return [];
  const other = kept === 'needed' ? 'all' : 'needed';
  const says = kept === 'needed' ? 'keeps what dashboards and alerts ask for' : 'keeps everything';
  return [`metrics.scraped: ${kept} ${says}; with ${other} Envoy's own would be up to ${count(otherwise)}.`];
}

function aboutLogs({ logs, workload }: ClusterCost): string {
  const to = { cloudwatch: 'CloudWatch', loki: 'Loki', datadog: 'Datadog', file: 'a file' }[logs.to];
  if (logs.records === undefined || logs.gigabytes === undefined)
    return `Logs to ${to}: ${percent(logs.storedShare, 1)} of the requests are stored; with --requests-per-second it is said how many that is.`;
  const bytes =
    workload.recordBytes === undefined
      ? `${count(usualRecordBytes)} bytes a record assumed`
      : `${count(workload.recordBytes)} bytes a record`;
  const money =
    logs.dollarsIn === undefined
      ? ''
      : `, ${dollars(logs.dollarsIn)} to take in and ${dollars(logs.dollarsKept ?? 0)} to ${logs.to === 'datadog' ? 'index' : 'keep'}`;
  return `Logs to ${to}: ${large(logs.records)} records a month (${percent(logs.storedShare, 1)} of ${large(logs.unsampled ?? 0)} requests), ${bytesInWords(logs.gigabytes * 1e9)}${money}; ${bytes}.`;
}

/** Of all clusters, where there are several. */
export function totals({ clusters }: Cost): string | undefined {
  if (clusters.length < 2) return undefined;
  const sum = (of: (c: ClusterCost) => number | undefined): number => clusters.reduce((n, c) => n + (of(c) ?? 0), 0);
  const datadog = sum((c) => (c.to === 'datadog' ? c.series : 0));
  const prometheus = sum((c) => (c.to === 'prometheus' ? c.series : 0));
  const parts = [
    ...(datadog > 0
      ? [`${count(datadog)} custom metrics at Datadog (${dollars(sum((c) => c.dollarsPerMonth))} a month)`]
      : []),
    ...(prometheus > 0 ? [`${count(prometheus)} series in Prometheus`] : []),
  ];
  return parts.length === 0 ? undefined : `In all: ${parts.join(', ')}`;
}

export const priceNote =
  'Dollars are list prices as of November 2026 (-o json has each with its source), before what a plan includes: yours differ.';
export const isPriced = ({ clusters }: Cost): boolean =>
  clusters.some((c) => c.dollarsPerMonth !== undefined || c.logs.dollarsIn !== undefined);
