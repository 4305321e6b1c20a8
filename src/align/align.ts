import type { Manifest } from '../contract/draft/manifests.ts';
import type { Model } from '../contract/model.ts';
import { servers } from '../envoy/servers.ts';
import { nearest } from '../nearest.ts';
import type { Hops } from './hops.ts';
import { backendHops, serverName } from './read/backends.ts';
import { gatewayHops } from './read/gateways.ts';
import { Limits } from './read/policies.ts';
import { routeHops } from './read/routes.ts';
import type { Finding } from './rule.ts';
import { rules } from './rules/index.ts';

export const alignmentVersion = 'vigia.align/1';

/** What lines up, what does not, and what nobody said. */
export interface Alignment {
  readonly version: typeof alignmentVersion;
  readonly findings: readonly Finding[];
  readonly hops: Hops;
  /** Questions that were not asked because something is not known, with what to say to have it asked. */
  readonly unknown: readonly Unknown[];
  /** Values that are no durations: taken as not set. */
  readonly unread: readonly string[];
}

export interface Unknown {
  readonly what: string;
  readonly names: readonly string[];
  readonly how: string;
}

/**
 * Whether timeouts and keep-alives line up along every path: by the contract, and by the cluster's objects where they are given. Pure; the same findings in
 * the same order for the same input.
 */
export function align(model: Model, objects: readonly Manifest[] = []): Alignment {
  const limits = new Limits();
  const gateways = gatewayHops(model, objects, limits);
  const routes = routeHops(model, objects, gateways, limits);
  const hops = { gateways, routes, backends: backendHops(model, objects, routes, limits) };
  return {
    version: alignmentVersion,
    findings: rules.flatMap((rule) => once(rule.find(hops))),
    hops,
    unknown: unknowns(model, hops),
    unread: [...new Set(limits.unread)],
  };
}

/** Rules of a route that are set alike differ in their names alone; whole duplicates are told once. */
const once = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((f) => [`${f.where} ${f.says}`, f])).values(),
];

function unknowns(model: Model, { routes, backends }: Hops): readonly Unknown[] {
  const strange = model.backends.filter((b) => b.server !== undefined && serverName(b.server) === undefined);
  const named = strange.map((b) => {
    const guess = nearest(b.server ?? '', Object.keys(servers));
    return `${b.id} (${b.server}${guess ? `; ${guess}?` : ''})`;
  });
  return [
    {
      what: 'when these servers close idle connections',
      names: backends.filter((b) => b.keepAlive === undefined).map((b) => b.id),
      how: 'say keepAlive, or server, of them under backends in vigia.yaml',
    },
    {
      what: 'what these servers do by default',
      names: named,
      how: `say keepAlive; servers that are known: ${Object.keys(servers).join(', ')}`,
    },
    {
      what: 'on which gateways these routes hang',
      names: routes.filter((r) => r.gateways.length === 0).map((r) => r.id),
      how: 'say gateways of them under routes in vigia.yaml, or give their HTTPRoutes',
    },
  ].filter((u) => u.names.length > 0);
}
