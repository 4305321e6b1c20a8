import type { FieldId } from '../envoy/fields.ts';
import type { KgatewayVersion } from './kgateway-versions.ts';

/**
 * The contract with every default resolved: all that a generator may read. Durations are milliseconds, shares are 0 to 1, percentages
 * 0 to 100. Lists are in the contract's order. `undefined` always means "not set, and that is meant", never "default not looked up".
 */
export interface Model {
  /** Marks published objects as this contract's own. */
  readonly name: string;
  readonly kgateway: Kgateway;
  readonly environments: readonly Environment[];
  /** The unit of generation: one Collector and one Helm release each. */
  readonly clusters: readonly Cluster[];
  /** Every custom label, also those that only some gateways carry. */
  readonly labels: readonly Label[];
  readonly routes: readonly Route[];
  readonly backends: readonly Backend[];
  readonly objectives: readonly Objective[];
  readonly notifications: readonly Notification[];
  readonly links: { readonly runbooks: string | undefined };
}

export interface Kgateway {
  readonly version: KgatewayVersion;
  /** Envoy's minor in that kgateway: `1.37`. */
  readonly envoy: string;
  /** Where the control plane runs. */
  readonly namespace: string;
  /** The control plane writes the HTTPRoute's name and namespace into route metadata (`enableRouteSourceMetadata`, 2.4 and newer). */
  readonly routeSource: boolean;
}

export interface Environment {
  readonly name: string;
  readonly metrics: Metrics;
  readonly logs: Logs;
  readonly traces: Traces;
  /** Present when any of the three goes to Datadog. */
  readonly datadog: Datadog | undefined;
  readonly grafana: Grafana | undefined;
}

/** A credential by reference; the contract never holds one. */
export type SecretRef =
  | { readonly kind: 'secret'; readonly name: string; readonly key: string }
  | { readonly kind: 'env'; readonly name: string };

export interface Datadog {
  /** `datadoghq.com`, `datadoghq.eu`, ... */
  readonly site: string;
  readonly apiKey: SecretRef;
  /** Tags on everything vigia makes in Datadog. */
  readonly tags: readonly string[];
}

export interface Grafana {
  readonly url: string | undefined;
  readonly folder: string;
  /** Boards are written in schema v2 too. */
  readonly v2: boolean;
}

/** How a store is asked to let the Collector in. */
export type Auth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: SecretRef }
  | { readonly kind: 'basic'; readonly username: string; readonly password: SecretRef };

/** What is kept of Envoy's, kgateway's and the Collector's own series: those that boards and alerts ask for, or all. */
export type KeptOfScrapes = 'needed' | 'all';

export type Metrics =
  | { readonly to: 'datadog'; readonly scraped: KeptOfScrapes }
  | {
      readonly to: 'prometheus';
      /** `scrape`: Prometheus scrapes the Collector; `remote-write`: the Collector pushes. */
      readonly mode: 'scrape' | 'remote-write';
      /** The remote-write URL; undefined for `scrape`. */
      readonly url: string | undefined;
      /** `X-Scope-OrgID` of Mimir, Cortex and Thanos receive. */
      readonly tenant: string | undefined;
      readonly auth: Auth;
      /** How long samples are kept: objectives must not look further back. */
      readonly retentionDays: number;
      readonly scrapeIntervalMs: number;
      readonly scraped: KeptOfScrapes;
      /** Labels that make the Prometheus operator pick up PodMonitors and rules (`release: kube-prometheus-stack`). */
      readonly operatorLabels: Readonly<Record<string, string>>;
    };

export type Logs =
  | {
      readonly to: 'cloudwatch';
      readonly group: string;
      /** undefined: the cluster's own region. */
      readonly region: string | undefined;
      readonly retentionDays: number;
      /** `exporter`: awscloudwatchlogs; `otlp`: CloudWatch's OTLP endpoint, signed with SigV4. */
      readonly via: 'exporter' | 'otlp';
      /** `nested`: the exporter's own event; `flat`: the attributes alone as the message (cheaper; `exporter` only). */
      readonly shape: 'nested' | 'flat';
      readonly roleArn: string | undefined;
    }
  | {
      readonly to: 'loki';
      /** Loki's base URL; OTLP goes to `<url>/otlp`. */
      readonly url: string;
      readonly tenant: string | undefined;
      readonly auth: Auth;
    }
  | { readonly to: 'datadog' }
  | { readonly to: 'file'; readonly path: string; readonly maxMegabytes: number; readonly maxBackups: number };

export type Traces =
  | { readonly to: 'datadog' }
  | {
      readonly to: 'otlp';
      /** `host:port` for grpc, a URL for http. */
      readonly endpoint: string;
      readonly protocol: 'grpc' | 'http';
      /** No TLS: inside a cluster only. */
      readonly insecure: boolean;
      readonly headers: readonly { readonly name: string; readonly value: SecretRef }[];
    }
  | { readonly to: 'none' };

