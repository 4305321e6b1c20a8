import type { Sample } from '../../answer.ts';
import type { AccessRecord } from '../../record.ts';
import { eachLine } from '../../scan/plain.ts';
import { flagOf } from '../../signature.ts';
import { SourceError } from '../source.ts';
import { openInput, rereadable } from './input.ts';
import type { FileOptions } from './prepare.ts';
import { prepare } from './prepare.ts';

/** Looking back costs a second, slower reading; beyond this many decompressed bytes the age of the connection has to do as evidence. */
export const maxLookBack = 128 * 1024 * 1024;

/**
 * For samples whose upstream connection was closed under them: how long that connection had been idle before, from the last request that
 * used it. The gap is the backend's keep-alive, which the age of the connection only bounds. Needs the connection's id in the log.
 */
export async function withIdleGaps(
  samples: readonly Sample[],
  options: Pick<FileOptions, 'names' | 'format' | 'overrides'>,
): Promise<readonly Sample[]> {
  const wanted = samples.filter(
    (s) =>
      flagOf(s.signature) === 'UC' &&
      (s.record.connectionId ?? 0) > 0 &&
      typeof s.record.time === 'number' &&
      rereadable(s.place.file),
  );
  if (wanted.length === 0) return samples;
  const lastEnd = new Map<Sample, number>();
  for (const file of new Set(wanted.map((s) => s.place.file)))
    await look(
      file,
      wanted.filter((s) => s.place.file === file),
      options,
      lastEnd,
    );
  return samples.map((s) => {
    const end = lastEnd.get(s);
    return end === undefined ? s : { ...s, idleGap: Math.max(0, (s.record.time ?? 0) - end) };
  });
}

async function look(
  file: string,
  samples: readonly Sample[],
  options: Pick<FileOptions, 'format' | 'overrides'>,
  lastEnd: Map<Sample, number>,
): Promise<void> {
  const ids = [...new Set(samples.map((s) => String(s.record.connectionId)))];
  const mentions = new RegExp(`\\b(?:${ids.join('|')})\\b`);
  const input = await openInput(file);
  try {
    const { parser, reader, document } = await prepare(input, options);
    if (document) return;
    await eachLine(reader, {
      line(text, line) {
        if (!mentions.test(text)) return;
        const parsed = parser.parse(text);
        if (!('records' in parsed)) return;
        for (const record of parsed.records)
          for (const s of samples)
            if (sameConnection(record, s.record) && line !== s.place.line) note(record, s, lastEnd);
      },
      tooLong() {},
      block() {},
    });
  } catch (error) {
    // A file that broke off was already complained about; looking back is a bonus.
    if (!(error instanceof SourceError)) throw error;
  } finally {
    input.close();
  }
}

/** Connection ids are unique within a process only. */
const sameConnection = (a: AccessRecord, b: AccessRecord): boolean =>
  a.connectionId === b.connectionId && a.pod === b.pod && a.upstreamHost === b.upstreamHost;

function note(record: AccessRecord, sample: Sample, lastEnd: Map<Sample, number>): void {
  if (typeof record.time !== 'number' || record.time >= (sample.record.time ?? 0)) return;
  const end = record.time + (record.duration ?? 0);
  if (end > (lastEnd.get(sample) ?? Number.NEGATIVE_INFINITY)) lastEnd.set(sample, end);
}
