import { type BoardContext, boardContexts } from '../../boards/context.ts';
import { boardsOf } from '../../boards/index.ts';
import type { Model } from '../../contract/model.ts';
import type { Artefact } from '../artefact.ts';
import { sha256 } from '../drift.ts';
import type { At } from './at.ts';
import { dashboard } from './dashboard.ts';

/**
 * Half of what a ConfigMap may hold with an annotation of its own size beside it (262,144 bytes: `kubectl apply` keeps the whole object there).
 * A board that comes near it holds too many panels to be read anyway.
 */
export const budget = 131_072;

/** The boards of each environment whose metrics are in Prometheus, one file each. */
export function generateGrafana(model: Model): readonly Artefact[] {
  const contexts = boardContexts(model).filter((c) => c.environment.metrics.to === 'prometheus');
  return contexts.flatMap((context) => environmentBoards(context, contexts));
}

function environmentBoards(context: BoardContext, all: readonly BoardContext[]): readonly Artefact[] {
  const { environment } = context;
  const { metrics } = environment;
  if (metrics.to !== 'prometheus') return [];
  const boards = boardsOf(context);
  const uid = uidOf(context, all);
  return boards.map((board): Artefact => {
    const at: At = { context, board, boards, path: metrics.mode, uid };
    const content = `${JSON.stringify(dashboard(at), null, 2)}\n`;
    const path = `dashboards/grafana/${environment.name}/${uid(board.id)}.json`;
    if (content.length > budget)
      throw new Error(`${path}: ${content.length} bytes, and a board may have ${budget}: take labels off metrics`);
    return { path, content };
  });
}

/** What Grafana allows. */
const longestUid = 40;

/**
 * `vigia-overview`; where one Grafana serves several environments, or nobody says which serves them, their boards are told apart:
 * `vigia-overview-staging`.
 */
function uidOf(
  { environment: { name, grafana } }: BoardContext,
  all: readonly BoardContext[],
): (board: string) => string {
  const shared = all.filter((c) => c.environment.grafana?.url === grafana?.url).length > 1;
  return (board) => {
    const uid = shared ? `vigia-${board}-${name}` : `vigia-${board}`;
    return uid.length <= longestUid ? uid : `${uid.slice(0, longestUid - 7)}-${sha256(name).slice(0, 6)}`;
  };
}
