import { type FieldId, fieldIds, fields, fileKey } from '../envoy/fields.ts';
import type { Condition, Question } from '../logs/question.ts';
import type { Overrides } from '../logs/read/key-map.ts';
import { type FormatName, formats } from '../logs/read/line-parser.ts';
import { nearest } from '../nearest.ts';
import type { Focus } from '../triage/diagnose.ts';
import { type Side, sides } from '../triage/side.ts';
import { Misuse } from './misuse.ts';
import { bounded, parseWindow } from './time.ts';

/** The value if it is one of the allowed words. */
export function oneOf<T extends string>(value: string, allowed: readonly T[], flag: string): T {
  const found = allowed.find((a) => a === value);
  if (found !== undefined) return found;
  const guess = nearest(value, allowed);
  throw new Misuse(`${flag} ${value}: not one of ${allowed.join(', ')}`, guess && `did you mean ${guess}?`);
}

const fieldNames = new Map<string, FieldId>(
  fieldIds.flatMap((id) => [id, fields[id].name, fileKey(id)].map((name): [string, FieldId] => [name, id])),
);

function fieldNamed(name: string, flag: string): FieldId {
  const id = fieldNames.get(name);
  if (id !== undefined) return id;
  const guess = nearest(name, [...fieldNames.keys()]);
  throw new Misuse(`${flag}: no field "${name}"`, guess ? `did you mean ${guess}?` : `one of ${fieldIds.join(', ')}`);
}

/** `--map status=rc,flags=rf` */
export function parseMap(texts: readonly string[]): Overrides {
  const overrides: Partial<Record<FieldId, string>> = {};
  for (const pair of texts.flatMap((t) => t.split(','))) {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1)
      throw new Misuse(`--map ${pair}: not FIELD=KEY`, 'for example --map status=rc,flags=rf');
    overrides[fieldNamed(pair.slice(0, at), '--map')] = pair.slice(at + 1);
  }
  return overrides;
}

/** `--where field=value` and `field!=value`; `*` stands for any characters. */
export function parseWhere(texts: readonly string[]): Condition[] {
  return texts.map((text) => {
    const found = /^([^=!]+)(!?=)([\s\S]*)$/.exec(text);
    if (!found)
      throw new Misuse(
        `--where ${text}: not FIELD=VALUE or FIELD!=VALUE`,
        'for example --where method=POST or --where path=/api/*',
      );
    return {
      field: fieldNamed(found[1]?.trim() ?? '', '--where'),
      negated: found[2] === '!=',
      values: [found[3] ?? ''],
    };
  });
}

/** `503`, `5xx`, `500-504`, `0`, or a comma list of them. */
export function parseStatus(text: string): (status: number | null | undefined) => boolean {
  const ranges = text.split(',').map((part): readonly [number, number] => {
    const p = part.trim().toLowerCase();
    if (/^[1-5]xx$/.test(p)) return [Number(p[0]) * 100, Number(p[0]) * 100 + 99];
    const range = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(p);
    if (!range || Number(range[2] ?? range[1]) < Number(range[1]))
      throw new Misuse(
        `--status ${text}: "${part}" is not a status`,
        'write 503, 5xx, 500-504, 0 or a comma list of these',
      );
    return [Number(range[1]), Number(range[2] ?? range[1])];
  });
  return (status) => ranges.some(([low, high]) => typeof status === 'number' && status >= low && status <= high);
}

export interface Asked {
  readonly question: Question;
  readonly focus: Focus;
  readonly format: FormatName;
  readonly overrides: Overrides;
}

/** The filters that triage and logs share, checked. A remote store is always asked about a window with both ends. */
export function asked(o: Readonly<Record<string, unknown>>, now: number, remote = false): Asked {
  const one = (key: string) => o[key] as string | undefined;
  const many = (key: string) => (o[key] as string[] | undefined) ?? [];
  const given = parseWindow({ since: one('since'), from: one('from'), to: one('to') }, now);
  const window = remote ? bounded(given, now) : given;
  const where = parseWhere(many('where'));
  for (const [key, field] of [
    ['route', 'route'],
    ['backend', 'cluster'],
  ] as const)
    if (many(key).length > 0) where.push({ field, negated: false, values: many(key) });
  const side = one('side');
  const conditions = where.map((c) => `${c.field} ${c.negated ? 'not ' : ''}${c.values.join(' or ')}`);
  const words = [
    ...(window.from === undefined ? [] : [`from ${new Date(window.from).toISOString()}`]),
    ...(window.to === undefined ? [] : [`before ${new Date(window.to).toISOString()}`]),
    ...conditions,
    ...(one('status') === undefined ? [] : [`status ${one('status')}`]),
    ...(side === undefined ? [] : [`side ${side}`]),
  ];
  const status = one('status');
  const wanted: Side | undefined = side === undefined ? undefined : oneOf(side, sides, '--side');
  return {
    question: { ...window, where },
    focus: {
      status: status === undefined ? undefined : parseStatus(status),
      side: wanted,
      words,
      conditions: conditions.length === 0 ? '' : ` with ${conditions.join(' and ')}`,
    },
    format: oneOf(one('format') ?? 'auto', formats, '--format'),
    overrides: parseMap(many('map')),
  };
}
