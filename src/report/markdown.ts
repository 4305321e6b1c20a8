import { redactRecord } from '../logs/redact.ts';
import { sides } from '../triage/side.ts';
import type { Triage, Verdict } from '../triage/triage.ts';
import { count, percent, plural } from '../triage/words.ts';
import { clean } from './clean.ts';
import { redactVerdict } from './redact-verdict.ts';
import { windowsInWords } from './text.ts';
import { minuteOf, span } from './when.ts';

/** For an incident channel: the answer in a line, a table of verdicts, the first ones in full. */
export function markdown(t: Triage, options: { readonly redact: boolean }): string {
  const failures = t.verdicts.filter((v) => v.kind === 'failure').map((v) => (options.redact ? redactVerdict(v) : v));
  const { requests, failures: failed } = t.totals;
  const days =
    t.first === undefined || t.last === undefined || minuteOf(t.first).slice(0, 10) !== minuteOf(t.last).slice(0, 10);
  const out = [
    failed === 0
      ? `**No failures among ${plural(requests, 'request')}.**`
      : `**${plural(failed, 'failure')} among ${plural(requests, 'request')} (${percent(failed, requests)}).**`,
    t.first !== undefined && t.last !== undefined ? `${span(t.first, t.last, true)} UTC` : 'No times in this log.',
    ...(t.filters.length > 0 ? [`Only ${t.filters.map(md).join(', ')}.`] : []),
  ];
  if (failed > 0) {
    out.push(
      '',
      sides
        .filter((s) => t.totals.sides[s] > 0)
        .sort((a, b) => t.totals.sides[b] - t.totals.sides[a])
        .map((s) => `**${s}** ${count(t.totals.sides[s])} (${percent(t.totals.sides[s], failed)})`)
        .join(' · '),
    );
    out.push(
      '',
      '| # | side | what | requests | share | confidence | when (UTC) |',
      '| --- | --- | --- | ---: | ---: | --- | --- |',
    );
    for (const [i, v] of failures.entries())
      out.push(
        `| ${i + 1} | ${v.side} | ${md(v.title)} (\`${v.cause}\`) | ${count(v.count)} | ${percent(v.count, failed)} | ${v.confidence} | ${windowsInWords(v, days) || '-'} |`,
      );
    for (const [i, v] of failures.slice(0, 3).entries()) out.push('', ...verdict(v, i + 1, t, options));
  }
  const rest = t.verdicts.filter((v) => v.kind !== 'failure');
  if (rest.length > 0) out.push('', `Not counted: ${rest.map((v) => `${count(v.count)} \`${v.cause}\``).join(', ')}.`);
  if (t.reading.rejects > 0)
    out.push('', `${plural(t.reading.rejects, 'line')} of ${count(t.reading.lines)} could not be read.`);
  if (t.coverage.length > 0)
    out.push(
      '',
      `Questions this log leaves open: ${t.coverage.map((g) => `${g.question} (\`${g.operator || g.field}\`)`).join('; ')}.`,
    );
  return `${out.join('\n')}\n`;
}

function verdict(v: Verdict, rank: number, t: Triage, options: { readonly redact: boolean }): string[] {
  const out = [
    `### ${rank}. ${md(v.title)}`,
    '',
    `${v.side}, ${v.confidence} confidence, ${plural(v.count, 'request')}`,
  ];
  const where = v.routes.length > 0 ? v.routes : v.backends;
  if (where.length > 0)
    out.push(
      '',
      `Where: ${where
        .slice(0, 3)
        .map((r) => `${code(r.name)} ${count(r.count)}`)
        .join(', ')}${where.length > 3 ? ` and ${where.length - 3} more` : ''}`,
    );
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
    out.push('', `Sample: ${code(facts.join(' '))} (line ${sample.place.line})`);
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
