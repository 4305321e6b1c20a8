import type { Threshold, Unit } from '../../../boards/board.ts';
import type { WidgetConditionalFormat, WidgetMarker, WidgetNumberFormat } from './models.ts';

/**
 * What a unit is in Datadog (https://docs.datadoghq.com/metrics/units/), and what values are multiplied by to be in it. A share is shown as a
 * percentage; formulas, formats and markers all go through `factor`, so they stay on one scale.
 */
interface DatadogUnit {
  readonly factor: number;
  readonly format?: WidgetNumberFormat;
}

const canonical = (unitName: string, perUnitName?: string): WidgetNumberFormat => ({
  unit: { type: 'canonical_unit', unitName, ...(perUnitName === undefined ? {} : { perUnitName }) },
});

const units: Readonly<Record<Unit, DatadogUnit>> = {
  'requests/s': { factor: 1, format: canonical('request', 'second') },
  'events/s': { factor: 1, format: canonical('event', 'second') },
  seconds: { factor: 1, format: canonical('second') },
  milliseconds: { factor: 1, format: canonical('millisecond') },
  share: { factor: 100, format: canonical('percent') },
  bytes: { factor: 1, format: canonical('byte') },
  'bytes/s': { factor: 1, format: canonical('byte', 'second') },
  count: { factor: 1 },
  days: { factor: 1, format: canonical('day') },
  factor: { factor: 1, format: { unit: { type: 'custom_unit_label', label: 'x' } } },
  switch: { factor: 1 },
};

export const factorOf = (unit: Unit): number => units[unit].factor;

export function numberFormat(unit: Unit): { numberFormat?: WidgetNumberFormat } {
  const { format } = units[unit];
  return format ? { numberFormat: format } : {};
}

/** A number in the unit's own scale, without the noise of binary fractions. */
export const inUnit = (value: number, unit: Unit): number => Number((value * units[unit].factor).toPrecision(12));

const palettes = { good: 'white_on_green', watch: 'black_on_light_yellow', bad: 'white_on_red' } as const;
const severity = { good: 0, watch: 1, bad: 2 } as const;

/** Steps from so little on mean "any at all". */
const anyAtAll = 1e-12;

/** The highest step first: the first format that holds is taken. */
export function conditionalFormats(
  thresholds: readonly Threshold[] | undefined,
  unit: Unit,
): { conditionalFormats?: WidgetConditionalFormat[] } {
  if (thresholds === undefined) return {};
  const formats = [...thresholds].reverse().flatMap(({ from, means }, i, steps): WidgetConditionalFormat[] => {
    const palette = palettes[means];
    if (from !== undefined)
      return [
        from < anyAtAll && from > 0
          ? { comparator: '>', value: 0, palette }
          : { comparator: '>=', value: inUnit(from, unit), palette },
      ];
    const above = steps[i - 1]?.from;
    if (above === undefined) return [];
    return [
      above < anyAtAll && above > 0
        ? { comparator: '<=', value: 0, palette }
        : { comparator: '<', value: inUnit(above, unit), palette },
    ];
  });
  return { conditionalFormats: formats };
}

/** A line where one step ends and the next begins, in the worse one's style; none on the axis itself. */
export function markers(thresholds: readonly Threshold[] | undefined, unit: Unit): { markers?: WidgetMarker[] } {
  if (thresholds === undefined) return {};
  const lines = thresholds.flatMap(({ from, means }, i): WidgetMarker[] => {
    const below = thresholds[i - 1];
    if (from === undefined || below === undefined || Math.abs(from) < anyAtAll) return [];
    const worse = severity[means] > severity[below.means] ? means : below.means;
    return [{ value: `y = ${inUnit(from, unit)}`, displayType: worse === 'bad' ? 'error dashed' : 'warning dashed' }];
  });
  return lines.length > 0 ? { markers: lines } : {};
}
