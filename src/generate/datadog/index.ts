import type { Model } from '../../contract/model.ts';
import type { Artefact } from '../artefact.ts';
import { generateDatadogDashboards } from './dashboards/index.ts';

/** All that goes to Datadog. */
export const generateDatadog = (model: Model): readonly Artefact[] => generateDatadogDashboards(model);
