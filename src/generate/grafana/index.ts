import { type BoardContext, boardContexts } from '../../boards/context.ts';
import { boardsOf } from '../../boards/index.ts';
import type { Model } from '../../contract/model.ts';
import { type Artefact, Ungeneratable } from '../artefact.ts';
import { boardUid } from '../grafana-uid.ts';
import type { At } from './at.ts';
import { dashboard } from './dashboard.ts';
import { asV2 } from './schema-v2.ts';

/**
 * Bytes of a file. A ConfigMap's annotations may have 262,144, and `kubectl apply` keeps the whole object in one: three quarters of that leave
 * room for its quoting. What makes boards grow is labels on metrics: each is a filter in every query, a variable and a table.
 */
export const budget = 196_608;

/** The boards of each environment whose metrics are in Prometheus, one file each. */
export const generateGrafana = (model: Model): readonly Artefact[] =>
  boardContexts(model).flatMap((context) => environmentBoards(context, model));

function environmentBoards(context: BoardContext, model: Model): readonly Artefact[] {
  const { environment } = context;
  const { metrics } = environment;
  if (metrics.to !== 'prometheus') return [];
  const boards = boardsOf(context);
  const uid = (board: string): string => boardUid(board, environment, model);
  return boards.flatMap((board): readonly Artefact[] => {
    const at: At = { context, board, boards, path: metrics.mode, uid };
    const classic = dashboard(at);
    const folder = `dashboards/grafana/${environment.name}`;
    const file = `${uid(board.id)}.json`;
    return [
      artefact(`${folder}/${file}`, classic, context),
      ...(environment.grafana?.v2 ? [artefact(`${folder}/v2/${file}`, asV2(classic), context)] : []),
    ];
  });
}

function artefact(path: string, document: object, { labels }: BoardContext): Artefact {
  // One blank a level: a file of this depth is a fifth smaller than with two.
  const content = `${JSON.stringify(document, null, 1)}\n`;
  const size = Buffer.byteLength(content);
  if (size > budget)
    throw new Ungeneratable(
      `${path} would have ${size} bytes, and a board may have ${budget}`,
      ['labels'],
      `${labels.length} labels are on metrics; on: [logs, traces] takes one off`,
    );
  return { path, content };
}
