import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Json, type JsonObject, typed } from './json.ts';
import type { Instance } from './scenario.ts';

/** What the overload manager does when its file says that the pressure is 100 %, as it would be at the memory limit. */
const reactions: Readonly<Partial<Record<Instance, JsonObject>>> = {
  overloaded: { actions: [{ name: 'envoy.overload_actions.stop_accepting_requests', triggers: at(0.95) }] },
  shedding: {
    loadshed_points: [
      { name: 'envoy.load_shed_points.http2_server_go_away_and_close_on_dispatch', triggers: at(0.98) },
    ],
    actions: [
      {
        name: 'envoy.overload_actions.reset_high_memory_stream',
        triggers: [
          {
            name: 'envoy.resource_monitors.injected_resource',
            scaled: { scaling_threshold: 0.8, saturation_threshold: 0.95 },
          },
        ],
      },
    ],
    // Streams that hold a mebibyte or more are the ones to reset.
    buffer_factory_config: { minimum_account_to_track_power_of_two: 20 },
  },
};

function at(value: number): readonly Json[] {
  return [{ name: 'envoy.resource_monitors.injected_resource', threshold: { value } }];
}

/** An overload manager for the instances that want one; `overloaded` is under pressure from the start. */
export function overloadManager(instance: Instance, dir: string): JsonObject {
  const reaction = reactions[instance];
  if (!reaction) return {};
  const filename = join(dir, 'pressure');
  writeFileSync(filename, instance === 'overloaded' ? '1.0' : '0.0');
  return {
    overload_manager: {
      refresh_interval: '0.05s',
      resource_monitors: [
        {
          name: 'envoy.resource_monitors.injected_resource',
          typed_config: typed('resource_monitors.injected_resource.v3.InjectedResourceConfig', { filename }),
        },
      ],
      ...reaction,
    },
  };
}

let raised = 0;

/** Lets the pressure of the `shedding` Envoy rise to 100 %. It watches for a file that takes the place of the one it read. */
export function raisePressure(dir: string): void {
  const fresh = join(dir, 'shedding', `pressure-${++raised}`);
  writeFileSync(fresh, '1.0');
  renameSync(fresh, join(dir, 'shedding', 'pressure'));
}
