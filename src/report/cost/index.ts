import type { Cost } from '../../cost/cost.ts';
import type { CostOptions } from './options.ts';

type CostReport = (cost: Cost, options: CostOptions) => Promise<string>;

/** Every format of a cost: one file, one line here. Each loads on first use. */
export const costReports = {
  text: async (c, o) => (await import('./text.ts')).text(c, o),
  json: async (c) => (await import('./json.ts')).json(c),
  markdown: async (c) => (await import('./markdown.ts')).markdown(c),
} as const satisfies Record<string, CostReport>;

export type CostFormat = keyof typeof costReports;

export const costFormats = Object.keys(costReports) as readonly CostFormat[];