export interface Cluster {
  readonly name: string;
  readonly environment: Environment;
  readonly region: string | undefined;
  /** The AWS account's twelve digits. */
  readonly account: string | undefined;
  readonly collector: Collector;
  /** What the Collector does to every record of the cluster; `gateways[].accessLog` repeats sampling and redaction. */
  readonly accessLog: AccessLog;
  /** Ids of the gateways here of which a latency objective promises their own time too, so that the Collector measures it (signals.handover). */
  readonly handoverGateways: readonly string[];
  /** The gateways of this cluster, each as it is here: environment overrides are in. */
  readonly gateways: readonly Gateway[];
}

export interface Gateway {
  readonly name: string;
  readonly namespace: string;
  /** `<name>.<namespace>`: `service.name` on all three signals. */
  readonly id: string;
  readonly kind: 'gateway' | 'waypoint';
  /** Every cluster that has this gateway, by name. */
  readonly clusters: readonly string[];
  readonly loadBalancer: LoadBalancer | undefined;
  /** The custom labels of this gateway, literals with this gateway's value. */
  readonly labels: readonly Label[];
  readonly accessLog: AccessLog;
  readonly tracing: Tracing;
  /** Envoy's own timeouts towards clients, where the contract sets them. */
  readonly idleTimeoutMs: number | undefined;
  readonly streamIdleTimeoutMs: number | undefined;
}

export type LoadBalancer =
  | {
      readonly type: 'alb';
      readonly idleTimeoutMs: number;
      readonly clientKeepAliveMs: number;
      readonly deregistrationDelayMs: number;
    }
  | {
      readonly type: 'nlb';
      readonly idleTimeoutMs: number;
      /** `tls` listeners have a fixed idle timeout of 350 s. */
      readonly protocol: 'tcp' | 'tls';
      readonly proxyProtocol: boolean;
      readonly deregistrationDelayMs: number;
    };

export interface Label {
  /** The attribute's name in logs and traces and the metric label (dots become underscores in Prometheus and in the JSON file). */
  readonly name: string;
  readonly description: string | undefined;
  readonly from: LabelSource;
  readonly bound: LabelBound;
  /** What a value outside the bound becomes. */
  readonly other: string;
  /** What a request without the value gets. */
  readonly absent: string;
  readonly on: { readonly metrics: boolean; readonly logs: boolean; readonly traces: boolean };
}

export type LabelSource =
  /** `maxLength`: Envoy cuts longer values (`%REQ(X-TEAM):64%`), so a hostile header can't swell a record. */
  | { readonly kind: 'header'; readonly header: string; readonly maxLength: number }
  /** `%METADATA(ROUTE:namespace:path...)%` */
  | { readonly kind: 'route-metadata'; readonly namespace: string; readonly path: readonly string[] }
  /** A label of the gateway's own pods, added by the Collector from the Kubernetes API. */
  | { readonly kind: 'pod-label'; readonly label: string }
  | { readonly kind: 'literal'; readonly value: string };

/** What keeps the label from minting series. Enforced where the metric is made; logs and traces keep what was sent, except with `values`. */
export type LabelBound =
  /** Anything not in the list becomes `other`, in metrics, logs and traces alike where the Collector sees them. */
  | { readonly kind: 'values'; readonly values: readonly string[] }
  /** On metrics the value is folded by hash into this many buckets (`b0` ... `b<count-1>`): a Collector has no memory to count values with. */
  | { readonly kind: 'buckets'; readonly count: number }
  /** Set by whoever runs the cluster, not by clients: literal, pod label, route metadata. */
  | { readonly kind: 'operator' }
  /** Never on metrics, so it mints nothing. */
  | { readonly kind: 'not-on-metrics' };

export interface AccessLog {
  /** To the Collector; signals are made of it, so it is off only for a gateway that is looked at by its file alone. */
  readonly otlp: boolean;
  readonly file: { readonly path: string } | undefined;
  /** The fields of the contract that this kgateway's Envoy can log, less the omitted ones. */
  readonly fields: readonly FieldId[];
  readonly extraFields: readonly { readonly name: string; readonly format: string }[];
  readonly sampling: LogSampling;
  readonly redaction: readonly { readonly field: FieldId; readonly how: Redaction }[];
  /** Path segments that look like tokens, accounts or persons are masked before they are stored. */
  readonly maskPathTokens: boolean;
}

/** `drop`: removed; `network`: an address becomes its /24 or /48; `hash`: SHA-256, so that equal stays equal. */
export type Redaction = 'drop' | 'network' | 'hash';

