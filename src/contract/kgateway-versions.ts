/**
 * The kgateway versions vigia writes for, the Envoy minor each ships and what it first brought. Sources: kgateway release notes and the
 * API references of 2.1 to 2.4 (https://kgateway.dev/docs/envoy/), compared with the CRDs of each.
 */
export const kgatewayVersions = {
  '2.1': { envoy: '1.35' },
  '2.2': { envoy: '1.36' },
  '2.3': { envoy: '1.37' },
  '2.4': { envoy: '1.38' },
} as const;

export type KgatewayVersion = keyof typeof kgatewayVersions;

export const kgatewayVersionNames = Object.keys(kgatewayVersions) as [KgatewayVersion, ...KgatewayVersion[]];

/** What a generator may only write from a version on: a closed CRD refuses the whole object for one unknown field. */
export const kgatewayFeatures = {
  /** ListenerPolicy, which replaces HTTPListenerPolicy. */
  listenerPolicy: '2.2',
  /** GatewayParameters `stats.matcher`. */
  statsMatcher: '2.1',
  /** Access log `runtimeFilter`. */
  runtimeFilter: '2.3',
  /** ListenerPolicy `tcpKeepalive`. */
  listenerTcpKeepalive: '2.3',
  /** TrafficPolicy `tracing` for one route. */
  routeTracing: '2.3',
  /** `OTEL_RESOURCE_ATTRIBUTES` of the proxy is filled by kgateway and a user's entry is appended. */
  resourceAttributesFromEnvironment: '2.3',
  /** BackendConfigPolicy `circuitBreakers.trackRemaining`. */
  trackRemaining: '2.3',
  /** The control plane's `enableRouteSourceMetadata`. */
  routeSource: '2.4',
  /** TrafficPolicy `timeouts` for all routes of a Gateway, and for GRPCRoutes; older ones ignore them there. */
  inheritedTimeouts: '2.4',
  /** TrafficPolicy `statPrefix`. */
  statPrefix: '2.4',
  /** ListenerPolicy `maxRequestsPerConnection`. */
  maxRequestsPerConnection: '2.4',
} as const satisfies Record<string, KgatewayVersion>;

export type KgatewayFeature = keyof typeof kgatewayFeatures;

/** Whether that kgateway has it. */
export function has(version: KgatewayVersion, feature: KgatewayFeature): boolean {
  return kgatewayVersionNames.indexOf(version) >= kgatewayVersionNames.indexOf(kgatewayFeatures[feature]);
}
