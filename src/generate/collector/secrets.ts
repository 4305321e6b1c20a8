import type { Auth, Cluster, SecretRef } from '../../contract/model.ts';
import { env } from './env.ts';

/** The environment variable that carries a credential into the Collector: its own name, or one made of the Kubernetes Secret's. */
export function secretVariable(ref: SecretRef): string {
  if (ref.kind === 'env') return ref.name;
  return `VIGIA_${`${ref.name}_${ref.key}`.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()}`;
}

/** Reads it where the Collector starts. */
export const secret = (ref: SecretRef): string => env(secretVariable(ref));

/** Every credential that a cluster's Collector reads, by the variable its pod must set. */
export function credentials({
  environment: e,
}: Cluster): readonly { readonly variable: string; readonly ref: SecretRef }[] {
  const { metrics, logs, traces, datadog } = e;
  const refs = [
    ...(metrics.to === 'prometheus' ? ofAuth(metrics.auth) : []),
    ...(logs.to === 'loki' ? ofAuth(logs.auth) : []),
    ...(traces.to === 'otlp' ? traces.headers.map((h) => h.value) : []),
    ...(datadog ? [datadog.apiKey] : []),
  ];
  return refs.map((ref) => ({ variable: secretVariable(ref), ref }));
}

function ofAuth(auth: Auth): readonly SecretRef[] {
  if (auth.kind === 'none') return [];
  return [auth.kind === 'bearer' ? auth.token : auth.password];
}
