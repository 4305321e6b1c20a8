import type { Environment, Tracing } from '../model.ts';
import type { Contract } from '../schema/index.ts';
import { merge } from './merge.ts';

/** Tracing from the general to the particular; off where the environment has no place for traces. */
export function resolveTracing(
  environment: Environment,
  top: Contract['tracing'],
  own: Contract['environments'][string]['tracing'],
  gateway: Contract['gateways'][number]['tracing'],
): Tracing {
  const tracing = merge(top, own, gateway);
  const attributes = { ...top.attributes, ...own?.attributes, ...gateway?.attributes };
  return {
    enabled: tracing.enabled && environment.traces.to !== 'none',
    samplingPercent: tracing.sampling,
    upstreamSpans: tracing.upstreamSpans,
    maxPathLength: tracing.maxPathLength,
    attributes: Object.entries(attributes).map(([name, from]) => ({ name, from })),
  };
}
