export interface Row {
  readonly what: string;
  readonly against: string;
  readonly ratio?: number;
  readonly target?: number;
  /** The target is a least value, not a greatest one. */
  readonly atLeast?: boolean;
  readonly unit?: string;
  readonly detail: string;
  readonly note?: string;
}

/** The rows as a Markdown table. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const unit = row.unit ? ` ${row.unit}` : 'x';
    const target = row.target === undefined ? '' : `${row.atLeast ? '>=' : '<='} ${row.target}${unit}`;
    const met = row.ratio === undefined || row.target === undefined ? '' : isMet(row) ? 'yes' : 'no';
    const detail = [row.detail, row.note].filter(Boolean).join('; ');
    return `| ${row.what} | ${row.ratio === undefined ? '-' : `${round(row.ratio)}${unit}`} | ${target} | ${met} | ${detail} |`;
  });
  return ['| CPU | measured | target | met | |', '|---|---|---|---|---|', ...lines].join('\n');
}

const isMet = ({ ratio = 0, target = 0, atLeast }: Row): boolean => (atLeast ? ratio >= target : ratio <= target);
const round = (n: number): string => (n >= 20 ? n.toFixed(0) : n.toFixed(n >= 10 ? 1 : 2));
