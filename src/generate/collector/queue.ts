import type { Collector } from '../../contract/model.ts';

/** Without a volume the queue is the Collector's memory, and 2 KB a record must fit beside everything else. */
const inMemory = 50_000;

/**
 * What waits while a store is away, and how long it is tried. On a volume for as long as it takes; `max_elapsed_time: 0s` means for ever. Full
 * queues drop the newest: pushing back would only make Envoy drop instead.
 */
export function queued(
  collector: Collector,
  batch: { readonly min: number; readonly max: number },
  consumers = 4,
): object {
  const { persistent, records } = collector.queue;
  return {
    retry_on_failure: { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: '0s' },
    sending_queue: {
      enabled: true,
      ...(persistent ? { storage: 'file_storage' } : {}),
      sizer: 'items',
      queue_size: persistent ? records : Math.min(records, inMemory),
      num_consumers: consumers,
      batch: { flush_timeout: '1s', min_size: batch.min, max_size: batch.max },
    },
  };
}
