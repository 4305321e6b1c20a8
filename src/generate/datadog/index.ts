import type { Model } from '../../contract/model.ts';
import type { Artefact } from '../artefact.ts';
import { generateDatadogAlerts } from './alerts/index.ts';
import { generateDatadogDashboards } from './dashboards/index.ts';

/** All that goes to Datadog. */
export const generateDatadog = (model: Model): readonly Artefact[] => [
  ...generateDatadogAlerts(model),
  ...generateDatadogDashboards(model),
];
