/**
 * Series that others make and vigia reads: Envoy's statistics, kgateway's control plane, the Collector's own telemetry. `name` is as the
 * program itself exposes it to a scrape; `labels` maps the label's id to the attribute there. Only what a board or an alert asks for is here.
 */
export interface ScrapedSeries<L extends string = string> {
  readonly origin: 'envoy' | 'kgateway' | 'collector';
  readonly name: string;
  readonly unit: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: Readonly<Record<L, string>>;
  /** What is never meant: Envoy's own listeners and clusters, or a twin of the same name. Values that the attribute must not have; `*`: none at all. */
  readonly not?: Readonly<Record<string, readonly string[]>>;
  /** The first kgateway minor that has it. */
  readonly since?: '2.2' | '2.4';
  readonly description: string;
}

/** On every target, by relabelling (src/generate/kgateway/pod-monitors.ts, src/generate/collector/scrape.ts). */
const proxy = { gateway: 'gateway', environment: 'environment', cluster: 'cluster', instance: 'instance' } as const;
const target = { environment: 'environment', cluster: 'cluster', instance: 'instance' } as const;

/** kgateway's own listeners in each proxy: metrics, readiness, admin, and Envoy's internal client. */
const ownListeners = { envoy_http_conn_manager_prefix: ['prometheus', 'ingress_http', 'admin', 'async-client'] };
/** kgateway's static clusters, and the API server, which is a Service like any other. */
const ownClusters = { envoy_cluster_name: ['xds_cluster', 'admin_port_cluster', 'gateway_proxy_sds'] };

type Made<L extends string> = Omit<ScrapedSeries<L>, 'origin' | 'labels'>;

const http = (s: Made<never>): ScrapedSeries<keyof typeof proxy> => ({
  origin: 'envoy',
  labels: proxy,
  not: ownListeners,
  ...s,
});
const upstream = (s: Made<never>): ScrapedSeries<keyof typeof proxy | 'backend'> => ({
  origin: 'envoy',
  labels: { ...proxy, backend: 'envoy_cluster_name' },
  ...s,
  not: { ...ownClusters, ...s.not },
});
const server = (s: Made<never>): ScrapedSeries<keyof typeof proxy> => ({ origin: 'envoy', labels: proxy, ...s });
const control =
  <const L extends string = never>(labels: Readonly<Record<L, string>>) =>
  (s: Made<never>): ScrapedSeries<keyof typeof target | L> => ({
    origin: 'kgateway',
    labels: { ...target, ...labels },
    ...s,
  });
const collector =
  <const L extends string = never>(labels: Readonly<Record<L, string>>) =>
  (s: Made<never>): ScrapedSeries<keyof typeof target | L> => ({
    origin: 'collector',
    labels: { ...target, ...labels },
    ...s,
  });

const counter = (name: string, unit: string, description: string) =>
  ({ name, unit, description, type: 'counter' }) as const;
const gauge = (name: string, unit: string, description: string) =>
  ({ name, unit, description, type: 'gauge' }) as const;
const histogram = (name: string, unit: string, description: string) =>
  ({ name, unit, description, type: 'histogram' }) as const;

const exporter = collector({ exporter: 'exporter' });
const receiver = collector({ receiver: 'receiver' });
/** The control plane's `gateway` and `namespace` are a Gateway's name and namespace apart, not `<name>.<namespace>`. */
const gatewayObject = control({ gatewayName: 'gateway', gatewayNamespace: 'namespace' });
const translator = control({ translator: 'translator', result: 'result' });

/**
 * Envoy: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/http/http_conn_man/stats, .../upstream/cluster_manager/cluster_stats,
 * .../observability/statistics; read from a running 1.40 by test/real. kgateway: kgateway.dev, reference/metrics (control plane, port 9092).
 * Collector: https://opentelemetry.io/docs/collector/internal-telemetry/, as a 0.155 prints them. Envoy's histograms are in milliseconds.
 */
