import { z } from 'zod';
import { count, gatewayRef, header, sentence, text } from './leaf.ts';

const value = z.string('text').min(1, 'a value that is not empty').max(128, 'a value of at most 128 characters');

const common = {
  description: sentence.optional().describe('what it says; shown in dashboards'),
  absent: value.default('none').describe('what a request without the value gets'),
  on: z
    .array(z.enum(['metrics', 'logs', 'traces']))
    .min(1, 'at least one of metrics, logs and traces')
    .default(['metrics', 'logs', 'traces'])
    .describe('where it goes'),
  gateways: z
    .array(gatewayRef)
    .min(1, 'at least one gateway')
    .optional()
    .describe('only these gateways; without it all'),
};

const bound = {
  values: z
    .array(value)
    .min(1, 'at least one value')
    .max(200, 'at most 200 values')
    .optional()
    .describe('the allowed values; anything else becomes `other`'),
  buckets: count
    .max(1_000, 'at most 1000 buckets')
    .optional()
    .describe('for values nobody can list: on metrics the value is folded by hash into this many'),
  other: value.default('other').describe('what a value that is not allowed becomes'),
};

/** One custom label. A header is the clients' to choose, so it needs a bound before it may become a metric label. */
export const label = z.discriminatedUnion('from', [
  z
    .strictObject({ from: z.literal('header'), header: header.describe('the request header'), ...bound, ...common })
    .describe(
      'From a request header. Clients choose it: `values` or `buckets` is required unless it stays off metrics.',
    ),
  z
    .strictObject({
      from: z.literal('route-metadata'),
      namespace: sentence.default('dev.kgateway.route_source').describe('the metadata namespace of the Envoy route'),
      path: z.array(sentence).min(1, 'at least one key').describe('the keys that lead to the value'),
      ...bound,
      ...common,
    })
    .describe("From the Envoy route's metadata (kgateway 2.4 and newer)."),
  z
    .strictObject({
      from: z.literal('pod-label'),
      label: text(
        /^([a-z0-9]([-.a-z0-9]*[a-z0-9])?\/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$/,
        'a Kubernetes label such as team or example.com/team',
      ).describe("the label of the gateway's pods"),
      ...bound,
      ...common,
    })
    .describe("From a label of the gateway's own pods."),
  z
    .strictObject({
      from: z.literal('literal'),
      value: value.describe('the value; a gateway may set its own under `labels`'),
      ...common,
    })
    .describe('A fixed text.'),
]);
