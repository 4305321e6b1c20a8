import pc from 'picocolors';
import type { Sample } from '../logs/answer.ts';
import { redactPath } from '../logs/redact.ts';
import type { Side } from '../triage/side.ts';
import type { Triage, Verdict } from '../triage/triage.ts';
import { count, duration, percent, plural } from '../triage/words.ts';
import { clean, cut } from './clean.ts';
import { andMore, backgroundWords, division, incidentSides, partsOf, rankedSides, sum, without } from './headline.ts';
import { loadBalancerText } from './load-balancer-text.ts';
import { sparkline } from './sparkline.ts';
import { placeInWords, storeNotes } from './store-words.ts';
import { span } from './when.ts';
import { wrap, wrapCommand } from './wrap.ts';

export interface TextOptions {
  readonly color: boolean;
  /** Columns; lines fit. */
  readonly width: number;
  /** How many verdicts get their evidence and next steps; the others get a line. */
  readonly detailed: number;
}

const label = 10;

/** The verdicts for a terminal: the sum first, then what to do about it. */
export function text(triage: Triage, options: TextOptions): string {
  const c = pc.createColors(options.color);
  const width = Math.max(60, Math.min(options.width, 140));
  const { incidents, background, rest } = partsOf(triage);
  const days = triage.first === undefined || triage.last === undefined || minutesApart(triage.first, triage.last);
  const out: string[] = [...head(triage, c, width)];
  for (const [i, v] of incidents.entries())
    out.push(...verdict(v, i + 1, i < options.detailed, width, days, c, triage));
  if (background.length > 0) {
    out.push('', c.bold('Background noise'), ...wrap(backgroundWords, width, '  ').map((l) => `  ${c.dim(l)}`));
    // With nothing else to look into, the noise is what was asked for.
    const detailed = incidents.length === 0 ? options.detailed : 0;
    for (const [i, v] of background.entries())
      out.push(...verdict(v, incidents.length + i + 1, i < detailed, width, days, c, triage));
  }
  if (incidents.length + background.length > options.detailed)
    out.push(
      '',
      c.dim(
        `more on any of these, for example: vigia explain ${(incidents[options.detailed] ?? background[0])?.cause}`,
      ),
    );
  if (triage.totals.failures > 0) out.push(...worstRoutes(triage, width, c));
  if (triage.loadBalancer) out.push(...loadBalancerText(triage.loadBalancer, width, c, (side) => paint(c, side)));
  if (rest.length > 0) {
    out.push('', c.bold('Not counted as failures'));
    for (const v of rest)
      out.push(`  ${count(v.count).padStart(label - 2)}  ${cut(`${v.title} (${v.cause})`, width - label - 2)}`);
  }
  out.push(...foot(triage, width, c));
  return `${out.join('\n')}\n`;
}

const minutesApart = (first: number, last: number): boolean =>
  Math.floor(first / 86_400_000) !== Math.floor(last / 86_400_000);

type Colors = ReturnType<typeof pc.createColors>;

export const paint = (c: Colors, side: Side): ((s: string) => string) =>
  ({ backend: c.red, gateway: c.magenta, between: c.yellow, client: c.cyan, policy: c.blue, unknown: c.gray })[side];

function head(t: Triage, c: Colors, width: number): string[] {
  const { failures, masked, aside, healthChecks } = t.totals;
  const when =
    t.first !== undefined && t.last !== undefined ? `${span(t.first, t.last, true)} UTC` : 'no times in this log';
  const parts = division(t);
  const out = [
    ...wrap(`${sum(t)}${parts ? `: ${parts}` : failures === 0 ? '.' : ''}`, width, '  ').map((l) => c.bold(l)),
    c.dim(when),
  ];
  if (t.filters.length > 0) out.push(...wrap(`only ${t.filters.join(', ')}`, width, '  ').map((l) => c.dim(l)));
  if (failures > 0) {
    out.push('');
    const incidents = incidentSides(t);
    const columns = (n: number) => Math.round((n / failures) * Math.min(40, width - 40));
    for (const side of rankedSides(t)) {
      const n = t.totals.sides[side];
      const whole = Math.max(1, columns(n));
      const solid = incidents[side] === n ? whole : Math.min(whole, columns(incidents[side]));
      const bar = '█'.repeat(solid) + '░'.repeat(whole - solid);
      out.push(
        `  ${paint(c, side)(side.padEnd(8))} ${count(n).padStart(9)}  ${percent(n, failures).padStart(6)}  ${paint(c, side)(bar)}`,
      );
    }
    if (parts) out.push(c.dim('  ░ background noise: goes on at a low, even rate'));
    const line = sparkline(t, width - label - 2);
    if (line) out.push('', `  ${'failures'.padEnd(8)} ${line}`);
  }
  const also = [
    masked > 0 ? `${count(masked)} saved by a retry` : '',
    aside > 0 ? `${count(aside)} set aside (the client's own 4xx and the like)` : '',
    healthChecks > 0 ? plural(healthChecks, 'health check') : '',
  ].filter(Boolean);
  if (also.length > 0) out.push('', ...wrap(`Not in these numbers: ${also.join(', ')}.`, width));
  return out;
}

