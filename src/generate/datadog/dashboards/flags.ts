import type { BoardLabel } from '../../../boards/board.ts';
import { responseFlags } from '../../../envoy/response-flags.ts';
import type { TableWidgetTextFormatRule } from './models.ts';

const palettes = {
  backend: 'black_on_light_red',
  gateway: 'black_on_light_red',
  between: 'black_on_light_yellow',
  unknown: 'black_on_light_yellow',
  client: 'black_on_light_green',
  policy: 'black_on_light_green',
  none: 'black_on_light_green',
} as const;

/**
 * What a table says for the values of a column of tags: flags by their long names; others as they are. Datadog folds tags to lower case unless an
 * account asks it not to, so both spellings are there.
 */
export function textFormats(by: readonly BoardLabel[]): { textFormats?: TableWidgetTextFormatRule[][] } {
  if (!by.includes('flag')) return {};
  return { textFormats: by.map((label) => (label === 'flag' ? flagRules : [])) };
}

const rule = (value: string, text: string, side: keyof typeof palettes): TableWidgetTextFormatRule => ({
  match: { type: 'is', value },
  replace: { type: 'all', _with: text },
  palette: palettes[side],
});

const flagRules: TableWidgetTextFormatRule[] = [
  ...Object.entries(responseFlags).flatMap(([flag, { long, side }]) =>
    [flag, flag.toLowerCase()].map((spelling) => rule(spelling, `${flag} ${long}`, side)),
  ),
  rule('-', '- no flag', 'none'),
];
