import { z } from 'zod';
import { count, days, duration, gatewayRef, name, objectRef, sentence, stringMap, text } from './leaf.ts';

const target = z
  .number('a percentage below 100')
  .gt(0, 'a percentage above 0')
  .lt(100, 'a percentage below 100: 100 leaves no budget');

const common = {
  name,
  description: sentence.optional().describe('what is promised, in words'),
  environments: z.array(name).min(1, 'at least one environment').optional().describe('without it all'),
  gateways: z.array(gatewayRef).min(1, 'at least one gateway').optional().describe('without it all'),
  routes: z
    .array(objectRef)
    .min(1, 'at least one route')
    .optional()
    .describe("`<namespace>/<name>` of HTTPRoutes under `routes`; without it all of the gateways'"),
  target: target.describe('percent of requests that must be good: 99.9'),
  window: days.prefault('30d').describe('over how long'),
  minRequestsPerHour: count.default(60).describe('below this traffic nobody is woken'),
  notify: z.array(name).default([]).describe('names under `notifications`'),
};

export const objective = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('availability'), ...common }).describe('A request is good when it did not fail.'),
  z
    .strictObject({
      kind: z.literal('latency'),
      under: duration.describe('on an edge of the duration histogram, or it could not be counted exactly'),
      gatewayUnder: duration
        .optional()
        .describe(
          "the gateway's own share of `under`, on an edge as well: how long a whole request may wait in the gateway before it is passed on whole; with it the Collector measures that time, and the objective holds for the gateway too",
        ),
      ...common,
    })
    .describe('A request is good when it was answered in time.'),
]);

export const notification = z.strictObject({
  severities: z
    .array(z.enum(['critical', 'warning', 'info']))
    .min(1, 'at least one severity')
    .default(['critical', 'warning'])
    .describe('which alerts it takes'),
  environments: z.array(name).min(1, 'at least one environment').optional().describe('without it all'),
  datadog: z
    .array(text(/^@\S+$/, 'a Datadog handle such as @slack-gateways'))
    .default([])
    .describe('Datadog handles'),
  alertLabels: stringMap.default({}).describe('labels on Prometheus alerts, for Alertmanager to route by'),
});
