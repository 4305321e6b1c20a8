import type { Board, Panel, Row } from '../../../boards/board.ts';
import type { BoardContext } from '../../../boards/context.ts';
import { triageCommand } from '../../../boards/triage-command.ts';
import { groupLayout, places } from './layout.ts';
import type { Dashboard, Widget, WidgetDefinition } from './models.ts';
import { note } from './note.ts';
import { presets, templateVariables } from './variables.ts';
import { widget } from './widgets.ts';

/** What finds a dashboard again: Datadog gives ids of its own and dashboards no free tags. */
export const marker = (contract: string, environment: string, board: string): string =>
  `vigia:${contract}/${environment}-${board}`;

/** A board as an ordered dashboard: a group for each row, everything placed, so that what comes back can be compared. */
export function dashboard(board: Board, boards: readonly Board[], context: BoardContext): Dashboard {
  const { environment } = context;
  const groups = board.rows.map((row) => group(row, board, boards, context));
  let y = 0;
  const widgets = groups.map(({ definition, height }): Widget => {
    const layout = groupLayout(y, height);
    y += layout.height;
    return { definition, layout };
  });
  const teams = (environment.datadog?.tags ?? []).filter((tag) => tag.startsWith('team:'));
  const saved = presets(board.scope, context);
  return {
    title: `${board.title} (${environment.name})`,
    description: `${board.description}\n\n${marker(context.contract, environment.name, board.id)}`,
    layoutType: 'ordered',
    reflowType: 'fixed',
    templateVariables: templateVariables(board.scope, context),
    ...(saved.length > 0 ? { templateVariablePresets: saved } : {}),
    // Dashboards take no other tags.
    ...(teams.length > 0 ? { tags: [...teams].sort() } : {}),
    widgets,
  };
}

function group(
  row: Row,
  board: Board,
  boards: readonly Board[],
  context: BoardContext,
): { definition: WidgetDefinition; height: number } {
  const made = row.panels.map((panel) => ({
    definition: widget(panel, { context, board: board.id, boards, panel: panel.id, scope: board.scope }),
    width: panel.width,
    height: panel.height,
  }));
  const all = [...made, ...asked(row.panels, context)];
  const { layouts, height } = places(all);
  return {
    definition: {
      type: 'group',
      layoutType: 'ordered',
      title: row.title,
      showTitle: true,
      widgets: all.map(({ definition }, i): Widget => {
        const layout = layouts[i];
        return { definition, ...(layout ? { layout } : {}) };
      }),
    },
    height,
  };
}

/**
 * The lines of `vigia triage` that a row's panels lead to, below them: descriptions of widgets can't be copied from everywhere. Notes fill in no
 * variable, so of several clusters one is to be put in.
 */
function asked(
  panels: readonly Panel[],
  { clusters }: BoardContext,
): readonly { definition: WidgetDefinition; width: number; height: number }[] {
  const [only, ...others] = clusters;
  const cluster = others.length === 0 ? only : 'CLUSTER';
  const lines = [...new Set(panels.flatMap((p) => (p.triage ? [triageCommand(p.triage, { cluster })] : [])))];
  if (lines.length === 0) return [];
  const which = others.length === 0 ? '' : ` (CLUSTER is one of ${clusters.join(', ')})`;
  const text = `Whose fault it was, from the access log${which}:\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
  return [{ definition: note(text), width: 24, height: 4 + Math.max(0, lines.length - 2) }];
}
