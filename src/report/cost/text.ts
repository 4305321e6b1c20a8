import type { ClusterCost, Cost } from '../../cost/cost.ts';
import { clean } from '../clean.ts';
import { wrap } from '../wrap.ts';
import type { CostOptions } from './options.ts';
import { headline, isPriced, type Line, priceNote, remarks, tableHead, tableLines, totals } from './words.ts';

/** For a terminal: each cluster's number, what it is made of, and what to know about it. */
export function text(cost: Cost, options: CostOptions): string {
  const width = Math.max(60, Math.min(options.width, 140));
  const parts = cost.clusters.map((c) => clusterText(c, width));
  const sum = totals(cost);
  if (sum !== undefined) parts.push(wrap(sum, width));
  if (isPriced(cost)) parts.push(wrap(priceNote, width));
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function clusterText(c: ClusterCost, width: number): readonly string[] {
  const rows = [tableHead(c), ...tableLines(c)];
  const columns = (['sets', 'each', 'copies', 'series'] as const).map((key) => ({
    key,
    width: Math.max(...rows.map((row) => row[key].length)),
  }));
  const right = columns.reduce((sum, column) => sum + column.width + 2, 0);
  const name = Math.min(Math.max(...rows.map((row) => row.name.length)), width - 2 - right);
  const row = (line: Line): string[] => {
    const [first = '', ...more] = wrap(line.name, name);
    const numbers = columns.map((column) => line[column.key].padStart(column.width + 2)).join('');
    return [`  ${first.padEnd(name)}${numbers}`, ...more.map((l) => `  ${l}`)];
  };
  return [
    ...wrap(headline(c), width),
    '',
    ...rows.flatMap(row),
    '',
    ...remarks(c).flatMap((remark) => wrap(remark, width - 2, '  ').map((l) => `  ${l}`)),
  ].map(clean);
}
