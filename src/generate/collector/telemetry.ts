import { env } from './env.ts';

/** What the Collector says of itself: who it is, a log a machine can read, and its own metrics, on a port that is scraped. */
export function telemetry(): object {
  return {
    // A list: the older map of the same key warns at start.
    resource: { attributes: [{ name: 'service.instance.id', value: env('POD_NAME') }] },
    logs: { level: 'info', encoding: 'json' },
    metrics: {
      level: 'normal',
      readers: [{ pull: { exporter: { prometheus: { host: env('MY_POD_IP'), port: 8888 } } } }],
    },
  };
}
