import type { WidgetDefinition } from './models.ts';

/** Text on a board, in Markdown. */
export const note = (content: string): WidgetDefinition => ({
  type: 'note',
  content,
  backgroundColor: 'white',
  fontSize: '14',
  textAlign: 'left',
  verticalAlign: 'top',
  hasPadding: true,
  showTick: false,
});
