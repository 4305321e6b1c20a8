import type { Clock } from '../../src/logs/remote/back-off.ts';
import { cloudwatchSource } from '../../src/logs/sources/cloudwatch.ts';
import { datadogSource } from '../../src/logs/sources/datadog.ts';
import type { Source } from '../../src/logs/sources/source.ts';
import { moods } from './cloudwatch/evaluate.ts';
import { startCloudWatch } from './cloudwatch/server.ts';
import { startDatadog } from './datadog/server.ts';
import { type Recorded, type Shape, shapes, storedAttributes } from './traffic.ts';

/** A source loaded with recorded traffic. */
export interface Loaded {
  readonly source: Source;
  stop(): Promise<void>;
}

/** One line of the conformance suite: a source, and how recorded traffic gets into it. */
export interface Entry {
  readonly name: string;
  /** What answers: the real thing, or whose emulator. */
  readonly answeredBy: string;
  /** A route's percentiles come from its requests in the store, interpolated between two of them, and not from counts at edges. */
  readonly quantiles?: 'between requests';
  load(traffic: readonly Recorded[]): Promise<Loaded>;
}

/** Waits take no time; chance is the middle. */
export const atOnce: Clock = {
  now: () => Date.parse('2026-11-21T00:00:00Z'),
  random: () => 0.5,
  sleep: (_, signal) =>
    signal?.aborted ? Promise.reject(signal.reason) : new Promise((resolve) => setImmediate(resolve)),
};

/** The environment in which the SDK finds credentials and the emulator. */
export function awsEnvironment(endpoint: string): void {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  });
}

/** What else lies in a log group: Envoy's own log, a controller's, a line that was cut off. */
const noise = [
  '[2026-11-20 09:00:00.000][1][info][main] [source/server/server.cc:943] starting main dispatch loop',
  '{"level":"info","msg":"reconciled","controller":"gateway"}',
  '{"http_response_status_co',
];

const cloudwatch = (shape: Shape, mood: (typeof moods)[number]): Entry => ({
  name: `cloudwatch: ${shape.name}${mood === moods[0] ? '' : ', the other mood'}`,
  answeredBy: 'our emulator of CloudWatch Logs (cloudwatch/server.ts)',
  async load(traffic) {
    const events = traffic.flatMap((r, i) => [
      { timestamp: r.time, message: shape.message(r), stream: r.record.pod ?? 'pod' },
      ...(i % 50 === 0 ? noise.map((message) => ({ timestamp: r.time, message, stream: 'other' })) : []),
    ]);
    const server = await startCloudWatch([{ name: '/gateways/test', events }], { mood });
    awsEnvironment(server.endpoint);
    const source = cloudwatchSource({
      groups: ['/gateways/test'],
      region: undefined,
      profile: undefined,
      role: undefined,
      maxScan: undefined,
      overrides: shape.map ?? {},
      signal: new AbortController().signal,
      clock: atOnce,
    });
    return { source, stop: server.stop };
  },
});

const datadog: Entry = {
  name: 'datadog: OTLP logs of the generated pipeline',
  answeredBy: "our emulator of Datadog's log calls (datadog/server.ts)",
  quantiles: 'between requests',
  async load(traffic) {
    const server = await startDatadog(
      traffic.map((r, i) => ({
        id: `log-${i}`,
        time: r.time,
        service: 'edge.gateways',
        tags: ['env:prod', `pod_name:${r.record.pod ?? 'pod'}`],
        attributes: storedAttributes(r.record),
      })),
    );
    const source = datadogSource({
      site: 'datadoghq.com',
      url: server.url,
      apiKey: 'api',
      appKey: 'app',
      scope: { service: ['edge.gateways'], env: ['prod'] },
      overrides: {},
      signal: new AbortController().signal,
      clock: atOnce,
    });
    return { source, stop: server.stop };
  },
};

/** Every source but the file, which is what the others are compared with. Adding one is adding a line. */
export const entries: readonly Entry[] = [
  ...shapes.flatMap((shape) => moods.map((mood) => cloudwatch(shape, mood))),
  datadog,
];
