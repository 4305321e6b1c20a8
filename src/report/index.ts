import type { Triage } from '../triage/triage.ts';

export interface ReportOptions {
  readonly color: boolean;
  readonly width: number;
  readonly redact: boolean;
}

type Report = (triage: Triage, options: ReportOptions) => Promise<string>;

/** Every report format: one file, one line here. Each loads on first use. */
export const reports = {
  text: async (t, o) => (await import('./text.ts')).text(t, { ...o, detailed: 6 }),
  json: async (t, o) => (await import('./json.ts')).json(t, o),
  markdown: async (t, o) => (await import('./markdown.ts')).markdown(t, o),
  html: async (t, o) => (await import('./html.ts')).html(t, o),
} as const satisfies Record<string, Report>;

export type ReportName = keyof typeof reports;
