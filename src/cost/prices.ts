/** A list price, US dollars, with where and when it was read. Contracts and regions differ. */
export interface Price {
  readonly dollars: number;
  readonly per: string;
  readonly from: string;
}

/** Read in November 2026; what a customer pays is between them and the vendor. */
export const prices = {
  /** Beyond those that a plan includes (https://www.datadoghq.com/pricing/list/). */
  datadogCustomMetric: { dollars: 0.05, per: 'custom metric and month', from: "Datadog's list, $5 for 100" },
  datadogIngestedGb: { dollars: 0.1, per: 'GB of logs taken in', from: "Datadog's list" },
  datadogIndexedMillion: { dollars: 1.7, per: 'million indexed logs, kept for 15 days', from: "Datadog's list" },
  /** https://aws.amazon.com/cloudwatch/pricing/, us-east-1, standard class. */
  cloudwatchIngestedGb: { dollars: 0.5, per: 'GB of logs taken in', from: 'CloudWatch, us-east-1' },
  cloudwatchStoredGb: { dollars: 0.03, per: 'GB kept for a month, compressed', from: 'CloudWatch, us-east-1' },
} as const satisfies Record<string, Price>;

/** CloudWatch bills what it keeps after compression, and does not say by how much; what text compresses to, an assumption of ours. */
export const cloudwatchCompression = 0.2;

/** Of the average month, 365.25 / 12 days. */
export const secondsPerMonth = 2_629_800;
