import type { LogCondition, Panel, Threshold, Unit } from '../../boards/board.ts';
import type { AccessRecord } from '../../logs/record.ts';
import { type Html, html, name } from '../../report/html/html-escape.ts';
import { sideOf } from '../../signals/request.ts';
import { lookOf, textOf } from '../decode.ts';
import { absent, type Content, type Drawn } from '../drawn.ts';
import { formatted, meaningOf } from '../units.ts';
import { heat } from './heat.ts';
import { kinds } from './style.ts';

/** What the script draws: the rest of a panel is in the markup. */
export interface Chart {
  readonly id: string;
  readonly unit: Unit;
  readonly stacked: boolean;
  readonly max: number | undefined;
  readonly thresholds: readonly { readonly at: number; readonly means: Threshold['means'] }[];
  readonly lines: readonly {
    readonly name: string;
    readonly look: string;
    readonly values: readonly (number | null)[];
  }[];
}

/** What fills the room that its panel has; a table or a sentence takes what it needs. */
const tall: ReadonlySet<Content['kind']> = new Set(['lines', 'heat', 'value']);

/** One panel; charts that the script must draw are added to `charts`. */
export function panelHtml(
  drawn: Drawn,
  {
    id,
    times,
    charts,
    triage,
  }: {
    readonly id: string;
    readonly times: readonly number[];
    readonly charts: Chart[];
    triage(condition: LogCondition): string;
  },
): Html {
  const { panel, content, lacks } = drawn;
  return html`<section class="panel ${panel.kind} w${panel.width} h${tall.has(content.kind) ? panel.height : 3}" aria-labelledby="${id}">
<details><summary><h4 id="${id}">${panel.title}</h4></summary><p>${sentence(panel.description)}</p>${panel.triage && html`<p><code>${triage(panel.triage)}</code></p>`}</details>
<div class="show">${show(panel, content, id, times, charts)}</div>
${lacks.length > 0 && html`<p class="lacks">${sentence(absent(lacks))}</p>`}
</section>`;
}

function show(panel: Panel, content: Content, id: string, times: readonly number[], charts: Chart[]): Html {
  switch (content.kind) {
    case 'nothing':
      return html`<p class="nothing"><span>${sentence(content.why)}</span></p>`;
    case 'text':
      return html`<div class="markdown">${panel.kind === 'text' ? panel.markdown : ''}</div>`;
    case 'value':
      return panel.kind === 'stat' ? stat(panel, content) : html``;
    case 'rows':
      return panel.kind === 'bars' ? bars(panel, content) : panel.kind === 'table' ? table(panel, content) : html``;
    case 'heat':
      return heat(content.heat, times, panel.kind === 'heatmap' ? panel.unit : 'count');
    case 'records':
      return records(content.records);
    case 'lines':
      return panel.kind === 'timeseries' ? lines(panel, content, id, charts) : html``;
  }
}

