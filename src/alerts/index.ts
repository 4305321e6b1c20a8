import type { BoardContext } from '../boards/context.ts';
import type { Alert } from './alert.ts';
import { backends } from './backends.ts';
import { configuration } from './configuration.ts';
import { pipeline } from './pipeline.ts';
import { policies } from './policies.ts';

/** Alerts by family, beside those of objectives: symptoms with a cause's page, and what watches the watcher. */
export const families = { backends, policies, configuration, pipeline } as const satisfies Record<
  string,
  (c: BoardContext) => readonly Alert[]
>;

export const familyNames = Object.keys(families) as readonly (keyof typeof families)[];
