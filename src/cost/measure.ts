import type { Cluster } from '../contract/model.ts';
import type { AccessRecord } from '../logs/record.ts';
import { signalsMade } from '../signals/catalogue.ts';
import { sideOf } from '../signals/request.ts';
import { LabelSets, type Logged } from './label-sets.ts';
import { customLabels } from './labels.ts';
import type { Workload } from './workload.ts';

/** Takes a cluster's access log, record by record, and says what it would cost there. */
export class Measure {
  readonly #cluster: Cluster;
  readonly #sets: LabelSets;
  #records = 0;
  /** A kept record of a sampled log stands for several. */
  #requests = 0;
  #kept = 0;
  #bytes = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#sets = new LabelSets(customLabels(cluster.gateways), signalsMade(cluster));
  }

  /** `bytes`: of the line that it was read from. */
  add(record: AccessRecord, logged: Logged, bytes: number): void {
    this.#records++;
    this.#requests += Math.max(1, record.weight ?? 1);
    this.#bytes += bytes;
    this.#sets.add(record, logged);
    if (this.#alwaysKept(record)) this.#kept++;
    if (typeof record.time !== 'number') return;
    this.#first = Math.min(this.#first, record.time);
    this.#last = Math.max(this.#last, record.time);
  }

  workload(gatewayPods: number): Workload {
    const span = this.#last - this.#first;
    return {
      from: {
        kind: 'log',
        requests: this.#requests,
        first: Number.isFinite(this.#first) ? this.#first : undefined,
        last: Number.isFinite(this.#last) ? this.#last : undefined,
        truncated: this.#sets.truncated,
      },
      gateways: this.#cluster.gateways.length,
      routes: this.#sets.routes.size,
      backends: this.#sets.backends.size,
      proxied: this.#sets.backends.size * gatewayPods,
      pods: this.#cluster.gateways.length * gatewayPods,
      sets: (id) => this.#sets.size(id),
      leftOut: this.#sets.unseen,
      requestsPerSecond: span >= 60_000 ? this.#requests / (span / 1000) : undefined,
      alwaysKept: this.#requests === 0 ? 0 : this.#kept / this.#requests,
      recordBytes: this.#records === 0 ? undefined : this.#bytes / this.#records,
    };
  }

  /** Records that no sampling thins out (src/generate/collector/sampling.ts). */
  #alwaysKept(r: AccessRecord): boolean {
    const slow = this.#cluster.accessLog.sampling.keepSlowerThanMs;
    return (
      (r.flags ?? []).length > 0 ||
      sideOf(r) !== 'none' ||
      (r.attempts ?? 0) > 1 ||
      (slow !== undefined && (r.duration ?? 0) > slow)
    );
  }
}
