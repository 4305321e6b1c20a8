import type { Label } from '../../contract/model.ts';

/** Labels of the gateways' own pods, asked of the Kubernetes API; undefined when the contract has none. */
export function podLabels(labels: readonly Label[]): object | undefined {
  const wanted = labels.flatMap((l) =>
    l.from.kind === 'pod-label' ? [{ tag_name: l.name, key: l.from.label, from: 'pod' }] : [],
  );
  if (wanted.length === 0) return undefined;
  const from = (name: string) => ({ from: 'resource_attribute', name });
  return {
    auth_type: 'serviceAccount',
    extract: { metadata: [], labels: wanted },
    pod_association: [{ sources: [from('k8s.pod.name'), from('k8s.namespace.name')] }],
  };
}
