import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject, typed } from './json.ts';

/** An overload manager that believes a file: the pressure is 100 % from the start, as it would be at the memory limit. */
export function overloadManager(dir: string): JsonObject {
  const filename = join(dir, 'pressure');
  writeFileSync(filename, '1.0');
  return {
    overload_manager: {
      refresh_interval: '0.05s',
      resource_monitors: [
        {
          name: 'envoy.resource_monitors.injected_resource',
          typed_config: typed('resource_monitors.injected_resource.v3.InjectedResourceConfig', { filename }),
        },
      ],
      actions: [
        {
          name: 'envoy.overload_actions.stop_accepting_requests',
          triggers: [{ name: 'envoy.resource_monitors.injected_resource', threshold: { value: 0.95 } }],
        },
      ],
    },
  };
}
