/**
 * CloudWatch Logs' own numbers, as of November 2026: they have moved before. Sources: the service model of
 * @aws-sdk/client-cloudwatch-logs 3.1169 and https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html.
 */
export const limits = {
  /** Characters of a query. */
  query: 10_000,
  /** Rows of one page. */
  page: 10_000,
  /** Ours: rows of one query that are taken before its window is halved; 100,000 could be had, and would have to be held. */
  rows: 20_000,
  /** What a console shows at most. */
  consoleRows: 10_000,
  /** Log groups of one query. */
  groups: 50,
  /** Log groups of a Live Tail session, and what it costs a minute (https://aws.amazon.com/cloudwatch/pricing/). */
  liveGroups: 10,
  liveDollars: 0.01,
  /** Ours: short windows in which samples are looked for. */
  sampleWindows: 6,
  /** Ours: slices that run at once. 100 run at once in an account, dashboards and other people's included. */
  concurrent: 6,
  /** Ours: a window is cut into parts of at least so long, because parts run side by side. */
  sliceMs: 3 * 3_600_000,
  /** Ours: how often a call is tried when the service says that it is too busy. */
  attempts: 12,
  /** Ours: bytes a triage may scan unless told otherwise; about one dollar. */
  maxScan: 200e9,
} as const;

/**
 * US dollars for each GB scanned, as of November 2026 (https://aws.amazon.com/cloudwatch/pricing/); most regions ask the same as us-east-1, and
 * an unlisted one is counted as that.
 */
const dollarsPerGb: Readonly<Record<string, number>> = { 'us-east-1': 0.005, 'ap-northeast-1': 0.0076 };

/** About what scanning so many bytes costs. */
export const priceOf = (bytes: number, region: string): number => (bytes / 1e9) * (dollarsPerGb[region] ?? 0.005);
