import type { Alignment } from '../../align/align.ts';
import type { AlignmentOptions } from './options.ts';

type AlignmentReport = (alignment: Alignment, options: AlignmentOptions) => Promise<string>;

/** Every format of an alignment: one file, one line here. Each loads on first use. */
export const alignmentReports = {
  text: async (a, o) => (await import('./text.ts')).text(a, o),
  json: async (a) => (await import('./json.ts')).json(a),
  markdown: async (a) => (await import('./markdown.ts')).markdown(a),
  yaml: async (a) => (await import('./yaml.ts')).yaml(a),
} as const satisfies Record<string, AlignmentReport>;

export type AlignmentFormat = keyof typeof alignmentReports;

export const alignmentFormats = Object.keys(alignmentReports) as readonly AlignmentFormat[];
