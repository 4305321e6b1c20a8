import { type Item, nameOf } from '../helm.ts';

/** What a kubelet is told of one container; the fields that the chart uses. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly fieldRef?: { readonly fieldPath: string };
      readonly secretKeyRef?: { readonly name: string; readonly key: string };
    };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface ConfigMapSource {
  readonly name: string;
  readonly items?: readonly { readonly key: string; readonly path: string }[];
}

export interface Volume {
  readonly name: string;
  readonly configMap?: ConfigMapSource;
  readonly emptyDir?: object;
  readonly projected?: { readonly sources: readonly { readonly configMap: ConfigMapSource }[] };
}

export interface Pod {
  readonly namespace: string;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly terminationGracePeriodSeconds?: number;
}

/** The pod that a rendered workload (`Kind namespace/name`) makes; a claim of a StatefulSet is one of its volumes. */
export function podOf(items: readonly Item[], workload: string): Pod {
  const item = items.find((i) => nameOf(i) === workload);
  if (item === undefined) throw new Error(`${workload} is not among ${items.map(nameOf).join(', ')}`);
  const namespace = item.metadata.namespace ?? 'default';
  if (item.kind === 'Pod') return { ...(item.spec as unknown as Pod), namespace };
  const { template, volumeClaimTemplates = [] } = item.spec as unknown as {
    template: { spec: Pod };
    volumeClaimTemplates?: readonly Item[];
  };
  const claims = volumeClaimTemplates.map((c) => ({ name: c.metadata.name }));
  return { ...template.spec, namespace, volumes: [...(template.spec.volumes ?? []), ...claims] };
}

/** The files of a volume, by their names; a volume that begins empty has none. */
export function filesOf(volume: Volume, items: readonly Item[], namespace: string): Readonly<Record<string, string>> {
  const sources = volume.configMap ? [volume.configMap] : (volume.projected?.sources ?? []).map((s) => s.configMap);
  return Object.fromEntries(
    sources.flatMap((source) => {
      const map = items.find((i) => nameOf(i) === `ConfigMap ${namespace}/${source.name}`);
      // A pod whose ConfigMap or key is missing is never started.
      if (map === undefined)
        throw new Error(`volume ${volume.name}: there is no ConfigMap ${namespace}/${source.name}`);
      const keys = source.items ?? Object.keys(map.data ?? {}).map((key) => ({ key, path: key }));
      return keys.map(({ key, path }) => {
        const text = map.data?.[key];
        if (text === undefined) throw new Error(`volume ${volume.name}: ${source.name} has no key ${key}`);
        return [path, text] as const;
      });
    }),
  );
}
