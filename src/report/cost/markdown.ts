import type { Cost } from '../../cost/cost.ts';
import { plain } from '../plain-markdown.ts';
import { headline, isPriced, priceNote, remarks, tableHead, tableLines, totals } from './words.ts';

/** For a pull request: a table for each cluster. */
export function markdown(cost: Cost): string {
  const parts = cost.clusters.flatMap((c) => {
    const row = (line: ReturnType<typeof tableHead>) =>
      `| ${[line.name, line.sets, line.each, line.copies, line.series].map(plain).join(' | ')} |`;
    return [
      `**${plain(headline(c))}**`,
      [row(tableHead(c)), '| --- | ---: | ---: | ---: | ---: |', ...tableLines(c).map(row)].join('\n'),
      remarks(c)
        .map((r) => `- ${plain(r)}`)
        .join('\n'),
    ];
  });
  const sum = totals(cost);
  const end = [...(sum === undefined ? [] : [`**${plain(sum)}**`]), ...(isPriced(cost) ? [plain(priceNote)] : [])];
  return `${[...parts, ...end].join('\n\n')}\n`;
}
