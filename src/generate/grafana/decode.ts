import type { DynamicConfigValue, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { BoardLabel } from '../../boards/board.ts';
import { responseFlags } from '../../envoy/response-flags.ts';

/** One colour for each side, on every board. */
const sideColours: Readonly<Record<string, string>> = {
  backend: 'red',
  gateway: 'purple',
  between: 'orange',
  client: 'blue',
  policy: 'super-light-blue',
  unknown: 'yellow',
  none: 'green',
};

const classColours: Readonly<Record<string, string>> = {
  '1xx': 'text',
  '2xx': 'green',
  '3xx': 'super-light-green',
  '4xx': 'blue',
  '5xx': 'red',
  '0': 'orange',
};

const flagTexts: readonly (readonly [flag: string, text: string, colour: string])[] = [
  ['-', 'no flag', 'text'],
  ...Object.entries(responseFlags).map(
    ([flag, { long, side }]) => [flag, `${flag} ${long}`, sideColours[side] ?? 'text'] as const,
  ),
];

/** A value's text and colour, by label; a value that is not in it is shown as it is. */
const tables: Readonly<
  Partial<Record<BoardLabel, readonly (readonly [value: string, text: string, colour: string])[]>>
> = {
  flag: flagTexts,
  flagName: Object.values(responseFlags).map(({ long, side, meaning, check }) => [
    long,
    `${meaning}; check: ${check}`,
    sideColours[side] ?? 'text',
  ]),
  side: Object.entries(sideColours).map(([side, colour]) => [side, side, colour]),
  statusClass: Object.entries(classColours).map(([name, colour]) => [
    name,
    name === '0' ? '0 no answer' : name,
    colour,
  ]),
  status: [['0', '0 no answer', 'orange']],
  route: [['-', 'no route matched', 'orange']],
  backend: [['-', 'none was chosen', 'orange']],
};

/** Mappings of a table's column; one of the kind `value` and first, as Grafana itself arranges them. */
export function mappings(label: BoardLabel): readonly ValueMapping[] {
  const table = tables[label];
  if (!table) return [];
  const options = table.map(([value, text, color], index) => [value, { text, color, index }] as const);
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/** The same for the series of a graph, which value mappings do not reach: name and colour by the series' own name. */
export const seriesLooks = (
  label: 'side' | 'flag' | 'statusClass',
): readonly { readonly name: string; readonly properties: DynamicConfigValue[] }[] =>
  (tables[label] ?? []).map(([value, text, color]) => ({
    name: value,
    properties: [
      ...(text === value ? [] : [{ id: 'displayName', value: text }]),
      { id: 'color', value: { mode: 'fixed', fixedColor: color } },
    ],
  }));