function verdict(
  v: Verdict,
  rank: number,
  detailed: boolean,
  width: number,
  days: boolean,
  c: Colors,
  t: Triage,
): string[] {
  const numbers = `${count(v.count)}  ${percent(v.count, t.totals.failures).padStart(6)}  ${v.confidence.padEnd(6)}`;
  const title = `${rank}. ${v.title}`;
  const room = width - numbers.length - 2;
  const lines = wrap(title, room, '   ');
  const out = ['', ...lines.map((l, i) => (i === 0 ? `${c.bold(l.padEnd(room))}  ${numbers.trimEnd()}` : c.bold(l)))];
  const row = (name: string, texts: readonly string[]) => {
    for (const [i, t] of texts.entries()) {
      const [first = '', ...more] = wrap(t, width - label);
      out.push(`${(i === 0 ? `   ${name}` : '').padEnd(label)}${first}`, ...more.map((m) => ' '.repeat(label) + m));
    }
  };
  out.push(`   ${paint(c, v.side)(v.side)}  ${c.dim(v.cause)}`);
  if (v.windows.length > 0) row('when', [windowsInWords(v, days)]);
  const where = whereInWords(v, t);
  if (where !== '') row('where', [where]);
  if (!detailed) return out;
  row('why', v.evidence);
  if (v.cannotTell.length > 0)
    row(
      'but',
      v.cannotTell.map((t) => `this log can't tell ${t}`),
    );
  for (const [i, step] of v.next.entries()) {
    row(i === 0 ? 'next' : '', [`- ${step.do}`]);
    const code = [
      ...(step.run ? wrapCommand(`$ ${step.run}`, width - label - 2) : []),
      ...(step.yaml?.split('\n') ?? []),
    ];
    out.push(...code.map((l) => ' '.repeat(label + 2) + c.dim(clean(l))));
  }
  const sample = t.samples[v.samples[0] ?? -1];
  if (sample) row('line', [sampleInWords(sample)]);
  row('page', [v.page]);
  return out;
}

/** The first routes (backends where there are none), how many more there are, and how many requests had none. */
function whereInWords(v: Verdict, t: Triage): string {
  const [list, names] = v.routes.length > 0 ? [v.routes, v.names.routes] : [v.backends, v.names.backends];
  const first = list.slice(0, 3).map((r) => {
    const requests = 'requests' in r ? (r.requests as number | undefined) : undefined;
    return `${r.name} ${count(r.count)}${requests ? ` of ${count(requests)} (${percent(r.count, requests)})` : ''}`;
  });
  const none = list === v.routes || v.withoutRoute === v.count ? without(t, v.withoutRoute, v.count) : '';
  return [...first, andMore(names, first.length), none].filter(Boolean).join(', ');
}

/** One request, so that the reader sees what kind it was and where to read the line itself. A terminal is shared too: no query. */
function sampleInWords({ record: r, place }: Sample): string {
  const took = r.duration === undefined || r.duration === null ? '' : duration(r.duration);
  const short = (said: string | null | undefined, room: number) => said && cut(said, room);
  const request = [
    short(r.method, 12),
    short(r.path && redactPath(r.path), 60),
    r.status,
    short(r.flags?.join(','), 30),
    took,
  ];
  return `${request.filter((x) => x !== '' && x !== null && x !== undefined).join(' ')} (${placeInWords(place)})`;
}

