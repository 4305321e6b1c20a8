import type { Alignment } from '../../align/align.ts';
import { clean } from '../clean.ts';

/**
 * What mends it, as a YAML stream: policies to apply, and in comments what is to be done by hand. An object that is there already has only what changes, so it is
 * for a server-side apply.
 */
export function yaml({ findings }: Alignment): string {
  const said = findings.map(({ where, says, change }) => {
    const words = [`${where}: ${says}`, change.do].map((line) => `# ${clean(line)}\n`).join('');
    return change.yaml ? `---\n${words}${change.yaml}` : words;
  });
  const some = findings.some((f) => f.change.yaml);
  const head = some
    ? '# kubectl apply --server-side -f -   (--force-conflicts where another tool wrote the field; better: change it there)\n'
    : '# Nothing to apply.\n';
  // Comments first: behind a document they would read as a part of it.
  const ordered = [...said.filter((s) => s.startsWith('#')), ...said.filter((s) => !s.startsWith('#'))];
  return head + ordered.join('');
}