export const scraped = {
  envoyRequests: http(
    counter('envoy_http_downstream_rq_total', '{request}', 'Requests that Envoy took, by its own count'),
  ),
  activeRequests: http(gauge('envoy_http_downstream_rq_active', '{request}', 'Requests under way')),
  clientConnections: http(
    gauge('envoy_http_downstream_cx_active', '{connection}', 'Connections of clients and load balancers'),
  ),
  clientsLeft: http(
    counter(
      'envoy_http_downstream_cx_destroy_remote_active_rq',
      '{connection}',
      'Connections that the client closed with a request under way',
    ),
  ),
  localRateLimited: http({
    ...counter('envoy_http_local_rate_limit_rate_limited', '{request}', 'Requests over a local rate limit'),
    not: {},
  }),
  upstreamRequests: upstream({
    ...counter('envoy_cluster_upstream_rq_total', '{request}', 'Tries that Envoy sent to the backend'),
    // A Collector's remote write appends _total to `upstream_rq`, which has a status on it, and so makes it this one's namesake.
    not: { envoy_response_code: ['*'] },
  }),
  upstreamTime: upstream(
    histogram('envoy_cluster_upstream_rq_time', 'ms', "Time until the backend's answer was complete"),
  ),
  upstreamActive: upstream(gauge('envoy_cluster_upstream_rq_active', '{request}', 'Requests under way at the backend')),
  upstreamPending: upstream(
    gauge('envoy_cluster_upstream_rq_pending_active', '{request}', 'Requests that wait for a connection'),
  ),
  upstreamConnections: upstream(
    gauge('envoy_cluster_upstream_cx_active', '{connection}', 'Connections to the backend'),
  ),
  connectFailures: upstream(
    counter('envoy_cluster_upstream_cx_connect_fail', '{connection}', 'Connections to the backend that failed'),
  ),
  connectTimeouts: upstream(
    counter('envoy_cluster_upstream_cx_connect_timeout', '{connection}', 'Connections to the backend that timed out'),
  ),
  cutByBackend: upstream(
    counter(
      'envoy_cluster_upstream_cx_destroy_remote_with_active_rq',
      '{connection}',
      'Connections that the backend closed with a request under way',
    ),
  ),
  closedByBackend: upstream(
    counter('envoy_cluster_upstream_cx_destroy_remote', '{connection}', 'Connections that the backend closed'),
  ),
  noneHealthy: upstream(
    counter('envoy_cluster_upstream_cx_none_healthy', '{request}', 'Requests for which no healthy host was there'),
  ),
  pendingOverflow: upstream(
    counter('envoy_cluster_upstream_rq_pending_overflow', '{request}', 'Requests that a circuit breaker refused'),
  ),
  connectionOverflow: upstream(
    counter('envoy_cluster_upstream_cx_overflow', '{connection}', 'Times that the limit of connections was hit'),
  ),
  retries: upstream(counter('envoy_cluster_upstream_rq_retry', '{request}', 'Retries sent')),
  retriesWon: upstream(counter('envoy_cluster_upstream_rq_retry_success', '{request}', 'Retries that succeeded')),
  retryOverflow: upstream(
    counter('envoy_cluster_upstream_rq_retry_overflow', '{request}', 'Retries that a circuit breaker refused'),
  ),
  upstreamTimeouts: upstream(
    counter('envoy_cluster_upstream_rq_timeout', '{request}', 'Requests that ran into the route timeout'),
  ),
  members: upstream(gauge('envoy_cluster_membership_total', '{host}', 'Hosts of the backend')),
  healthyMembers: upstream(
    gauge('envoy_cluster_membership_healthy', '{host}', 'Hosts of the backend that may be picked'),
  ),
  ejected: upstream(
    gauge('envoy_cluster_outlier_detection_ejections_active', '{host}', 'Hosts ejected by outlier detection'),
  ),
  connectionsOpen: upstream(
    gauge('envoy_cluster_circuit_breakers_default_cx_open', '1', '1 while the breaker of connections is open'),
  ),
  pendingOpen: upstream(
    gauge(
      'envoy_cluster_circuit_breakers_default_rq_pending_open',
      '1',
      '1 while the breaker of waiting requests is open',
    ),
  ),
  requestsOpen: upstream(
    gauge('envoy_cluster_circuit_breakers_default_rq_open', '1', '1 while the breaker of requests is open'),
  ),
  retriesOpen: upstream(
    gauge('envoy_cluster_circuit_breakers_default_rq_retry_open', '1', '1 while the breaker of retries is open'),
  ),
  authDenied: upstream(
    counter('envoy_cluster_ext_authz_denied', '{request}', 'Requests that the external authorizer denied'),
  ),
  authErrors: upstream(
    counter('envoy_cluster_ext_authz_error', '{request}', 'Requests whose external authorizer failed'),
  ),
  authFailedOpen: upstream(
    counter(
      'envoy_cluster_ext_authz_failure_mode_allowed',
      '{request}',
      'Requests let through because the authorizer failed',
    ),
  ),
  limiterOver: upstream(
    counter('envoy_cluster_ratelimit_over_limit', '{request}', 'Requests over a global rate limit'),
  ),
  limiterErrors: upstream(
    counter('envoy_cluster_ratelimit_error', '{request}', 'Requests whose rate limit service failed'),
  ),
  limiterFailedOpen: upstream(
    counter(
      'envoy_cluster_ratelimit_failure_mode_allowed',
      '{request}',
      'Requests let through because the rate limit service failed',
    ),
  ),
  logsDropped: server(
    counter(
      'envoy_access_logs_open_telemetry_access_log_logs_dropped',
      '{record}',
      'Access-log records that Envoy could not send',
    ),
  ),
  live: server(gauge('envoy_server_live', '1', '1 while Envoy is live and not draining')),
  uptime: server(gauge('envoy_server_uptime', 's', 'Since Envoy started')),
  memoryAllocated: server(gauge('envoy_server_memory_allocated', 'By', 'Memory that Envoy has allocated')),
  certificateDays: server(
    gauge('envoy_server_days_until_first_cert_expiring', 'd', 'Days until the first certificate expires'),
  ),
  xdsConnected: server(
    gauge('envoy_control_plane_connected_state', '1', '1 while Envoy is connected to the control plane'),
  ),
  listenersRejected: server(
    counter('envoy_listener_manager_lds_update_rejected', '{update}', 'Listener configurations that Envoy refused'),
  ),
  clustersRejected: server(
    counter('envoy_cluster_manager_cds_update_rejected', '{update}', 'Cluster configurations that Envoy refused'),
  ),
  routesRejected: server(
    counter('envoy_http_rds_update_rejected', '{update}', 'Route configurations that Envoy refused'),
  ),

  translations: translator(
    counter('kgateway_translator_translations_total', '{translation}', 'Translations of Gateways, by result'),
  ),
  translationTime: translator(
    histogram('kgateway_translator_translation_duration_seconds', 's', 'Duration of a translation'),
  ),
  snapshotSyncs: gatewayObject(
    counter('kgateway_xds_snapshot_syncs_total', '{sync}', 'Configurations brought to proxies'),
  ),
  snapshotSyncTime: gatewayObject(
    histogram(
      'kgateway_xds_snapshot_sync_duration_seconds',
      's',
      'From a change in the cluster to the configuration that proxies are given',
    ),
  ),
  snapshotResources: gatewayObject(
    gauge('kgateway_xds_snapshot_resources', '{resource}', 'Resources in the configuration of a Gateway'),
  ),
  transforms: control({ gatewayName: 'gateway', gatewayNamespace: 'namespace', result: 'result' })(
    counter('kgateway_xds_snapshot_transforms_total', '{transform}', 'Configurations computed, by result'),
  ),
  reconciliations: control({ controller: 'controller', result: 'result' })(
    counter(
      'kgateway_controller_reconciliations_total',
      '{reconciliation}',
      'Reconciliations, by controller and result',
    ),
  ),
  statusSyncs: control({ syncer: 'syncer', result: 'result' })(
    counter('kgateway_status_syncer_status_syncs_total', '{sync}', 'Statuses written to the API server, by result'),
  ),
  resourcesDropped: control({})(
    counter(
      'kgateway_resources_updates_dropped_total',
      '{update}',
      'Updates that the control plane could not count: its resource metrics are wrong until it restarts',
    ),
  ),
  xdsRejectsActive: control({
    gatewayName: 'gateway_name',
    gatewayNamespace: 'gateway_namespace',
    typeUrl: 'type_url',
  })({
    ...gauge('kgateway_envoy_xds_rejects_active', '{reject}', 'Configurations that proxies refuse now (NACK)'),
    since: '2.2',
  }),
  xdsRejects: control({ gatewayName: 'gateway_name', gatewayNamespace: 'gateway_namespace', typeUrl: 'type_url' })({
    ...counter('kgateway_envoy_xds_rejects_total', '{reject}', 'Configurations that proxies refused (NACK)'),
    since: '2.2',
  }),
  replacements: control({ gatewayName: 'gateway', gatewayNamespace: 'gateway_namespace', errorType: 'error_type' })({
    ...counter(
      'kgateway_routing_replacements_total',
      '{route}',
      'Routes replaced by a direct 500 because they could not be translated',
    ),
    since: '2.4',
  }),

  recordsReceived: receiver(
    counter('otelcol_receiver_accepted_log_records', '{record}', 'Access-log records that the Collector took'),
  ),
  recordsRefused: receiver(
    counter(
      'otelcol_receiver_refused_log_records',
      '{record}',
      'Access-log records that the Collector refused, short of memory',
    ),
  ),
  recordsSent: exporter(
    counter('otelcol_exporter_sent_log_records', '{record}', 'Access-log records that a store took'),
  ),
  recordsLost: exporter(
    counter('otelcol_exporter_send_failed_log_records', '{record}', 'Access-log records that a store refused for good'),
  ),
  recordsNotQueued: exporter(
    counter(
      'otelcol_exporter_enqueue_failed_log_records',
      '{record}',
      'Access-log records dropped because a queue was full',
    ),
  ),
  pointsLost: exporter(
    counter('otelcol_exporter_send_failed_metric_points', '{point}', 'Metric points that a store refused for good'),
  ),
  queueSize: exporter(gauge('otelcol_exporter_queue_size', '{batch}', 'Batches that wait for a store')),
  queueCapacity: exporter(gauge('otelcol_exporter_queue_capacity', '{batch}', 'Batches that may wait for a store')),
  streams: collector({})(
    gauge(
      'otelcol_deltatocumulative_streams_tracked',
      '{series}',
      'Series made of access logs that the Collector keeps',
    ),
  ),
  streamsLimit: collector({})(
    gauge(
      'otelcol_deltatocumulative_streams_limit',
      '{series}',
      'Series that the Collector may keep; more are dropped',
    ),
  ),
  pointsMisordered: collector({ error: 'error' })(
    counter(
      'otelcol_deltatocumulative_datapoints',
      '{point}',
      'Points of signals, by error; those with an error were dropped',
    ),
  ),
  collectorMemory: collector({})(gauge('otelcol_process_memory_rss', 'By', 'Memory of the Collector')),
} as const;

export type ScrapedId = keyof typeof scraped;
