import { boardContexts } from '../../../boards/context.ts';
import type { Model } from '../../../contract/model.ts';
import type { Artefact } from '../../artefact.ts';
import { monitors } from './monitors.ts';
import { slos } from './slos.ts';

/** Objectives and monitors of each environment whose metrics go to Datadog. */
export function generateDatadogAlerts(model: Model): readonly Artefact[] {
  return boardContexts(model)
    .filter((context) => context.environment.metrics.to === 'datadog')
    .flatMap((context) => {
      const folder = `alerts/datadog/${context.environment.name}`;
      const files = (kind: string, all: readonly { readonly id: string; readonly document: object }[]) =>
        all.map(({ id, document }) => ({
          path: `${folder}/${kind}/${id}.json`,
          content: `${JSON.stringify(document, undefined, 2)}\n`,
        }));
      return [...files('slos', slos(context)), ...files('monitors', monitors(model, context))];
    });
}
