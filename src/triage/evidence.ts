import type { Group, Named } from './group.ts';
import { count, percent } from './words.ts';

/** Where a cause is concentrated: one route, one backend, one host or one subnet (a zone, where subnets are zonal). */
export function concentration(g: Group, routes: readonly Named[]): readonly string[] {
  const lines: string[] = [];
  const top = (label: string, names: readonly Named[], many: string) => {
    const first = names[0];
    if (!first) return;
    if (names.length === 1) lines.push(`all on ${label} ${first.name}`);
    else if (first.count >= 0.6 * g.count)
      lines.push(`${percent(first.count, g.count)} on ${label} ${first.name} (of ${names.length} ${many})`);
    else if (names.length >= 4) lines.push(`spread over ${count(names.length)} ${many}`);
  };
  if (routes.length > 0) top('route', routes, 'routes');
  else top('backend', g.backends, 'backends');
  if (g.hosts.length > 1) {
    top('host', g.hosts, 'hosts');
    const nets = subnets(g.hosts);
    const first = nets[0];
    if (first && nets.length > 1 && g.hosts.length > 3 && first.count >= 0.8 * g.count)
      lines.push(`${percent(first.count, g.count)} on hosts in ${first.name}: one zone or node?`);
  } else if (g.hosts[0] && g.count > 1) lines.push(`all on host ${g.hosts[0].name}`);
  return lines;
}

function subnets(hosts: readonly Named[]): readonly Named[] {
  const nets = new Map<string, number>();
  for (const h of hosts) {
    const v4 = /^(\d+\.\d+\.\d+)\.\d+(:\d+)?$/.exec(h.name);
    if (v4) nets.set(`${v4[1]}.0/24`, (nets.get(`${v4[1]}.0/24`) ?? 0) + h.count);
  }
  return [...nets]
    .map(([name, n]) => ({ name, count: n }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
