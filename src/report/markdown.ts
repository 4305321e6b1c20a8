import { redactRecord, redactText } from '../logs/redact.ts';
import type { Triage, Verdict } from '../triage/triage.ts';
import { count, percent, plural } from '../triage/words.ts';
import { clean } from './clean.ts';
import { andMore, backgroundWords, division, incidentSides, partsOf, rankedSides, sum, without } from './headline.ts';
import { findingWords, loadBalancerWords } from './load-balancer.ts';
import { redactVerdict } from './redact-verdict.ts';
import { placeInWords, storeNotes } from './store-words.ts';
import { windowsInWords } from './text.ts';
import { minuteOf, span } from './when.ts';

/** For an incident channel: the answer in a line, a table of verdicts, the first ones in full. */
export function markdown(t: Triage, options: { readonly redact: boolean }): string {
  const { incidents, background, rest } = partsOf(t);
  const said = (words: string) => md(options.redact ? redactText(words) : words);
  const safe = (v: Verdict) => (options.redact ? redactVerdict(v) : v);
  const { failures: failed } = t.totals;
  const parts = division(t);
  const leadingCount = incidents.length > 0 ? failed - t.totals.background : failed;
  const whose = incidents.length > 0 ? incidentSides(t) : t.totals.sides;
  const days =
    t.first === undefined || t.last === undefined || minuteOf(t.first).slice(0, 10) !== minuteOf(t.last).slice(0, 10);
  const out = [
    `**${said(sum(t))}${parts ? `: ${parts}` : ''}.**`,
    t.first !== undefined && t.last !== undefined ? `${span(t.first, t.last, true)} UTC` : 'No times in this log.',
    ...(t.filters.length > 0 ? [`Only ${t.filters.map(said).join(', ')}.`] : []),
  ];
  if (failed > 0) {
    out.push(
      '',
      `${parts && incidents.length > 0 ? 'To look into: ' : ''}${rankedSides(t)
        .filter((s) => whose[s] > 0)
        .map((s) => `**${s}** ${count(whose[s])} (${percent(whose[s], leadingCount)})`)
        .join(' · ')}`,
    );
    // With nothing else to look into, the noise is what was asked for.
    const [leading, noise] = incidents.length > 0 ? [incidents, background] : [background, []];
    out.push('', ...table(leading, t, days));
    if (noise.length > 0)
      out.push(
        '',
        `Background noise, ${backgroundWords}: ${noise.map((v) => `${count(v.count)} \`${v.cause}\``).join(', ')}.`,
      );
    for (const [i, v] of leading.slice(0, 3).entries()) out.push('', ...verdict(safe(v), i + 1, t, options));
    if (leading.length > 3)
      out.push('', `More on the others: \`vigia explain ${leading[3]?.cause}\`, or the HTML report.`);
  }
  if (rest.length > 0) out.push('', `Not counted: ${rest.map((v) => `${count(v.count)} \`${v.cause}\``).join(', ')}.`);
  if (t.loadBalancer) {
    out.push('', `**At the load balancer**: ${loadBalancerWords(t.loadBalancer).map(said).join('; ')}.`);
    for (const f of t.loadBalancer.findings) {
      out.push(
        '',
        `### ${f.status || 'No status'}: ${md(f.title)} (\`${f.code}\`)`,
        '',
        `${f.side}, ${f.confidence} confidence, ${plural(f.count, 'request')}`,
        '',
      );
      out.push(
        ...findingWords(f, options.redact).map((w) => `- ${said(w)}`),
        '',
        'Next:',
        ...f.next.map((step) => `1. ${md(step.do)}`),
      );
    }
  }
  if (t.reading.rejects > 0)
    out.push('', `${plural(t.reading.rejects, 'line')} of ${count(t.reading.lines)} could not be read.`);
  if (t.coverage.length > 0)
    out.push(
      '',
      `Questions this log leaves open: ${t.coverage.map((g) => `${g.question} (\`${g.operator || g.field}\`)`).join('; ')}.`,
    );
  const store = storeNotes(t, t.reading);
  if (store.length > 0) out.push('', `Read: ${store.map(said).join('; ')}.`);
  return `${out.join('\n')}\n`;
}

function table(verdicts: readonly Verdict[], t: Triage, days: boolean): string[] {
  return [
    '| # | side | what | requests | share | confidence | when (UTC) |',
    '| --- | --- | --- | ---: | ---: | --- | --- |',
    ...verdicts.map(
      (v, i) =>
        `| ${i + 1} | ${v.side} | ${md(v.title)} (\`${v.cause}\`) | ${count(v.count)} | ${percent(v.count, t.totals.failures)} | ${v.confidence} | ${windowsInWords(v, days) || '-'} |`,
    ),
  ];
}

function verdict(v: Verdict, rank: number, t: Triage, options: { readonly redact: boolean }): string[] {
  const out = [
    `### ${rank}. ${md(v.title)}`,
    '',
    `${v.side}, ${v.confidence} confidence, ${plural(v.count, 'request')}`,
  ];
  const [where, names] = v.routes.length > 0 ? [v.routes, v.names.routes] : [v.backends, v.names.backends];
  const first = where.slice(0, 3).map((r) => `${code(r.name)} ${count(r.count)}`);
  const places = [...first, andMore(names, first.length), without(t, v.withoutRoute, v.count)].filter(Boolean);
  if (places.length > 0) out.push('', `Where: ${places.join(', ')}`);
  out.push(
    '',
    ...v.evidence.map((e) => `- ${md(e)}`),
    ...v.cannotTell.map((e) => `- this log can't tell ${md(e)}`),
    '',
    'Next:',
  );
  for (const step of v.next) {
    out.push(`1. ${md(step.do)}`);
    for (const [language, text] of [
      ['sh', step.run],
      ['yaml', step.yaml],
    ] as const)
      if (text)
        out.push(
          '',
          `   \`\`\`${language}`,
          ...text.split('\n').map((l) => `   ${clean(l).replaceAll('```', "'''")}`),
          '   ```',
        );
  }
  const sample = t.samples[v.samples[0] ?? -1];
  if (sample) {
    const r = options.redact ? redactRecord(sample.record) : sample.record;
    const facts = [
      r.time ? new Date(r.time).toISOString() : '',
      r.method,
      r.path,
      r.status,
      r.flags?.join(',') || '-',
      r.details,
      r.duration === undefined || r.duration === null ? '' : `${r.duration} ms`,
      r.upstreamHost,
    ].filter((x) => x !== '' && x !== null && x !== undefined);
    out.push(
      '',
      `Sample: ${code(facts.join(' '))} (${sample.place.line > 0 ? `line ${sample.place.line}` : code(placeInWords(sample.place))})`,
    );
  }
  return out;
}

/** Text that a log may have written: no control characters, nothing that markdown or HTML would act on, one table cell. */
function md(text: string): string {
  return clean(text)
    .replace(/[\\`*_{}[\]<>|#~!]/g, (c) => (c === '<' ? '&lt;' : c === '>' ? '&gt;' : `\\${c}`))
    .replace(/@/g, '@\u200b');
}

/** A code span that its content can't close. */
function code(text: string): string {
  return `\`${clean(text).replaceAll('`', "'").replaceAll('|', '¦')}\``;
}
