import { z } from 'zod';
import { storeNames } from '../logs/answer.ts';
import { confidences, sides } from '../triage/side.ts';
import { nameLists, triageVersion } from '../triage/triage.ts';

/**
 * The shape of `vigia triage -o json`: what a program that reads it may rely on. `docs/report.schema.json` is made from it
 * (`vigia triage --json-schema`), and tests hold real reports against it.
 */
const named = z.strictObject({ name: z.string(), count: z.int().positive() });
const iso = z.iso.datetime({ precision: 3 });
const bySide = z.partialRecord(z.enum(sides), z.int().nonnegative());

const verdict = z.strictObject({
  cause: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .describe('stable code; docs/causes/<code>.md explains it'),
  title: z.string(),
  side: z.enum(sides).describe('whose fault'),
  kind: z
    .enum(['failure', 'masked', 'aside', 'health-check'])
    .describe('only failures count in totals.failures and totals.sides'),
  background: z.boolean().describe('noise at a low, even rate: not an incident; docs/report.md has the rule'),
  confidence: z.enum(confidences).describe('high only where the line itself proves it'),
  count: z.int().positive(),
  share: z.number().min(0).max(1).describe('of all verdicts of its kind'),
  routes: z.array(named.extend({ requests: z.int().nonnegative().optional().describe('all requests of the route') })),
  backends: z.array(named),
  hosts: z.array(named),
  statuses: z.array(named),
  flags: z.array(named),
  details: z.array(named),
  names: z
    .record(z.enum(nameLists), z.int().nonnegative())
    .describe('how many different names there are; the lists hold the 20 most frequent'),
  withoutRoute: z.int().nonnegative().describe('of its requests, those that had no route'),
  windows: z
    .array(z.strictObject({ from: iso, to: iso, count: z.int().positive() }))
    .describe('when it was active, [from, to)'),
  evidence: z.array(z.string()),
  cannotTell: z.array(z.string()).describe('what this log can not tell apart, and the field to log'),
  next: z.array(z.strictObject({ do: z.string(), run: z.string().optional(), yaml: z.string().optional() })),
  page: z.string(),
  samples: z.array(z.int().nonnegative()).describe('indices into samples'),
});

export const reportSchema = z.strictObject({
  version: z.literal(triageVersion),
  first: iso.nullable().describe("the first request's start; null when no line has a time"),
  last: iso.nullable(),
  totals: z.strictObject({
    requests: z.int().nonnegative(),
    failures: z.int().nonnegative(),
    background: z.int().nonnegative().describe('of the failures, those of verdicts that are background'),
    withoutRoute: z.int().nonnegative().describe('of the failures, those that had no route'),
    masked: z.int().nonnegative().describe('failed inside, saved by a retry'),
    aside: z.int().nonnegative().describe("a backend's own 4xx and the like"),
    healthChecks: z.int().nonnegative(),
    sides: z.record(z.enum(sides), z.int().nonnegative()).describe('adds up to failures'),
  }),
  verdicts: z.array(verdict),
  routes: z
    .array(
      z.strictObject({
        route: z.string(),
        requests: z.int(),
        failures: z.int(),
        sides: bySide,
        topCause: z.string(),
        p50: z.number().optional(),
        p99: z.number().optional(),
      }),
    )
    .describe('worst first'),
  routeIs: z.enum(['route', 'backend', 'authority']).describe('what requests are grouped by'),
  timeline: z.strictObject({
    bucketMs: z.int().positive(),
    points: z.array(z.strictObject({ time: iso, requests: z.int(), sides: bySide })),
  }),
  latency: z
    .strictObject({ p50: z.number().nullable(), p90: z.number().nullable(), p99: z.number().nullable() })
    .describe('ms, all requests'),
  samples: z.array(
    z.strictObject({
      file: z.string(),
      line: z.int().nonnegative().describe("0 for a remote store's record: file then says where the store has it"),
      record: z.record(z.string(), z.unknown()),
      idleGapMs: z.number().optional(),
      raw: z.string().optional(),
    }),
  ),
  coverage: z
    .array(z.strictObject({ field: z.string(), operator: z.string(), question: z.string() }))
    .describe('fields that no line carries, and the question lost with each'),
  precision: z.enum(['exact', 'truncated', 'approximate']),
  filters: z.array(z.string()),
  ratesAreOf: z
    .string()
    .nullable()
    .describe(
      'what totals.requests and all rates are of where only failures of a status or side were asked for; else null',
    ),
  loadBalancer: z
    .strictObject({
      files: z.array(z.string()),
      lines: z.int().nonnegative(),
      rejects: z.int().nonnegative(),
      requests: z.int().nonnegative(),
      failures: z.int().nonnegative().describe('for the client'),
      passedOn: z
        .int()
        .nonnegative()
        .describe('of the failures, the gateway’s own answers: they are among the verdicts'),
      joinedBy: z.enum(['trace id', 'time, client and path']).optional(),
      notes: z.array(z.string()),
      findings: z.array(
        z.strictObject({
          code: z.string().regex(/^load-balancer-[a-z-]+$/),
          title: z.string(),
          side: z.enum(sides),
          confidence: z.enum(confidences),
          status: z.int().nonnegative().describe('what the client got; 0 for nothing'),
          count: z.int().positive(),
          first: iso,
          last: iso,
          evidence: z.array(z.string()),
          next: z.array(z.strictObject({ do: z.string(), run: z.string().optional(), yaml: z.string().optional() })),
          targets: z.array(named),
          paths: z.array(named),
        }),
      ),
    })
    .optional()
    .describe('what the load balancer’s own log says, where --alb gave it'),
  rejects: z.strictObject({
    count: z.int().nonnegative(),
    first: z.array(z.strictObject({ file: z.string(), line: z.int(), reason: z.string(), text: z.string() })),
  }),
  reading: z.strictObject({
    files: z.array(z.strictObject({ name: z.string(), format: z.string(), lines: z.int() })),
    bytes: z.int(),
    lines: z.int(),
    applicationLines: z.int(),
    interim: z.int(),
    weighted: z.int(),
    outsideWindow: z.int(),
    leftOut: z.int(),
    store: z
      .strictObject({
        name: z.enum(storeNames),
        from: z.array(z.string()).describe('log groups, tenant or index'),
        window: z.strictObject({ from: iso, to: iso }).describe('what was asked about, [from, to)'),
        queries: z.int().nonnegative(),
        bytesScanned: z.number().nonnegative().optional(),
        recordsScanned: z.number().nonnegative().optional(),
        dollars: z.number().nonnegative().optional().describe('about what the scans cost, USD'),
        newest: iso.nullable().describe("the newest record's start"),
        latencyInterpolated: z.boolean(),
        missing: z.array(z.strictObject({ what: z.string(), reason: z.string() })),
        notes: z.array(z.string()),
      })
      .optional()
      .describe('set when a store was asked over the network; then there are no files, and lines are its records'),
  }),
});

/** As JSON Schema (draft 2020-12). */
export const reportJsonSchema = (): string => `${JSON.stringify(z.toJSONSchema(reportSchema), null, 2)}\n`;
