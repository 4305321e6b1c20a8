import type { Cluster } from '../contract/model.ts';
import { cloudwatchCompression, prices, secondsPerMonth } from './prices.ts';
import type { Workload } from './workload.ts';

/** Access logs in a month of the average length. */
export interface Logs {
  readonly to: Cluster['environment']['logs']['to'];
  /** Of the requests, those that are stored. */
  readonly storedShare: number;
  /** undefined: nobody said how many requests there are. */
  readonly records: number | undefined;
  readonly gigabytes: number | undefined;
  /** Dollars a month: taking in, and keeping (indexing, at Datadog); undefined where the store has no list price. */
  readonly dollarsIn: number | undefined;
  readonly dollarsKept: number | undefined;
  /** Records a month if none were thinned out. */
  readonly unsampled: number | undefined;
}

/** A line of vigia's JSON with all of a gateway's fields (bench/formats.ts). */
export const usualRecordBytes = 1_000;

export function logsOf(cluster: Cluster, { requestsPerSecond, alwaysKept, recordBytes }: Workload): Logs {
  const { logs } = cluster.environment;
  const healthy = cluster.accessLog.sampling.healthyPercent / 100;
  const storedShare = alwaysKept + (1 - alwaysKept) * healthy;
  if (requestsPerSecond === undefined)
    return {
      ...{ to: logs.to, storedShare, records: undefined, gigabytes: undefined, dollarsIn: undefined },
      ...{ dollarsKept: undefined, unsampled: undefined },
    };
  const unsampled = requestsPerSecond * secondsPerMonth;
  const records = unsampled * storedShare;
  const gigabytes = (records * (recordBytes ?? usualRecordBytes)) / 1e9;
  const kept = logs.to === 'cloudwatch' ? logs.retentionDays / (365.25 / 12) : 0;
  return {
    to: logs.to,
    storedShare,
    records,
    gigabytes,
    dollarsIn:
      logs.to === 'cloudwatch'
        ? gigabytes * prices.cloudwatchIngestedGb.dollars
        : logs.to === 'datadog'
          ? gigabytes * prices.datadogIngestedGb.dollars
          : undefined,
    dollarsKept:
      logs.to === 'cloudwatch'
        ? gigabytes * kept * cloudwatchCompression * prices.cloudwatchStoredGb.dollars
        : logs.to === 'datadog'
          ? (records / 1e6) * prices.datadogIndexedMillion.dollars
          : undefined,
    unsampled,
  };
}
