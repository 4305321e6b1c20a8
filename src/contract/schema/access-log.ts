import { z } from 'zod';
import { fieldIds, fields } from '../../envoy/fields.ts';
import { duration, flag, percent, sentence, text } from './leaf.ts';

/** What Envoy logs; the rest the Collector adds, and nobody can leave it out. */
const fieldNames = fieldIds.filter((id) => fields[id].operator !== '').map((id) => fields[id].name);
const fieldName = z.enum(fieldNames as [string, ...string[]], 'the name of an access-log field');

/** Names of attributes and metric labels: OpenTelemetry's dotted lower case. */
export const attributeName = text(
  /^[a-z][a-z0-9_]*([.-][a-z0-9_]+)*$/,
  'a name of lower-case letters, digits and _ with parts joined by dots',
).max(64, 'a name of at most 64 characters');

export const accessLog = z.strictObject({
  otlp: flag.default(true).describe('send every request to the Collector; all signals are made of it'),
  file: z
    .strictObject({
      path: text(/^\/\S+$/, 'an absolute path')
        .default('/dev/stdout')
        .describe('path in the gateway pod; anything but /dev/stdout needs a volume'),
    })
    .optional()
    .describe('write JSON lines as well, for `kubectl logs` and `vigia triage -`'),
  keepHealthy: percent
    .default(100)
    .describe(
      'percent of the requests without failure or flag that are stored. Failures and flagged requests are always stored; metrics are made before and stay exact; a stored record carries its weight',
    ),
  keepSlowerThan: duration.optional().describe('a request slower than this is always stored'),
  omit: z.array(fieldName).default([]).describe('fields not to log, by name'),
  extraFields: z
    .record(attributeName, sentence)
    .default({})
    .describe("further fields: name to Envoy's format, such as `app.version: '%REQ(X-APP-VERSION)%'`"),
  redact: z
    .partialRecord(fieldName, z.enum(['drop', 'network', 'hash']))
    .default({})
    .describe(
      'by field, before anything is stored: `drop` it, keep of an address its `network` (/24, /48), or `hash` it',
    ),
  maskPathTokens: flag.default(true).describe('mask parts of a path that look like a token, an account or a person'),
});
