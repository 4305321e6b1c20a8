import { kgatewayVersionNames } from '../contract/kgateway-versions.ts';
import { type ScrapedId, type ScrapedSeries, scraped } from '../signals/scraped.ts';
import type { Board, Panel } from './board.ts';
import type { BoardContext } from './context.ts';
import { falling, filled, never, rising } from './parts.ts';
import { gauge, increase, quantile, rate, top, zero } from './query/expression.ts';

/** Does every proxy run what the cluster's objects say, and how soon. */
export function controlPlane(c: BoardContext): Board {
  /** Panels of series that this kgateway has. */
  const served = (series: ScrapedId, panels: readonly Panel[]): readonly Panel[] => (has(c, series) ? panels : []);
  return {
    id: 'control-plane',
    title: 'Control plane',
    description:
      'Does every proxy run what the Gateways, routes and policies say, how soon after a change, and until when do its certificates hold.',
    scope: ['environment', 'cluster'],
    rows: [
      {
        title: 'Now',
        panels: filled(
          [
            connected,
            ...served('xdsRejectsActive', [refusedNow]),
            ...served('replacements', [replacedNow]),
            certificate,
            slowest,
            errorsNow,
          ],
          6,
        ),
      },
      {
        title: 'Do proxies run it',
        panels: filled(
          [connections, refusedByEnvoy, ...served('xdsRejects', [nacks]), ...served('replacements', [replacements])],
          3,
        ),
      },
      { title: 'How soon', panels: [syncTime, translationTime, changes] },
      { title: 'What goes wrong inside', panels: [errors, sizes, certificates] },
    ],
  };
}

function has(c: BoardContext, id: ScrapedId): boolean {
  const { since }: ScrapedSeries = scraped[id];
  return since === undefined || kgatewayVersionNames.indexOf(c.kgateway.version) >= kgatewayVersionNames.indexOf(since);
}

const gateway = ['gatewayNamespace', 'gatewayName'] as const;
const refused = [{ label: 'result', is: ['error'] }] as const;
const small = { width: 4, height: 4 } as const;

const connected: Panel = {
  id: 'connected',
  kind: 'stat',
  title: 'Every Envoy is connected',
  description:
    'Off: at least one Envoy has lost the control plane. It goes on with the configuration and the endpoints that it had, so nothing fails until pods move; then requests go to addresses that are gone. See which below, then its log and the control plane’s pods.',
  unit: 'switch',
  thresholds: [
    { from: undefined, means: 'bad' },
    { from: 1, means: 'good' },
  ],
  query: gauge('xdsConnected', 'min'),
  ...small,
};

const refusedNow: Panel = {
  id: 'refused-now',
  kind: 'stat',
  title: 'Refused configurations',
  description:
    'Configurations that proxies refuse at this moment (NACK). Until it is nought again they keep the last one they took: route changes do not arrive and endpoints grow stale, also for routes that are right. It may need a restart of the proxy even after the cause is mended.',
  unit: 'count',
  thresholds: rising(1, 1),
  query: zero(gauge('xdsRejectsActive', 'sum')),
  none: '0',
  ...small,
};

const replacedNow: Panel = {
  id: 'replaced-now',
  kind: 'stat',
  title: 'Routes replaced',
  description:
    'Times in the time shown that a route was replaced by a direct 500 because it could not be translated: a policy that is wrong or refers to something that is not there. `kubectl get httproute -A` shows which are not Accepted or lack ResolvedRefs.',
  unit: 'count',
  thresholds: never,
  query: zero(increase('replacements')),
  none: '0',
  ...small,
};

const certificate: Panel = {
  id: 'certificate',
  kind: 'stat',
  title: 'First certificate expires in',
  description:
    'Days until the first certificate of any Envoy expires. Amber from three weeks: renewal should have happened by now. Red from one: renew by hand, and see cert-manager’s events.',
  unit: 'days',
  thresholds: falling(7, 21),
  query: gauge('certificateDays', 'min'),
  none: 'no certificate',
  ...small,
};

const slowest: Panel = {
  id: 'slowest',
  kind: 'stat',
  title: 'From a change to proxies, p99',
  description:
    'How long a change in the cluster takes until proxies are given it. A few seconds is what people expect; from 10 s on rollouts send requests to pods that are gone already.',
  unit: 'seconds',
  thresholds: rising(10, 30),
  query: quantile('snapshotSyncTime', 0.99, { window: 'view' }),
  none: 'no change',
  ...small,
};

const errorsNow: Panel = {
  id: 'uncounted',
  kind: 'stat',
  title: 'Updates not counted',
  description:
    'Updates that the control plane could not count. Above nought its metrics of resources are wrong until it restarts; nothing else on this board is touched.',
  unit: 'count',
  thresholds: never,
  query: zero(increase('resourcesDropped')),
  none: '0',
  ...small,
};

const connections: Panel = {
  id: 'connections',
  kind: 'timeseries',
  title: 'Connected to the control plane, by gateway',
  description:
    'Nought: an Envoy of that gateway lost its connection. All gateways at once: the control plane is down or not reachable (NetworkPolicy, Service). One gateway alone: its pods, or their service-account token.',
  unit: 'switch',
  max: 1,
  shown: [{ query: gauge('xdsConnected', 'min', { by: ['gateway'] }), legend: ['gateway'] }],
  width: 12,
  height: 7,
};

