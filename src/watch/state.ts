import { z } from 'zod';

const series = z.object({
  labels: z.record(z.string(), z.string()),
  value: z.number(),
  since: z.number(),
  touched: z.number(),
});

/** How far a followed file was read (logs/sources/file/tail.ts knows what it means). */
const generation = z.object({
  path: z.string(),
  inode: z.string(),
  head: z.string(),
  headBytes: z.number(),
  low: z.number(),
  closed: z.number(),
});

const schema = z.object({
  version: z.literal('vigia.watch/v1'),
  /** Which watch it is of: what is asked, and how time is cut. */
  of: z.string(),
  /** The process that writes it, told apart so that two never share it. */
  writer: z.string(),
  /** `service.instance.id` over restarts, so that series go on. */
  instance: z.string(),
  /** The oldest window that is not in the totals, epoch ms. */
  next: z.number(),
  totals: z.array(z.tuple([z.string(), z.array(series)])),
  files: z.object({ since: z.number(), generations: z.array(generation) }).optional(),
});

/** What a watch must not lose or count twice when it is started again. Written whole, with each window. */
export type State = z.infer<typeof schema>;

/** The state in a file's text; or why it is none. */
export function readState(text: string): State | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'not JSON' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not a state of vigia watch'}` };
}

export const stateText = (state: State): string => `${JSON.stringify(state)}\n`;
