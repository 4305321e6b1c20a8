import type { Answer } from '../../answer.ts';
import type { Question } from '../../question.ts';
import { LineParser } from '../../read/line-parser.ts';
import { atMost } from '../../remote/at-most.ts';
import type { Aggregation } from '../../remote/expression.ts';
import { aggregationOf, type Window } from '../../remote/from-question.ts';
import { bucketsStored, type Line, RowTally } from '../../remote/row-tally.ts';
import { sampleWindows } from '../../remote/sample-window.ts';
import { bucketWidth, halves, slices } from '../../remote/window.ts';
import { bytesInWords } from '../../remote/words.ts';
import { limits as tallyLimits } from '../../scan/limits.ts';
import { SourceError } from '../source.ts';
import { type Cells, cellsOf, momentIn, rowOf } from './decode.ts';
import { CloudWatchError } from './errors.ts';
import { chunks, type Group } from './groups.ts';
import { Insights, sampleKeys } from './language.ts';
import { limits, priceOf } from './limits.ts';
import type { Asked } from './native.ts';
import { QueryFailed, runQuery } from './run-query.ts';

/** Some groups over some time: what one query is asked about. */
interface Part {
  readonly groups: readonly Group[];
  readonly window: Window;
}

/** Counts in CloudWatch, slice by slice, and brings a few lines. */
export async function countIn(asked: Asked, question: Question): Promise<Answer> {
  const { run, window, layout, groups } = asked;
  const bucketMs = bucketWidth(window);
  const aggregation = aggregationOf(question, window, bucketMs, layout);
  const insights = new Insights(layout);
  const tally = new RowTally(aggregation, layout, { storedBuckets: bucketsStored(layout) });
  const missing = [...asked.missing];
  const notes = [...asked.guard(window)];
  const parts = slices(window, bucketMs, Math.ceil((window.to - window.from) / limits.sliceMs)).flatMap((slice) =>
    chunks(groups).map((some): Part => ({ groups: some, window: slice })),
  );
  const denied = new Map<string, SourceError>();
  let failure: SourceError | undefined;
  let answered = false;
  let done = 0;
  const lost = (what: string, error: SourceError) => {
    failure ??= error;
    if (!missing.some((m) => m.what === what)) missing.push({ what, reason: error.message.replace(`${what}: `, '') });
  };

  const ask = async ({ groups: all, window: slice }: Part, again: boolean): Promise<void> => {
    const some = all.filter((g) => !denied.has(g.id));
    if (some.length === 0) return;
    const narrower = again || slice.to - slice.from > bucketMs ? halves(slice, bucketMs) : undefined;
    const text = insights.counting({ ...aggregation, ...slice });
    try {
      const ended = await runQuery(
        run,
        { text, window: slice, groups: some, rows: limits.rows },
        { last: !narrower },
        (rows) => {
          for (const row of rows) tally.add(rowOf(cellsOf(row), aggregation));
        },
      );
      answered ||= ended !== 'too-many';
      if (ended === 'cut') tally.truncated();
      if (ended === 'too-many') for (const half of narrower ?? []) await ask({ groups: some, window: half }, again);
    } catch (error) {
      if (error instanceof QueryFailed) {
        // What was too much for one query may be done in two; once, because each try is billed.
        if (again && narrower) for (const half of narrower) await ask({ groups: some, window: half }, false);
        else lost(`${span(slice)} of ${some.map((g) => g.id).join(', ')}`, error);
      } else if (
        error instanceof CloudWatchError &&
        (error.failure === 'denied' || error.failure === 'unknown-group')
      ) {
        if (some.length > 1) for (const group of some) await ask({ groups: [group], window: slice }, again);
        else {
          denied.set(some[0]?.id ?? '', error);
          lost(some[0]?.id ?? '', error);
        }
      } else throw error;
    }
  };

  await atMost(
    limits.concurrent,
    parts,
    async (part) => {
      await ask(part, true);
      asked.progress?.(`CloudWatch: ${++done} of ${parts.length} parts, ${bytesInWords(run.meter.bytes)} scanned`);
    },
    asked.stop,
  );
  if (failure && !answered) throw failure;
  const lines = await samples(asked, aggregation, insights, tally, denied, notes);
  const { meter, client } = run;
  return tally.answer(
    {
      name: 'cloudwatch',
      from: groups.map((g) => g.id),
      window,
      queries: meter.queries,
      bytesScanned: meter.reported ? meter.bytes : undefined,
      recordsScanned: meter.reported ? meter.records : undefined,
      dollars: meter.reported ? priceOf(meter.bytes, client.region) : undefined,
      missing,
      notes,
    },
    lines,
  );
}

/** A first and a last line of each kind, from a few short times that together hold all kinds. Without them a triage still stands. */
async function samples(
  { run, groups, overrides }: Asked,
  aggregation: Aggregation,
  insights: Insights,
  tally: RowTally,
  denied: ReadonlyMap<string, unknown>,
  notes: string[],
): Promise<readonly Line[]> {
  const windows = sampleWindows(tally.signatures(), aggregation.bucketMs, limits.sampleWindows).map((w) => ({
    from: Math.max(w.from, aggregation.from),
    to: Math.min(w.to, aggregation.to),
  }));
  const asked = groups.filter((g) => !denied.has(g.id)).slice(0, limits.groups);
  const rows = tallyLimits.samples;
  const found: Cells[] = [];
  try {
    const parts = await atMost(limits.concurrent, windows, async (window) => {
      const text = insights.sampling({ ...aggregation, ...window }, rows);
      const cells: Cells[] = [];
      await runQuery(run, { text, window, groups: asked, rows }, { last: true }, (page) => {
        cells.push(...page.map(cellsOf));
      });
      return cells;
    });
    found.push(...parts.flat());
  } catch (error) {
    if (!(error instanceof SourceError) || (error instanceof CloudWatchError && error.failure === 'stopped'))
      throw error;
    notes.push(`no sample lines: ${error.message}`);
  }
  const parser = new LineParser('auto', overrides);
  parser.learn(found.flatMap((c) => c.get('v_last_message') ?? []));
  return firstOfEach(found).flatMap((cells) => linesOf(cells, parser, asked));
}

/** Two windows may show the same kind; the earlier one's lines are enough. */
function firstOfEach(found: readonly Cells[]): readonly Cells[] {
  const kinds = new Map<string, Cells>();
  for (const cells of found) {
    const kind = JSON.stringify([...sampleKeys].map((id) => cells.get(`v_${id}`)));
    if (!kinds.has(kind)) kinds.set(kind, cells);
  }
  return [...kinds.values()];
}

function linesOf(cells: Cells, parser: LineParser, groups: readonly Group[]): readonly Line[] {
  const ends = ['first', 'last'] as const;
  return ends.flatMap((end) => {
    const raw = cells.get(`v_${end}_message`);
    // One of a kind is its first and its last.
    if (raw === undefined || (end === 'last' && cells.get('v_records') === '1')) return [];
    const parsed = parser.parse(raw);
    const [record] = 'records' in parsed ? parsed.records : [];
    if (!record) return [];
    const group = groups.length === 1 ? `${groups[0]?.id} ` : '';
    const place = { file: `${group}${cells.get(`v_${end}_stream`) ?? '-'}`, line: 0 };
    const time = momentIn(cells.get(`v_${end}`));
    return [{ place, raw, record: time === undefined ? record : { ...record, time } }];
  });
}

const span = ({ from, to }: Window): string => `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
