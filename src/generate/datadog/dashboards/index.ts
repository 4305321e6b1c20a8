import { boardContexts } from '../../../boards/context.ts';
import { boardsOf } from '../../../boards/index.ts';
import type { Model } from '../../../contract/model.ts';
import type { Artefact } from '../../artefact.ts';
import { dashboard } from './dashboard.ts';
import { wire } from './wire.ts';

/** Every board of each environment whose metrics go to Datadog. */
export function generateDatadogDashboards(model: Model): readonly Artefact[] {
  return boardContexts(model)
    .filter((context) => context.environment.metrics.to === 'datadog')
    .flatMap((context) =>
      boardsOf(context).map((board, _, all) => ({
        path: `dashboards/datadog/${context.environment.name}/${board.id}.json`,
        content: wire(dashboard(board, all, context)),
      })),
    );
}
