import type { Model } from '../../contract/model.ts';
import type { Artefact } from '../artefact.ts';
import { yamlFile } from '../yaml.ts';
import { collectorGrant, collectorService } from './collector-service.ts';
import { gatewayParameters } from './gateway-parameters.ts';
import { listenerPolicy, policyKind, telemetryName } from './listener-policy.ts';
import type { KubernetesObject } from './object.ts';
import { podMonitors } from './pod-monitors.ts';

/** A generated file before it is printed: checked as objects (references.ts), written as text. */
export interface ManifestFile {
  readonly path: string;
  readonly remark: readonly string[];
  readonly objects: readonly KubernetesObject[];
}

/**
 * For each cluster a folder: `before/` holds what policies point at and is applied first, `gateways/` one file for each Gateway, `monitors/`
 * what needs the Prometheus operator.
 */
export function manifestFiles({ clusters, kgateway }: Model): readonly ManifestFile[] {
  return clusters.flatMap((cluster): readonly ManifestFile[] => {
    const folder = `kgateway/${cluster.name}`;
    const before = [...collectorService(cluster), ...collectorGrant(cluster, policyKind(kgateway))];
    const { mode, namespace, service } = cluster.collector;
    const steps = [
      ...(mode === 'external' ? [`kubectl -n ${namespace} get service ${service}`] : []),
      ...(before.length > 0 ? [`kubectl apply -f ${folder}/before`] : []),
      `kubectl apply -f ${folder}/gateways`,
    ];
    const apply = steps.join(' && ');
    const monitors = podMonitors(cluster, kgateway);
    return [
      {
        path: `${folder}/before/collector.yaml`,
        remark: [
          'Before the policies, and never deleted before them: a policy whose Collector Service or grant is missing makes',
          `kgateway answer 500 for the whole Gateway. ${apply}`,
        ],
        objects: before,
      },
      ...cluster.gateways.map((gateway) => ({
        path: `${folder}/gateways/${gateway.id}.yaml`,
        remark: [
          `Only when the Collector's Service is there: ${apply}`,
          'GatewayParameters take effect when the Gateway names them: spec.infrastructure.parametersRef',
          `{group: gateway.kgateway.dev, kind: GatewayParameters, name: ${telemetryName(gateway)}}; its pods then roll once.`,
        ],
        objects: [...listenerPolicy(gateway, cluster, kgateway), gatewayParameters(gateway, cluster, kgateway)],
      })),
      { path: `${folder}/monitors/pod-monitors.yaml`, remark: ['Needs the Prometheus operator.'], objects: monitors },
    ].filter(({ objects }) => objects.length > 0);
  });
}

/** The manifests of every cluster as files. */
export function generateKgateway(model: Model): readonly Artefact[] {
  return manifestFiles(model).map(({ path, remark, objects }) => ({ path, content: yamlFile(objects, remark) }));
}
