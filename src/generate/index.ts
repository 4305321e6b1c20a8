import type { Model } from '../contract/model.ts';
import type { Artefact, Generator } from './artefact.ts';
import { generateChart } from './chart/index.ts';
import { generateCollector } from './collector/index.ts';
import { credentials } from './collector/secrets.ts';
import { generateDatadog } from './datadog/index.ts';
import { generateEnvoy } from './envoy/index.ts';
import { generateGrafana } from './grafana/index.ts';
import { generateKgateway } from './kgateway/index.ts';
import { generatePrometheus, isRuleFile } from './prometheus/index.ts';
import { generateQueries } from './queries/index.ts';

/** A generator, the folders that are wholly its own, and whether it runs unasked. */
export interface GeneratorEntry {
  readonly summary: string;
  /** Top-level folders; nobody else writes there. */
  readonly folders: readonly string[];
  /** Runs only when named by `--only`, and from then on as long as its files are there. */
  readonly onRequest?: true;
  /** `made` is what another generator makes of the same Model, for the one that packs. */
  readonly generate: (model: Model, made: (id: string) => readonly Artefact[]) => ReturnType<Generator>;
}

/** Every generator, in the order in which `vigia generate` tells of them: one folder, one line here. */
export const generators = {
  kgateway: {
    summary: "the gateways' telemetry policies and what they need in the cluster",
    folders: ['kgateway'],
    generate: generateKgateway,
  },
  collector: {
    summary: "each cluster's Collector configuration",
    folders: ['collector-config'],
    generate: generateCollector,
  },
  grafana: {
    summary: 'Grafana dashboards of each environment whose metrics are in Prometheus',
    folders: ['dashboards/grafana'],
    generate: generateGrafana,
  },
  prometheus: {
    summary: 'recording and alerting rules of each environment whose metrics are in Prometheus, and their tests',
    folders: ['alerts/prometheus'],
    generate: generatePrometheus,
  },
  datadog: {
    summary: 'Datadog dashboards, objectives and monitors of each environment whose metrics are there',
    folders: ['dashboards/datadog', 'alerts/datadog'],
    generate: generateDatadog,
  },
  queries: {
    summary: "an incident's first questions in the language of each environment's log store",
    folders: ['queries'],
    generate: generateQueries,
  },
  envoy: {
    summary: 'the same access log, tracing and stats as parts of a plain Envoy bootstrap',
    folders: ['envoy'],
    onRequest: true,
    generate: generateEnvoy,
  },
  chart: {
    summary: 'a Helm chart of all that a cluster needs, and the values of each cluster',
    folders: ['charts/vigia'],
    generate: (model, made) =>
      generateChart(model, {
        kgateway: made('kgateway'),
        collector: made('collector'),
        dashboards: made('grafana'),
        rules: made('prometheus').filter(isRuleFile),
        datadog: made('datadog'),
        credentials: (cluster) =>
          credentials(cluster).flatMap(({ variable, ref }) =>
            ref.kind === 'secret' ? [{ name: variable, secret: ref.name, key: ref.key }] : [],
          ),
      }),
  },
} as const satisfies Record<string, GeneratorEntry>;

export type GeneratorId = keyof typeof generators;

export const generatorIds = Object.keys(generators) as readonly GeneratorId[];

/** What the named generators make of a Model, sorted by path. */
export function generate(model: Model, ids: readonly GeneratorId[]): readonly Artefact[] {
  const all: Readonly<Record<string, GeneratorEntry>> = generators;
  const cache = new Map<string, readonly Artefact[]>();
  const makeOnce = (id: string): readonly Artefact[] => {
    const made = cache.get(id) ?? all[id]?.generate(model, makeOnce) ?? [];
    cache.set(id, made);
    return made;
  };
  const artefacts = ids.flatMap((id) => {
    const { folders }: GeneratorEntry = generators[id];
    const made = makeOnce(id);
    for (const { path } of made)
      if (!folders.some((folder) => path.startsWith(`${folder}/`)) || path.split('/').includes('..'))
        throw new Error(`${id} wrote ${path}, which is outside of ${folders.join(', ')}`);
    return [...made];
  });
  const sorted = artefacts.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const [i, { path }] of sorted.entries())
    if (path === sorted[i - 1]?.path) throw new Error(`${path} was generated twice`);
  return sorted;
}
