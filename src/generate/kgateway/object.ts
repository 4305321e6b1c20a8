/** A Kubernetes object as it is printed. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/**
 * What has to be there before what. A policy that points at a Service or a grant that is not there yet makes kgateway answer 500 for every
 * route of the Gateway, so these come in order: as folders for kubectl, as sync waves for Argo CD
 * (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/).
 */
export const waves = { namespace: -3, service: -2, grant: -1, policy: 0 } as const;

export interface Made {
  readonly name: string;
  readonly namespace?: string;
  readonly wave: keyof typeof waves;
  readonly labels?: Readonly<Record<string, string>>;
  /** It stays when its file goes: what depends on it would break before anything else notices. */
  readonly kept?: boolean;
}

/** Argo CD neither prunes it nor deletes it with the Application, nor is OutOfSync because of it. */
const kept = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
};

/** Metadata of every object that vigia makes: who made it, and when it is applied. */
export function metadata(made: Made): KubernetesObject['metadata'] {
  return {
    name: made.name,
    ...(made.namespace === undefined ? {} : { namespace: made.namespace }),
    labels: { 'app.kubernetes.io/managed-by': 'vigia', ...made.labels },
    annotations: {
      'argocd.argoproj.io/sync-wave': String(waves[made.wave]),
      ...(made.kept ? kept : {}),
    },
  };
}

export const kgatewayApi = 'gateway.kgateway.dev/v1alpha1';
export const gatewayApiGroup = 'gateway.networking.k8s.io';
