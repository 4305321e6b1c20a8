import { z } from 'zod';
import { accessLog } from './access-log.ts';
import { duration, flag, name, sentence } from './leaf.ts';
import { overriding } from './overriding.ts';
import { tracing } from './tracing.ts';

const range = (low: number, high: number, expected: string) =>
  duration.pipe(
    z
      .number()
      .min(low * 1_000, expected)
      .max(high * 1_000, expected),
  );

const deregistrationDelay = range(0, 3_600, 'a duration from 0s to 3600s')
  .prefault('300s')
  .describe('how long a leaving target keeps its connections');

/**
 * Ranges and defaults are AWS's: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html and
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
 */
export const loadBalancer = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('alb'),
      idleTimeout: range(1, 4_000, "an ALB's idle timeout: 1s to 4000s")
        .prefault('60s')
        .describe('idle_timeout.timeout_seconds'),
      clientKeepAlive: range(60, 604_800, "an ALB's client keep-alive: 60s to 7d")
        .prefault('1h')
        .describe('client_keep_alive.seconds'),
      deregistrationDelay,
    })
    .describe('An AWS Application Load Balancer.'),
  z
    .strictObject({
      type: z.literal('nlb'),
      protocol: z
        .enum(['tcp', 'tls'])
        .default('tcp')
        .describe('what its listener speaks; a tls listener has a fixed idle timeout of 350s'),
      idleTimeout: range(60, 6_000, "an NLB's idle timeout: 60s to 6000s")
        .prefault('350s')
        .describe('tcp.idle_timeout.seconds'),
      proxyProtocol: flag.default(false).describe('it sends PROXY protocol'),
      deregistrationDelay,
    })
    .describe('An AWS Network Load Balancer.'),
]);

export const gateway = z.strictObject({
  name: name.describe("the Gateway's name"),
  namespace: name.default('kgateway-system').describe("the Gateway's namespace"),
  clusters: z
    .array(name)
    .min(1, 'at least one cluster')
    .optional()
    .describe('the clusters that have it; without `clusters` and `environments` all'),
  environments: z
    .array(name)
    .min(1, 'at least one environment')
    .optional()
    .describe('instead of `clusters`: all clusters of these environments'),
  waypoint: flag.default(false).describe('a waypoint of the ambient mesh, not an edge'),
  loadBalancer: loadBalancer.optional().describe('what stands before it'),
  labels: z.record(z.string(), sentence).default({}).describe("this gateway's values of literal labels"),
  accessLog: overriding(accessLog.pick({ otlp: true, file: true, omit: true, extraFields: true }))
    .optional()
    .describe('what this gateway does differently from `accessLog` at the top'),
  tracing: overriding(tracing).optional().describe('what this gateway does differently from `tracing` at the top'),
  idleTimeout: duration.optional().describe('Envoy closes a client connection that is idle this long'),
  streamIdleTimeout: duration.optional().describe('Envoy ends a stream that is silent this long'),
});
