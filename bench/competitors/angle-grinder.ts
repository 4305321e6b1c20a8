import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../../scripts/tools/ensure.ts';
import { type Competitor, has } from './competitor.ts';

const version = '0.19.5';

/** One query of it groups by one set of fields. */
export const angleGrinder: Competitor = {
  name: 'angle-grinder',
  leavesOut: 'the timeline, failures by cluster, flags and details, samples, verdicts',
  command(file) {
    const home = join(cacheDir(), `ag-${version}`);
    const binary = join(home, 'bin/agrind');
    const install = ['install', 'ag', '--version', version, '--locked', '--root', home];
    if (!existsSync(binary)) {
      if (!has('cargo')) return { missing: `no cargo: cargo ${install.join(' ')}` };
      if (spawnSync('cargo', install, { stdio: ['ignore', 2, 2] }).status !== 0)
        return { missing: `cargo ${install.join(' ')} failed` };
    }
    const query =
      '* | json | p50(envoy_duration_ms), p99(envoy_duration_ms), count by envoy_route_name, http_response_status_code';
    return { command: `${binary} -f ${file} '${query}'` };
  },
};
