import pc from 'picocolors';
import type { Alignment } from '../../align/align.ts';
import { clean } from '../clean.ts';
import { wrap } from '../wrap.ts';
import { type Found, groupsOf, howToLook, nothingToLookAt, shown, someOf, summary } from './groups.ts';
import type { AlignmentOptions } from './options.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** For a terminal: what does not line up, rule by rule, and what to change. */
export function text(alignment: Alignment, options: AlignmentOptions): string {
  const c = pc.createColors(options.color);
  const width = Math.max(60, Math.min(options.width, 140));
  const out = wrap(summary(alignment), width).map((l) => c.bold(l));
  for (const group of groupsOf(alignment)) out.push('', ...groupText(group, width, c));
  if (nothingToLookAt(alignment)) out.push('', ...wrap(howToLook, width));
  if (alignment.unread.length > 0) {
    out.push('', c.bold('Not read'));
    for (const line of alignment.unread) out.push(...wrap(line, width - 2, '  ').map((l) => `  ${l}`));
  }
  if (alignment.unknown.length > 0) {
    out.push('', c.bold('Not known, so not looked at'));
    for (const { what, names, how } of alignment.unknown)
      out.push(...wrap(`${what}: ${someOf(names)} (${how})`, width - 2, '  ').map((l) => `  ${l}`));
  }
  if (alignment.findings.some((f) => f.change.yaml))
    out.push('', c.dim('The policies that mend it, to look through and apply: vigia align -o yaml'));
  return `${out.join('\n')}\n`;
}

function groupText({ rule, severity, findings }: Found, width: number, c: Colors): string[] {
  const mark = severity === 'misaligned' ? c.red('MISALIGNED') : c.yellow('NOTE      ');
  const indent = ' '.repeat(12);
  const [first = '', ...others] = wrap(`${rule.title} (${findings.length})`, width - 12);
  const para = (words: string, by: string, hang = '') => wrap(words, width - by.length, hang).map((l) => by + l);
  const out = [
    `${mark}  ${c.bold(first)}`,
    ...others.map((l) => indent + c.bold(l)),
    ...para(rule.shows, '  ').map(c.dim),
  ];
  if (rule.causes.length > 0) out.push(c.dim(`  in a triage: ${rule.causes.join(', ')}`));
  for (const { where, says, change } of findings.slice(0, shown))
    out.push('', `  ${c.bold(clean(where))}`, ...para(says, '    '), ...para(`-> ${change.do}`, '    ', '   '));
  const more = findings.length - shown;
  if (more > 0)
    out.push('', `  and ${more} more: ${clean(someOf(findings.slice(shown).map((f) => f.where)))}`.slice(0, 400));
  return out;
}
