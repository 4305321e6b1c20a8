import pc from 'picocolors';
import type { AccessRecord, Place } from '../logs/record.ts';
import { redactRecord } from '../logs/redact.ts';
import type { Judgement } from '../triage/judge.ts';
import { duration } from '../triage/words.ts';
import { clean, cut } from './clean.ts';
import { timed } from './json.ts';
import { paint } from './text.ts';

export interface LineOptions {
  readonly color: boolean;
  readonly width: number;
  readonly redact: boolean;
}

interface Line {
  readonly place: Place;
  readonly record: AccessRecord;
  readonly raw: string;
}

interface LineWriter {
  readonly head: string;
  line(found: Line, judgement: Judgement | undefined): string;
}

export type LineOutput = 'table' | 'json' | 'raw';

/** The matching requests themselves, one a line. */
export const lineWriters: Readonly<Record<LineOutput, (options: LineOptions) => LineWriter>> = {
  raw: () => ({ head: '', line: (found) => `${found.raw}\n` }),
  json: (options) => ({ head: '', line: (found, j) => `${JSON.stringify(asObject(found, j, options.redact))}\n` }),
  table,
};

/** What `vigia logs -o json` says of a line; `side` is `none` when nothing failed. */
function asObject(found: Line, j: Judgement | undefined, redact: boolean) {
  const failed = j !== undefined && j.kind !== 'masked';
  return {
    file: found.place.file,
    line: found.place.line,
    side: failed ? j.side : 'none',
    cause: j?.cause.code ?? null,
    confidence: j?.match.confidence ?? null,
    kind: j?.kind ?? null,
    because: j?.match.because ?? null,
    cannotTell: j?.match.cannotTell ?? null,
    record: timed(redact ? redactRecord(found.record) : found.record),
  };
}

function table(options: LineOptions): LineWriter {
  const c = pc.createColors(options.color);
  const fixed = 12 + 1 + 8 + 1 + 4 + 1 + 8 + 1 + 9 + 1;
  const cause = Math.min(26, Math.max(18, options.width - fixed - 30));
  const rest = Math.max(20, options.width - fixed - cause - 1);
  return {
    head: `${c.dim(`${'time (UTC)'.padEnd(12)} ${'side'.padEnd(8)} ${'code'.padEnd(4)} ${'flags'.padEnd(8)} ${'took'.padStart(9)} ${'cause'.padEnd(cause)} request`)}\n`,
    line({ record }, j) {
      const r = options.redact ? redactRecord(record) : record;
      const time = typeof r.time === 'number' ? new Date(r.time).toISOString().slice(11, 23) : '-';
      const side = j && j.kind !== 'masked' ? paint(c, j.side)(j.side.padEnd(8)) : 'none    ';
      const took = r.duration === undefined || r.duration === null ? '-' : duration(r.duration);
      const request = `${r.method ?? '-'} ${r.authority ?? ''}${r.path ?? ''}${r.route ? ` [${r.route}]` : ''}${r.upstreamHost ? ` -> ${r.upstreamHost}` : ''}${j ? ` (${j.match.because})` : ''}`;
      return `${time.padEnd(12)} ${side} ${String(r.status ?? '-').padEnd(4)} ${cut(r.flags?.join(',') || '-', 8).padEnd(8)} ${took.padStart(9)} ${cut(j?.cause.code ?? '-', cause).padEnd(cause)} ${cut(clean(request), rest)}\n`;
    },
  };
}
