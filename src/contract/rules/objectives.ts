import { durationBuckets } from '../duration-buckets.ts';
import type { Finding } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** Objectives that can be measured: on an edge of the histogram, and not further back than samples are kept. */
export function* objectives(contract: Contract): Generator<Finding> {
  for (const [i, o] of contract.objectives.entries()) {
    const edges: readonly number[] = durationBuckets.map((s) => s * 1_000);
    if (o.kind === 'latency' && !edges.includes(o.under)) {
      const below = edges.findLast((e) => e < o.under);
      const above = edges.find((e) => e > o.under);
      const near = [below, above]
        .filter((e) => e !== undefined)
        .map((e) => (e % 1_000 === 0 ? `${e / 1_000}s` : `${e}ms`));
      yield {
        path: ['objectives', i, 'under'],
        message: 'lies between two edges of the duration histogram, so what is under it could only be guessed',
        hint: `the nearest are ${near.join(' and ')}`,
      };
    }
    for (const [name, e] of Object.entries(contract.environments)) {
      if (o.environments && !o.environments.includes(name)) continue;
      if (e.metrics.to === 'prometheus' && e.metrics.retention < o.window)
        yield {
          path: ['objectives', i, 'window'],
          message: `${o.window}d is longer than environment ${name} keeps samples (${e.metrics.retention}d)`,
          against: ['environments', name, 'metrics', 'retention'],
          hint: 'a shorter window, or set retention to what Prometheus really keeps',
        };
    }
  }
}
