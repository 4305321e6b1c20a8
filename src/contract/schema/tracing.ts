import { z } from 'zod';
import { attributeName } from './access-log.ts';
import { count, flag, header, sentence, text } from './leaf.ts';

const absent = sentence.optional().describe('the value where there is none');

const attribute = z.union(
  [
    z.strictObject({ value: sentence }).transform((a) => ({ kind: 'literal' as const, value: a.value })),
    z
      .strictObject({ header, absent })
      .transform((a) => ({ kind: 'header' as const, header: a.header, absent: a.absent })),
    z
      .strictObject({ env: text(/^[A-Za-z_][A-Za-z0-9_]*$/, "an environment variable's name"), absent })
      .transform((a) => ({ kind: 'environment' as const, variable: a.env, absent: a.absent })),
  ],
  { error: '{ value: TEXT }, { header: NAME } or { env: VARIABLE }, the last two with an optional absent' },
);

export const tracing = z.strictObject({
  enabled: flag.default(true).describe('make traces where the environment has a place for them'),
  sampling: z
    .int('a whole percentage: kgateway takes no fractions')
    .min(0, 'a whole percentage from 0 to 100')
    .max(100, 'a whole percentage from 0 to 100')
    .default(10)
    .describe('whole percent of the requests that start a trace'),
  upstreamSpans: flag.default(true).describe('a span of its own for each try'),
  maxPathLength: count.default(256).describe('longer paths are cut in spans'),
  attributes: z.record(attributeName, attribute).prefault({}).describe('further span attributes, beside the labels'),
});
