import { parseAllDocuments } from 'yaml';
import type { Cluster, Model } from '../../contract/model.ts';
import type { Artefact } from '../artefact.ts';
import { yamlFile, yamlText } from '../yaml.ts';
import { ciValues } from './ci.ts';
import { type ClusterParts, clusterValues, type KubernetesObject } from './cluster-values.ts';
import { datadogSpecs } from './datadog.ts';
import { chartYaml, readme, upgrading } from './pages.ts';
import { defaults, valuesSchema, valuesYaml } from './schema-texts.ts';
import { templates } from './templates/index.ts';

/** What the chart packs, as the other generators made it. */
export interface Packed {
  readonly kgateway: readonly Artefact[];
  readonly collector: readonly Artefact[];
  readonly dashboards: readonly Artefact[];
  readonly rules: readonly Artefact[];
  readonly datadog: readonly Artefact[];
  /** The credentials of a cluster's Collector. */
  credentials(cluster: Cluster): ClusterParts['secretEnv'];
}

const root = 'charts/vigia';

/**
 * One chart for the contract, and a values file for each of its clusters. It repeats no generator: it packs what they made. Values files and
 * ci/ are not part of the package (.helmignore), so a release carries one cluster's values and not all.
 */
export function generateChart(model: Model, packed: Packed): readonly Artefact[] {
  const names = model.clusters.map((c) => c.name);
  const values = model.clusters.map((c) => clusterValues(c, model.kgateway, partsOf(c, packed)));
  return [
    { path: `${root}/Chart.yaml`, content: chartYaml(images(model)) },
    { path: `${root}/.helmignore`, content: 'clusters/\nci/\n' },
    { path: `${root}/values.yaml`, content: valuesYaml() },
    { path: `${root}/values.schema.json`, content: valuesSchema() },
    { path: `${root}/README.md`, content: readme(names) },
    { path: `${root}/UPGRADING.md`, content: upgrading },
    ...Object.entries(templates(names)).map(([name, content]) => ({ path: `${root}/templates/${name}`, content })),
    ...model.clusters.map(({ name, collector: { namespace } }, i) => ({
      path: `${root}/clusters/${name}.yaml`,
      content: yamlFile(
        [values[i]],
        [`helm install vigia charts/vigia -n ${namespace} --create-namespace -f charts/vigia/clusters/${name}.yaml`],
      ),
    })),
    ...Object.entries(ciValues(values[0] ?? {})).map(([name, one]) => ({
      path: `${root}/ci/${name}-values.yaml`,
      content: yamlFile([one]),
    })),
    // Schema v2 is in folders of its own, and neither a sidecar nor the operator's GrafanaDashboard takes it.
    ...packed.dashboards
      .filter(({ path }) => /^dashboards\/grafana\/[^/]+\/[^/]+$/.test(path))
      .map(({ path, content }) => ({
        path: `${root}/files/dashboards/${path.replace(/^dashboards\/grafana\//, '')}`,
        // Without blanks: Helm keeps files in base64, which compresses badly, in a Secret that may not have 1 MiB.
        content: `${JSON.stringify(JSON.parse(content))}\n`,
      })),
    ...datadogSpecs(packed.datadog).map(({ path, content }) => ({ path: `${root}/files/${path}`, content })),
    // Without banner and document marks: the text is indented into an object.
    ...packed.rules.flatMap(({ path, content }) => {
      const [rules] = documents(content);
      return [{ path: `${root}/files/rules/${path.replace(/^alerts\/prometheus\//, '')}`, content: yamlText(rules) }];
    }),
  ];
}

function partsOf(cluster: Cluster, packed: Packed): ClusterParts {
  const folder = `kgateway/${cluster.name}/`;
  const objects = (below: string): readonly KubernetesObject[] =>
    packed.kgateway
      .filter((a) => a.path.startsWith(`${folder}${below}/`))
      .flatMap((a) => documents(a.content) as readonly KubernetesObject[]);
  const config = packed.collector.find((a) => a.path === `collector-config/${cluster.name}.yaml`);
  return {
    collectorConfig: config && cluster.collector.mode !== 'external' ? yamlText(documents(config.content)[0]) : '',
    policies: objects('gateways'),
    monitors: objects('monitors'),
    secretEnv: packed.credentials(cluster),
  };
}

const documents = (text: string): readonly unknown[] => parseAllDocuments(text).map((d) => d.toJS());

/** Every image that the chart can start, for scanners and mirrors. */
function images(model: Model): readonly { readonly name: string; readonly image: string }[] {
  const of = ({ repository, tag }: { repository: string; tag: string }) => `${repository}:${tag}`;
  const collectors = [...new Set(model.clusters.map((c) => `${c.collector.image}:${c.collector.version}`))].sort();
  const { standalone, tests } = defaults;
  return [
    ...collectors.map((image, i) => ({ name: i === 0 ? 'collector' : `collector-${i + 1}`, image })),
    { name: 'telemetrygen', image: of(tests.telemetrygen) },
    { name: 'curl', image: of(tests.curl) },
    { name: 'prometheus', image: of(standalone.prometheus) },
    { name: 'grafana', image: of(standalone.grafana) },
    { name: 'loki', image: of(standalone.loki) },
  ];
}
