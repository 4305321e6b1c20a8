import type { Alignment } from '../../align/align.ts';
import { plain } from '../plain-markdown.ts';
import { groupsOf, howToLook, nothingToLookAt, shown, someOf, summary } from './groups.ts';

/** For a ticket or a review. */
export function markdown(alignment: Alignment): string {
  const out = [`**${summary(alignment)}**`];
  for (const { rule, severity, findings } of groupsOf(alignment)) {
    out.push(
      '',
      `### ${severity === 'misaligned' ? 'Misaligned' : 'Note'}: ${rule.title} (${findings.length})`,
      '',
      rule.shows,
      '',
    );
    for (const { where, says, change } of findings.slice(0, shown))
      out.push(`- **${plain(where)}**: ${plain(says)}. ${plain(change.do)}`);
    if (findings.length > shown) out.push(`- and ${findings.length - shown} more`);
  }
  if (nothingToLookAt(alignment)) out.push('', howToLook);
  if (alignment.unread.length > 0) out.push('', 'Not read:', '', ...alignment.unread.map((line) => `- ${plain(line)}`));
  if (alignment.unknown.length > 0) {
    out.push('', 'Not known, so not looked at:', '');
    for (const { what, names, how } of alignment.unknown) out.push(`- ${what}: ${plain(someOf(names))} (${how})`);
  }
  return `${out.join('\n')}\n`;
}