/** Prose with what is typed set apart: between backticks as in Markdown, and flags, which must not be broken in two. */
const sentence = (text: string): readonly (Html | string)[] =>
  text.split(/(`[^`]+`|--\w+)/).map((part, i) => (i % 2 === 1 ? html`<code>${part.replaceAll('`', '')}</code>` : part));

type Of<K extends Panel['kind']> = Extract<Panel, { readonly kind: K }>;

function stat(panel: Of<'stat'>, { value, course }: Extract<Content, { readonly kind: 'value' }>): Html {
  if (value === undefined) return html`<p class="value none">${panel.none ?? 'no value'}</p>`;
  const text = formatted(value, panel.unit);
  return html`<p class="value ${meaningOf(value, panel.thresholds) ?? ''} ${text.length > 8 ? 'wide' : ''}">${text}</p>${sparkline(course)}`;
}

/** The course that led to a value; gaps stay gaps. */
function sparkline(course: readonly (number | null)[]): Html {
  const there = course.filter((v) => v !== null);
  if (there.length < 3) return html``;
  const [least, most] = [Math.min(0, ...there), Math.max(...there)];
  const points = course.map((v, i) => {
    if (v === null) return '';
    const y = most === least ? 19 : 19 - (18 * (v - least)) / (most - least);
    return `${typeof course[i - 1] === 'number' ? 'L' : 'M'}${i} ${y.toFixed(1)}`;
  });
  return html`<svg class="course" viewBox="0 0 ${Math.max(1, course.length - 1)} 20" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path d="${points.join('')}"/></svg>`;
}

/** A line's colour: what it means, or the next of those that are only told apart. */
export const colourOf = (look: string | undefined, i: number): string => look ?? `k${i % kinds}`;

const swatch = (look: string): Html =>
  html`<svg width="10" height="10" aria-hidden="true" focusable="false"><rect class="f-${look}" width="10" height="10" rx="2"/></svg>`;

function lines(
  panel: Of<'timeseries'>,
  { lines: drawn, left }: Extract<Content, { readonly kind: 'lines' }>,
  id: string,
  charts: Chart[],
): Html {
  // Two lines of one meaning must still be two colours.
  const seen = new Set<string>();
  const shown = drawn.map((line, i) => {
    const look = line.look !== undefined && !seen.has(line.look) ? line.look : `k${i % kinds}`;
    seen.add(look);
    return { name: name(line.name, 90), look, values: line.values.map(rounded) };
  });
  charts.push({
    id: `${id}-plot`,
    unit: panel.unit,
    stacked: panel.stacked === true,
    max: panel.max,
    thresholds: (panel.thresholds ?? []).flatMap(({ from, means }, i, all) => {
      const before = all[i - 1];
      if (from === undefined || before === undefined || from < 1e-12) return [];
      return [{ at: from, means: means === 'good' ? before.means : means }];
    }),
    lines: shown,
  });
  return html`<div class="plot" id="${id}-plot" role="img" aria-label="${panel.title}: ${shown.length} lines; the greatest value of each is below"></div>
<p class="readout" id="${id}-plot-readout" aria-hidden="true"></p>
<ul class="legend">${shown.map((l) => {
    const values = l.values.filter((v) => v !== null);
    return html`<li>${swatch(l.look)}<span>${l.name}</span><span class="note">${panel.unit === 'switch' ? 'now' : 'max'} ${formatted(panel.unit === 'switch' ? (values.at(-1) ?? 0) : Math.max(...values), panel.unit)}</span></li>`;
  })}</ul>${left > 0 && html`<p class="lacks">and ${left} more lines</p>`}`;
}

const rounded = (v: number | null): number | null => (v === null ? null : Number(v.toPrecision(5)));

type Rows = Extract<Content, { readonly kind: 'rows' }>;

function bars(panel: Of<'bars'>, { rows }: Rows): Html {
  const most = Math.max(...rows.map((r) => r.values[0] ?? 0));
  return html`<ul class="bars">${rows.map((r, i) => {
    const value = r.values[0] ?? 0;
    const means = meaningOf(value, panel.thresholds);
    const width = most <= 0 ? 0 : Math.max(0, (100 * value) / most);
    return html`<li><div><span>${name(r.cells.map((c) => c.text).join(' · '), 120)}</span><span class="n ${means ?? ''}">${formatted(value, panel.unit, panel.decimals)}</span></div><svg width="100%" height="6" aria-hidden="true" focusable="false"><rect class="faint" width="100%" height="6" rx="2"/><rect class="f-${colourOf(r.cells[0]?.look, i)}" width="${width.toFixed(2)}%" height="6" rx="2"/></svg></li>`;
  })}</ul>`;
}

const widths: Readonly<Record<string, string>> = { flagName: 'long', route: 'mid', backend: 'mid', flag: 'mid' };

function table(panel: Of<'table'>, { rows, left }: Rows): Html {
  const head = [
    ...panel.by.map((label) => html`<th scope="col">${titles[label] ?? label.replace(/^custom:/, '')}</th>`),
    ...panel.columns.map((c) => html`<th scope="col" class="n">${c.title}</th>`),
  ];
  const body = rows.map((r) => {
    const cells = r.cells.map((c, i) => {
      const label = panel.by[i] ?? '';
      return html`<td class="${widths[label] ?? 'tight'}">${c.look && html`<span class="dot">${swatch(c.look)}</span>`}${name(c.text, 320)}</td>`;
    });
    const values = panel.columns.map(({ unit, thresholds }, i) => {
      const value = r.values[i];
      return value === undefined
        ? html`<td class="n note">-</td>`
        : html`<td class="n ${meaningOf(value, thresholds) ?? ''}">${formatted(value, unit)}</td>`;
    });
    return html`<tr>${cells}${values}</tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${panel.title}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${left > 0 && html`<p class="lacks">and ${left} more rows</p>`}`;
}

const titles: Readonly<Record<string, string>> = {
  flagName: 'what it means',
  statusClass: 'status class',
  gatewayName: 'Gateway',
  gatewayNamespace: 'namespace',
  typeUrl: 'kind',
  errorType: 'error',
};

const columns = ['time', 'request', 'status', 'flags', 'side', 'details', 'took', 'backend'];

function records(list: readonly AccessRecord[]): Html {
  const rows = list.map((r) => {
    const side = sideOf(r);
    const look = lookOf('side', side);
    const flags = (r.flags ?? []).map((f) => textOf('flag', f)).join(', ');
    return html`<tr><td class="tight">${typeof r.time === 'number' ? new Date(r.time).toISOString().slice(11, 23) : '-'}</td><td class="long"><code>${r.method ?? '-'} ${name(r.path ?? '-', 120)}</code></td><td class="tight">${textOf('status', String(r.status ?? 0))}</td><td class="mid">${flags === '' ? '-' : name(flags, 120)}</td><td class="tight">${look && html`<span class="dot">${swatch(look)}</span>`}${side}</td><td class="long">${name(r.details ?? '-', 160)}</td><td class="n">${typeof r.duration === 'number' ? formatted(r.duration, 'milliseconds') : '-'}</td><td class="mid">${name(r.cluster ?? '-', 80)}</td></tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Requests"><table><thead><tr>${columns.map((c) => (c === 'took' ? html`<th scope="col" class="n">${c}</th>` : html`<th scope="col">${c}</th>`))}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
