import { expect, test } from 'vitest';
import type { Cluster } from '../../src/contract/model.ts';
import { podMonitors } from '../../src/generate/kgateway/pod-monitors.ts';
import { hostile, modelOf } from './model.ts';

interface Relabeling {
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly replacement?: string;
  readonly targetLabel: string;
}

/** Prometheus' `replace` (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config): anchored, an empty result removes. */
function relabeled(meta: Readonly<Record<string, string>>, rules: readonly Relabeling[]): Record<string, string> {
  const labels: Record<string, string> = { ...meta };
  for (const { sourceLabels = [], separator = ';', regex = '(.*)', replacement = '$1', targetLabel } of rules) {
    const found = new RegExp(`^(?:${regex})$`, 's').exec(sourceLabels.map((l) => labels[l] ?? '').join(separator));
    if (!found) continue;
    const value = replacement.replace(/\$\$|\$(\d)/g, (all, n) => (all === '$$' ? '$' : (found[Number(n)] ?? '')));
    if (value === '') delete labels[targetLabel];
    else labels[targetLabel] = value;
  }
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('__')));
}

const model = modelOf(hostile);
const [gateways] = podMonitors(model.clusters[0] as Cluster, model.kgateway);
const endpoints = (gateways?.spec?.['podMetricsEndpoints'] ?? []) as readonly { readonly relabelings: Relabeling[] }[];
const rules = endpoints.flatMap((e) => e.relabelings);

const pod = (gateway: string, namespace: string, tier?: string) =>
  relabeled(
    {
      __meta_kubernetes_pod_label_gateway_networking_k8s_io_gateway_name: gateway,
      __meta_kubernetes_namespace: namespace,
      ...(tier === undefined ? {} : { __meta_kubernetes_pod_label_example_com_tier: tier }),
    },
    rules,
  );

test('a pod of a gateway gets its identity and its fixed labels, each gateway its own, letter for letter', () => {
  expect(pod('on', '1e3', 'gold')).toEqual({
    environment: 'e',
    cluster: 'c',
    gateway: 'on.1e3',
    percent: '100%REQ(:PATH)%',
    dollar: `$1 \${x} 'a' "b"`,
    date: '2026-11-23',
    bool: 'yes',
    tier: 'gold',
  });
  expect(pod('no', '0x10')).toMatchObject({ gateway: 'no.0x10', percent: '50%', tier: 'none' });
});

test("a pod's own label keeps to the allowed values", () => {
  expect(pod('on', '1e3', 's.lver')['tier']).toBe('s.lver');
  expect(pod('on', '1e3', 'silver')['tier']).toBe('other');
  expect(pod('on', '1e3', 'golden')['tier']).toBe('other');
});

test('a pod of a gateway that the contract does not name gets identity only', () => {
  expect(pod('stranger', '1e3', 'gold')).toEqual({ environment: 'e', cluster: 'c', gateway: 'stranger.1e3' });
});
