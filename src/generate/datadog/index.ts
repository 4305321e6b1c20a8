import type { Model } from '../../contract/model.ts';
import type { Artefact } from '../artefact.ts';
import { generateDatadogAlerts } from './alerts/index.ts';
import { generateDatadogDashboards } from './dashboards/index.ts';
import { metricsWithPercentiles } from './percentiles.ts';

/** All that goes to Datadog. */
export function generateDatadog(model: Model): readonly Artefact[] {
  const asking = [...generateDatadogAlerts(model), ...generateDatadogDashboards(model)];
  return [...asking, ...metricsWithPercentiles(asking)];
}
