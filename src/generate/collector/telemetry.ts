import { env } from './env.ts';
import type { Spelling } from './versions.ts';

/** What the Collector says of itself: who it is, a log a machine can read, and its own metrics, on a port that is scraped. */
export function telemetry(spelling: Spelling): object {
  const instance = env('POD_NAME');
  return {
    resource: spelling.telemetryResourceList
      ? { attributes: [{ name: 'service.instance.id', value: instance }] }
      : { 'service.instance.id': instance },
    logs: { level: 'info', encoding: 'json' },
    metrics: {
      level: 'normal',
      readers: [{ pull: { exporter: { prometheus: { host: env('MY_POD_IP'), port: 8888 } } } }],
    },
  };
}