/** Decided in the Collector after the signals are made, so metrics stay exact. Failures and flagged requests are always kept. */
export interface LogSampling {
  /** Of the requests that neither failed nor carry a flag: how many are kept. 100 keeps all, 0 none. */
  readonly healthyPercent: number;
  /** A kept healthy record stands for this many (`vigia.weight`); always-kept ones weigh 1. undefined when none is kept. */
  readonly healthyWeight: number | undefined;
  /** Slower than this is always kept. */
  readonly keepSlowerThanMs: number | undefined;
}

export interface Tracing {
  /** False when the environment's traces go nowhere or the gateway turns them off. */
  readonly enabled: boolean;
  /** Whole percent: kgateway takes integers only. */
  readonly samplingPercent: number;
  /** A client span of its own for each try (`spawnUpstreamSpan`). */
  readonly upstreamSpans: boolean;
  readonly maxPathLength: number;
  /** Beside the labels that are `on.traces`. */
  readonly attributes: readonly TraceAttribute[];
}

export interface TraceAttribute {
  readonly name: string;
  readonly from:
    | { readonly kind: 'literal'; readonly value: string }
    | { readonly kind: 'header'; readonly header: string; readonly absent: string | undefined }
    | { readonly kind: 'environment'; readonly variable: string; readonly absent: string | undefined };
}

export interface Collector {
  /** `deploy`: the chart's own; `operator`: an OpenTelemetryCollector object; `external`: one that is there already. */
  readonly mode: 'deploy' | 'operator' | 'external';
  /** `0.155.0`: decides names and keys of the configuration. */
  readonly version: string;
  /** Without tag: the tag is the version. */
  readonly image: string;
  readonly namespace: string;
  /** The Service's name, which gateways send to. */
  readonly service: string;
  /** OTLP/gRPC port of the Service. */
  readonly port: number;
  readonly replicas: number;
  /** Upper end for autoscaling; equal to `replicas` when there is none. */
  readonly maxReplicas: number;
  readonly resources: { readonly cpu: string; readonly memory: string };
  readonly queue: {
    readonly persistent: boolean;
    /** Volume of each replica; Kubernetes' spelling. */
    readonly size: string;
    readonly storageClass: string | undefined;
    /** Records held while a store is away. */
    readonly records: number;
  };
  /** Annotations of the ServiceAccount (IRSA: `eks.amazonaws.com/role-arn`). */
  readonly serviceAccountAnnotations: Readonly<Record<string, string>>;
}

/** An HTTPRoute worth naming: objectives point at it, and ambiguous route names are resolved with it. */
export interface Route {
  readonly name: string;
  readonly namespace: string;
  /** `<namespace>/<name>` */
  readonly id: string;
  /** Gateway ids; empty: not said. */
  readonly gateways: readonly string[];
  /** Backend ids; empty: not said. */
  readonly backends: readonly string[];
  /** The route's whole timeout, where it is set. */
  readonly timeoutMs: number | undefined;
}

/** A Service behind the gateway and what it does on its own account: read by `align`. */
export interface Backend {
  readonly name: string;
  readonly namespace: string;
  /** `<namespace>/<name>` */
  readonly id: string;
  readonly port: number | undefined;
  /** What closes its idle connections: the server's own keep-alive timeout. */
  readonly keepAliveMs: number | undefined;
  /** After what time it gives up on a request itself. */
  readonly requestTimeoutMs: number | undefined;
  readonly server: string | undefined;
}

export interface Objective {
  readonly name: string;
  readonly description: string | undefined;
  /** Names; never empty. */
  readonly environments: readonly string[];
  /** Gateway ids; never empty. */
  readonly gateways: readonly string[];
  /** Route ids; empty: all of the gateways'. */
  readonly routes: readonly string[];
  readonly indicator:
    | { readonly kind: 'availability' }
    | {
        readonly kind: 'latency';
        readonly thresholdMs: number;
        /** What of it may be the gateway's own; undefined: nobody is promised that. */
        readonly gatewayThresholdMs: number | undefined;
      };
  /** Share of good requests: 0.999. */
  readonly target: number;
  readonly windowDays: number;
  /** Below this traffic nobody is woken. */
  readonly minRequestsPerHour: number;
  /** Names of notifications. */
  readonly notify: readonly string[];
}

export type Severity = 'critical' | 'warning' | 'info';

export interface Notification {
  readonly name: string;
  readonly severities: readonly Severity[];
  /** Names; never empty. */
  readonly environments: readonly string[];
  /** Datadog handles: `@pagerduty-platform`. */
  readonly datadog: readonly string[];
  /** Labels on Prometheus alerts that Alertmanager routes by. */
  readonly alertLabels: Readonly<Record<string, string>>;
}