const refusedByEnvoy: Panel = {
  id: 'refused-by-envoy',
  kind: 'timeseries',
  title: 'Updates that Envoys refused',
  description:
    'The same refusals as the proxies count them, by what was refused. Any is too much. The reason is in the proxy’s log (`kubectl logs`, “rejected”); the usual causes are a policy that Envoy does not take and a certificate that does not fit its key.',
  unit: 'events/s',
  thresholds: never,
  shown: [
    { query: zero(rate('listenersRejected')), legend: 'listeners' },
    { query: zero(rate('routesRejected')), legend: 'routes' },
    { query: zero(rate('clustersRejected')), legend: 'backends' },
  ],
  width: 12,
  height: 7,
};

const nacks: Panel = {
  id: 'nacks',
  kind: 'table',
  title: 'Refused configurations, by Gateway and kind',
  description:
    'Which Gateways’ proxies refused what in the time shown. One Gateway: one of its policies or certificates. All of them: a policy on all, or a control plane that writes what this Envoy does not know.',
  by: ['gatewayNamespace', 'gatewayName', 'typeUrl'],
  columns: [
    {
      title: 'Refused',
      query: increase('xdsRejects', { by: ['gatewayNamespace', 'gatewayName', 'typeUrl'] }),
      unit: 'count',
      thresholds: never,
    },
  ],
  limit: 50,
  width: 12,
  height: 7,
};

const replacements: Panel = {
  id: 'replacements',
  kind: 'table',
  title: 'Routes replaced by a 500, by Gateway',
  description:
    '`ref_not_found`: a route or policy names a Service, Secret or extension that is not there or may not be referred to. `invalid_config`: Envoy would refuse it. The route answers 500 until it is mended; others of the Gateway are not touched.',
  by: ['gatewayNamespace', 'gatewayName', 'errorType'],
  columns: [
    {
      title: 'Replaced',
      query: increase('replacements', { by: ['gatewayNamespace', 'gatewayName', 'errorType'] }),
      unit: 'count',
      thresholds: never,
    },
  ],
  limit: 50,
  width: 12,
  height: 7,
  triage: { status: '5xx', side: ['gateway'] },
};

const syncTime: Panel = {
  id: 'sync-time',
  kind: 'timeseries',
  title: 'From a change to proxies, by Gateway',
  description:
    'p99 of the ten slowest Gateways. All rising: the control plane lacks CPU, or objects change all the time (see changes). One rising: that Gateway’s configuration is large.',
  unit: 'seconds',
  thresholds: rising(10, 30),
  shown: [{ query: top(10, quantile('snapshotSyncTime', 0.99, { by: gateway })), legend: gateway }],
  width: 8,
  height: 7,
};

const translationTime: Panel = {
  id: 'translation-time',
  kind: 'timeseries',
  title: 'Translation, p99 by translator',
  description:
    'The part of it that is computing. If this is slow, give the control plane CPU; if it is fast and the sync beside it slow, the way to the proxies is.',
  unit: 'seconds',
  thresholds: rising(1, 10),
  shown: [{ query: top(10, quantile('translationTime', 0.99, { by: ['translator'] })), legend: ['translator'] }],
  width: 8,
  height: 7,
};

const changes: Panel = {
  id: 'changes',
  kind: 'timeseries',
  title: 'Configurations brought to proxies, by Gateway',
  description:
    'How often each Gateway’s configuration changes, the ten liveliest. A steady stream without deployments is a controller that fights another over an object, or pods that flap.',
  unit: 'events/s',
  shown: [{ query: top(10, rate('snapshotSyncs', { by: gateway })), legend: gateway }],
  width: 8,
  height: 7,
};

const errors: Panel = {
  id: 'errors',
  kind: 'timeseries',
  title: 'Work of the control plane that failed',
  description:
    'Single failures are repeated and vanish. A line that stays: translation or configuration: an object that can’t be translated; reconciliation: deploying a proxy fails; status: the API server refuses (conflicts, rights), and statuses of routes can’t be believed.',
  unit: 'events/s',
  shown: [
    { query: zero(rate('translations', { where: refused })), legend: 'translation' },
    { query: zero(rate('transforms', { where: refused })), legend: 'configuration' },
    { query: zero(rate('reconciliations', { where: refused })), legend: 'reconciliation' },
    { query: zero(rate('statusSyncs', { where: refused })), legend: 'status' },
  ],
  width: 8,
  height: 7,
};

const sizes: Panel = {
  id: 'sizes',
  kind: 'timeseries',
  title: 'Size of each Gateway’s configuration',
  description:
    'Resources that proxies are given, the ten largest. A sudden drop is routes or Services that vanished, wanted or not; compare with the last deployment. Growth costs memory in every proxy.',
  unit: 'count',
  shown: [{ query: top(10, gauge('snapshotResources', 'sum', { by: gateway })), legend: gateway }],
  width: 8,
  height: 7,
};

const certificates: Panel = {
  id: 'certificates',
  kind: 'timeseries',
  title: 'Days until the first certificate expires, by gateway',
  description:
    'Each gateway’s own. A line should jump up again before it comes to three weeks; one that goes on falling is not renewed, or renewed and not delivered (refused updates above). A gateway without a certificate is far above the top.',
  unit: 'days',
  max: 400,
  thresholds: falling(7, 21),
  shown: [{ query: gauge('certificateDays', 'min', { by: ['gateway'] }), legend: ['gateway'] }],
  width: 8,
  height: 7,
};
