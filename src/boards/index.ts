import type { Board } from './board.ts';
import type { BoardContext } from './context.ts';
import { controlPlane } from './control-plane.ts';
import { fault } from './fault.ts';
import { objectives } from './objectives.ts';
import { overview } from './overview.ts';
import { pipeline } from './pipeline.ts';
import { routes } from './routes.ts';

/** Every board, in the order in which a reader meets them: one file, one line here. */
export const boards: readonly ((context: BoardContext) => Board | readonly Board[])[] = [
  overview,
  routes,
  fault,
  controlPlane,
  pipeline,
  objectives,
];

/** The boards of one environment. */
export const boardsOf = (context: BoardContext): readonly Board[] => boards.flatMap((make) => make(context));
