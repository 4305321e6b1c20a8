import type pc from 'picocolors';
import type { LoadBalancerReport } from '../triage/load-balancer.ts';
import type { Side } from '../triage/side.ts';
import { count } from '../triage/words.ts';
import { clean } from './clean.ts';
import { findingWords, loadBalancerWords } from './load-balancer.ts';
import { wrap, wrapCommand } from './wrap.ts';

/** Columns before the words of a row, as verdicts have them. */
const label = 10;

/** What the load balancer answered by itself, for a terminal: as verdicts are shown. */
export function loadBalancerText(
  r: LoadBalancerReport,
  width: number,
  c: ReturnType<typeof pc.createColors>,
  paint: (side: Side) => (text: string) => string,
): readonly string[] {
  const out = [
    '',
    c.bold('At the load balancer'),
    ...loadBalancerWords(r).flatMap((w) => wrap(clean(w), width - 2, '  ').map((l) => `  ${l}`)),
  ];
  for (const f of r.findings) {
    const numbers = `${count(f.count)}  ${f.confidence}`;
    const [title = '', ...more] = wrap(`${f.status || 'none'}  ${f.title}`, width - numbers.length - 4, '   ');
    out.push(
      '',
      `  ${c.bold(title.padEnd(width - numbers.length - 4))}  ${numbers}`,
      ...more.map((m) => `  ${c.bold(m)}`),
    );
    out.push(`   ${paint(f.side)(f.side)}  ${c.dim(f.code)}`);
    const row = (name: string, words: string) => {
      const [first = '', ...rest] = wrap(clean(words), width - label);
      out.push(`${`   ${name}`.padEnd(label)}${first}`, ...rest.map((m) => ' '.repeat(label) + m));
    };
    for (const [i, words] of findingWords(f, true).entries()) row(i === 0 ? 'when' : i === 1 ? 'why' : '', words);
    for (const [i, step] of f.next.entries()) {
      row(i === 0 ? 'next' : '', `- ${step.do}`);
      const code = [
        ...(step.run ? wrapCommand(`$ ${step.run}`, width - label - 2) : []),
        ...(step.yaml?.split('\n') ?? []),
      ];
      out.push(...code.map((l) => ' '.repeat(label + 2) + c.dim(clean(l))));
    }
  }
  return out;
}
