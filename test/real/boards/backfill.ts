import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BoardLabel } from '../../../src/boards/board.ts';
import type { MemorySeries } from '../../../src/boards/query/evaluate.ts';
import { seriesOf } from '../../../src/signals/series.ts';
import { seriesLabelName, seriesName } from '../../../src/signals/spelling.ts';
import { type Prometheus, startPrometheus } from '../tools/prometheus.ts';
import { runTool } from '../tools/tool.ts';

type Path = 'scrape' | 'remote-write';

/** A Prometheus that holds the series as if it had got them on the path, `promtool` having written its blocks. `more`: samples as text. */
export async function prometheusOf(
  data: readonly MemorySeries[],
  path: Path,
  dir: string,
  more: readonly string[] = [],
): Promise<Prometheus> {
  mkdirSync(join(dir, 'data'), { recursive: true });
  await backfill([...data.flatMap((s) => samples(s, path)), ...more], dir);
  return startPrometheus('{}', dir, ['--storage.tsdb.retention.time=100y']);
}

async function backfill(lines: readonly string[], dir: string): Promise<void> {
  const file = join(dir, 'samples.txt');
  writeFileSync(file, `${lines.join('\n')}\n# EOF\n`);
  const done = await runTool('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, join(dir, 'data')]);
  if (done.code !== 0) throw new Error(`promtool: ${done.stderr.slice(0, 2000)}`);
}

function samples({ series: id, labels, edges, points }: MemorySeries, path: Path): readonly string[] {
  const series = seriesOf(id);
  const name = seriesName(series, path);
  const own = Object.entries(labels).map(([l, v]) => [labelName(id, l as BoardLabel, path), v ?? ''] as const);
  const one = (suffix: string, more: readonly (readonly [string, string])[], value: number, at: number): string =>
    `${name}${suffix}{${[...own, ...more].map(([k, v]) => `${k}="${exposed(v)}"`).join(',')}} ${value} ${at / 1000}`;
  return points.flatMap(({ at, value }) => {
    if (typeof value === 'number') return [one('', [], value, at)];
    return [
      ...(edges ?? []).map((edge, i) => one('_bucket', [['le', spelled(edge, path)]], value.under[i] ?? 0, at)),
      one('_bucket', [['le', '+Inf']], value.count, at),
      one('_count', [], value.count, at),
      one('_sum', [], value.sum, at),
    ];
  });
}

/** The exposition's own three escapes. */
const exposed = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** As Prometheus 3 has it from a scrape, and from a Collector's remote write (spelling.test.ts sees both). */
const spelled = (edge: number, path: Path): string =>
  path === 'scrape' && Number.isInteger(edge) ? `${edge}.0` : String(edge);

function labelName(id: MemorySeries['series'], label: BoardLabel, path: Path): string {
  const attribute = label.startsWith('custom:') ? label.slice('custom:'.length) : seriesOf(id).labels[label as never];
  return seriesLabelName(attribute ?? label, path);
}