/** Every window, or the span and the busiest when they are many. */
export function windowsInWords(v: Verdict, days: boolean): string {
  const [first] = v.windows;
  const last = v.windows.at(-1);
  if (!first || !last) return '';
  if (v.windows.length <= 3)
    return v.windows
      .map(
        (w) =>
          `${span(w.from, w.to, days)}${v.windows.length > 1 ? ` (${count(w.count)})` : ` (${duration(w.to - w.from)})`}`,
      )
      .join(', ');
  const busiest = v.windows.reduce((a, b) => (b.count > a.count ? b : a));
  return `on and off ${span(first.from, last.to, days)}, in ${v.windows.length} windows; most in ${span(busiest.from, busiest.to, days)} (${count(busiest.count)})`;
}

function worstRoutes(t: Triage, width: number, c: Colors): string[] {
  const rows = t.routes.slice(0, 3);
  if (rows.length === 0) return [];
  const name = Math.min(Math.max(...rows.map((r) => clean(r.route).length)), width - 48);
  const rest = [andMore(t.routes.length, rows.length), without(t, t.totals.withoutRoute, t.totals.failures)]
    .filter(Boolean)
    .join(', ');
  return [
    '',
    c.bold(
      `Most affected ${t.routeIs === 'route' ? 'routes' : t.routeIs === 'backend' ? 'backends' : 'hosts asked for'}`,
    ),
    ...rows.map(
      (r) =>
        `  ${cut(r.route, name).padEnd(name)}  ${count(r.failures).padStart(8)} of ${count(r.requests).padEnd(10)} ${percent(r.failures, r.requests).padStart(6)}  ${cut(r.topCause, Math.max(10, width - name - 36))}`,
    ),
    ...(rest === '' ? [] : [c.dim(`  ${rest}`)]),
  ];
}

function foot(t: Triage, width: number, c: Colors): string[] {
  const out: string[] = [];
  const r = t.reading;
  if (r.rejects > 0) {
    out.push('', c.yellow(`${plural(r.rejects, 'line')} of ${count(r.lines)} could not be read; the first:`));
    for (const reject of r.firstRejects.slice(0, 3))
      out.push(`  ${cut(`${placeInWords(reject)}: ${reject.reason}: ${reject.text}`, width - 2)}`);
  }
  if (t.coverage.length > 0) {
    out.push('', c.bold('This log leaves questions open'));
    for (const gap of t.coverage.slice(0, 6))
      out.push(
        ...wrap(`- ${gap.question}${gap.operator ? `: log ${gap.operator}` : ''}`, width - 2, '  ').map(
          (l) => `  ${l}`,
        ),
      );
    if (t.coverage.length > 6) out.push(`  and ${t.coverage.length - 6} more; -o json lists them`);
  }
  const notes = [
    ...storeNotes(t, r),
    t.precision === 'exact' ? '' : precisionWords(t),
    r.applicationLines > 0 ? `${plural(r.applicationLines, 'line')} of Envoy's own log skipped` : '',
    r.interim > 0 ? `${plural(r.interim, 'entry', 'entries')} of unfinished requests skipped` : '',
    r.weighted > 0 ? `${plural(r.weighted, 'sampled entry', 'sampled entries')}, counted by weight` : '',
    r.outsideWindow > 0 ? `${plural(r.outsideWindow, 'request')} outside the window` : '',
  ].filter(Boolean);
  const files = r.files.map(
    (f) => `${f.name === '-' ? 'standard input' : f.name}: ${plural(f.lines, 'line')}, ${f.format}`,
  );
  out.push(
    '',
    ...[...files.slice(0, 4), ...(files.length > 4 ? [`and ${files.length - 4} more files`] : []), ...notes]
      .flatMap((n) => wrap(clean(n), width, '  '))
      .map((n) => c.dim(n)),
  );
  return out;
}

const precisionWords = ({ precision }: Triage): string =>
  precision === 'truncated'
    ? 'numbers are truncated: names beyond a bound were folded into (other)'
    : 'numbers are approximate: not every record that was asked about is in them';
