import pc from 'picocolors';
import type { ExplainedDetails, ExplainedFlag, Explanation } from '../triage/explain.ts';
import { clean } from './clean.ts';
import { wrap } from './wrap.ts';

/** An explanation for a terminal. */
export function explanationText(
  e: Explanation,
  options: {
    readonly width: number;
    readonly color: boolean /** The cause's page, for a cause. */;
    readonly page?: string | undefined;
  },
): string {
  const c = pc.createColors(options.color);
  const out: string[] = [];
  const para = (text: string, indent: string) =>
    out.push(...wrap(text, options.width - indent.length).map((l) => indent + l));
  const row = (name: string, text: string) =>
    out.push(...wrap(text, options.width - 10).map((l, i) => `  ${(i === 0 ? name : '').padEnd(8)}${l}`));
  const flag = ({ flag: name, known, page }: ExplainedFlag) => {
    out.push(`${c.bold(clean(name))}${known ? `  ${known.long}` : ''}`);
    if (!known)
      return para(
        "not one of Envoy's own flags: an extension registered it; its documentation says what it means",
        '  ',
      );
    para(`${known.meaning}.`, '  ');
    const side = known.side === 'unknown' ? 'depends' : known.side === 'none' ? 'nobody: not a failure' : known.side;
    out.push(
      `  side    ${side}${known.statuses.length > 0 ? `; usually with status ${known.statuses.join(', ')}` : ''}`,
    );
    row('check', `${known.check}`);
    if (page) row('page', page);
  };
  const details = (d: ExplainedDetails) => {
    out.push(c.bold(clean(d.text)));
    if (d.normalised !== d.text) out.push(`  read as ${clean(d.normalised)}`);
    para(`${d.meaning}.`, '  ');
    if (d.reason) para(`${d.reason.text}: ${d.reason.meaning}.`, '  ');
    if (d.transport) para(`the transport said: ${d.transport}`, '  ');
    const side = d.reason?.side ?? d.side;
    out.push(`  side    ${side === 'unknown' ? 'depends: the whole line says more' : side}`);
  };
  if (e.kind === 'flags') e.flags.forEach(flag);
  else if (e.kind === 'details') details(e.details);
  else if (e.kind === 'cause')
    out.push(...(options.page ?? `${e.title}\n\nside ${e.side}; ${e.page}`).trimEnd().split('\n').map(clean));
  else if (e.kind === 'line') {
    const r = e.record;
    out.push(
      c.bold(
        clean(`${r.method ?? '-'} ${r.authority ?? ''}${r.path ?? ''} ${r.status ?? '-'} ${r.flags?.join(',') || '-'}`),
      ),
    );
    if (e.verdict) {
      const v = e.verdict;
      para(`${v.title}.`, '  ');
      out.push(`  side    ${v.side}, ${v.confidence} confidence (${v.cause})`);
      row('why', `${v.because}`);
      if (v.cannotTell) row('but', `this line can't tell ${v.cannotTell}`);
      for (const step of v.next) {
        row('next', `${step.do}`);
        for (const code of [step.run ? `$ ${step.run}` : '', step.yaml ?? ''].filter(Boolean))
          out.push(...code.split('\n').map((l) => c.dim(`          ${clean(l)}`)));
      }
      out.push(`  page    ${v.page}`);
    } else out.push('  nothing failed here');
    if (e.flags.length > 0 || e.details) out.push('');
    e.flags.forEach(flag);
    if (e.details) details(e.details);
    if (e.gaps.length > 0) {
      out.push('', c.bold("What this line can't tell"));
      for (const gap of e.gaps) para(`- ${gap.question}${gap.operator ? `: log ${gap.operator}` : ''}`, '  ');
    }
  }
  return `${out.join('\n')}\n`;
}
