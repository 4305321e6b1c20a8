import type { Environment, Model } from '../contract/model.ts';
import type { Artefact } from '../generate/artefact.ts';
import { markOf } from './datadog/seal.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { DocumentKind } from './plan.ts';
import { Trouble } from './trouble.ts';

/** A generated document that goes to a live service. */
export interface Wanted {
  readonly kind: DocumentKind;
  readonly environment: string;
  /** Grafana's uid, or the id in the document's own mark at Datadog. */
  readonly id: string;
  /** The file's name without its ending. */
  readonly file: string;
  readonly path: string;
  readonly document: JsonObject;
}

/** What goes to one Grafana or to one Datadog account: environments may share one. */
export interface Destination {
  readonly service: 'grafana' | 'datadog';
  /** Grafana's address, or Datadog's site. */
  readonly address: string;
  /** Those that were asked for. */
  readonly environments: readonly Environment[];
  readonly documents: readonly Wanted[];
  /** Names of metrics that something of it asks percentiles of. */
  readonly metrics: readonly string[];
  /** Ids by kind that any environment of the contract wants here, asked for or not: none of them is left over. */
  readonly kept: ReadonlySet<string>;
}

const places: readonly (readonly [pattern: RegExp, service: Destination['service'], kind: DocumentKind])[] = [
  [/^dashboards\/grafana\/([^/]+)\/([^/]+)\.json$/, 'grafana', 'dashboard'],
  [/^dashboards\/datadog\/([^/]+)\/([^/]+)\.json$/, 'datadog', 'dashboard'],
  [/^alerts\/datadog\/([^/]+)\/slos\/([^/]+)\.json$/, 'datadog', 'slo'],
  [/^alerts\/datadog\/([^/]+)\/monitors\/([^/]+)\.json$/, 'datadog', 'monitor'],
];

export interface Asked {
  /** undefined: every one. */
  readonly environments: readonly string[] | undefined;
  readonly services: readonly Destination['service'][];
}

/** The generated documents by where they go, in the contract's order. Environments without an address for a service are left out. */
export function destinations(model: Model, artefacts: readonly Artefact[], asked: Asked): readonly Destination[] {
  const found = asked.services.flatMap((service) => {
    const addresses = new Map<string, Environment[]>();
    for (const environment of model.environments) {
      const address = addressOf(environment, service);
      if (address !== undefined) addresses.set(address, [...(addresses.get(address) ?? []), environment]);
    }
    return [...addresses].map(([address, sharing]): Destination => {
      const all = wantedOf(artefacts, service).filter((w) => sharing.some((e) => e.name === w.environment));
      once(all, address, sharing);
      const environments = sharing.filter((e) => asked.environments?.includes(e.name) ?? true);
      const chosen = all.filter((w) => environments.some((e) => e.name === w.environment));
      return {
        service,
        address,
        environments,
        documents: once(chosen, address, sharing),
        metrics: service === 'datadog' ? metricsOf(artefacts, environments) : [],
        kept: new Set(all.map((w) => `${w.kind} ${w.id}`)),
      };
    });
  });
  return found.filter((d) => d.environments.length > 0);
}

export function addressOf(environment: Environment, service: Destination['service']): string | undefined {
  return service === 'grafana' ? environment.grafana?.url?.replace(/\/+$/, '') : environment.datadog?.site;
}

function wantedOf(artefacts: readonly Artefact[], of: Destination['service']): readonly Wanted[] {
  return artefacts.flatMap(({ path, content }) => {
    for (const [pattern, service, kind] of places) {
      const [, environment, file] = pattern.exec(path) ?? [];
      if (service !== of || environment === undefined || file === undefined) continue;
      const document: Json = JSON.parse(content);
      if (!isObject(document)) throw new Error(`${path} is no JSON object`);
      const id = service === 'grafana' ? file : (markOf(kind, document)?.id ?? file);
      return [{ kind, environment, id, file, path, document }];
    }
    return [];
  });
}

const metricPlace = /^dashboards\/datadog\/([^/]+)\/metrics\/(.+)\.json$/;

function metricsOf(artefacts: readonly Artefact[], environments: readonly Environment[]): readonly string[] {
  const names = artefacts.flatMap(({ path }) => {
    const [, environment, metric] = metricPlace.exec(path) ?? [];
    return metric !== undefined && environments.some((e) => e.name === environment) ? [metric] : [];
  });
  return [...new Set(names)].sort();
}

/** Environments that share a service may want the same document; two different ones under one id can't both be there. */
function once(all: readonly Wanted[], address: string, sharing: readonly Environment[]): readonly Wanted[] {
  const text = (w: Wanted) =>
    JSON.stringify([w.document, sharing.find((e) => e.name === w.environment)?.grafana?.folder]);
  const seen = new Map<string, Wanted>();
  for (const wanted of all) {
    const key = `${wanted.kind} ${wanted.id}`;
    const other = seen.get(key);
    if (!other) seen.set(key, wanted);
    else if (text(other) !== text(wanted))
      throw new Trouble(
        `${other.path} and ${wanted.path} would be one ${wanted.kind} at ${address}, and they differ or go to different folders`,
        'give the two environments addresses of their own',
      );
  }
  return [...seen.values()];
}
