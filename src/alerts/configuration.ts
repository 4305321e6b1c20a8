import type { BoardContext } from '../boards/context.ts';
import { gauge, increase, plus, quantile } from '../boards/query/expression.ts';
import { kgatewayVersionNames } from '../contract/kgateway-versions.ts';
import { type ScrapedId, type ScrapedSeries, scraped } from '../signals/scraped.ts';
import type { Alert } from './alert.ts';
import { grows, restarts, stands } from './drill.ts';
import { alert, happened, inEnvironment, level, minute, placeOf } from './parts.ts';

/** Does every proxy run what the cluster's objects say, and how long do its certificates hold. */
export function configuration(c: BoardContext): readonly Alert[] {
  const here = inEnvironment(c);
  const place = placeOf(c);
  const proxy = ['cluster', 'gateway'] as const;
  const object = ['cluster', 'gatewayNamespace', 'gatewayName'] as const;
  const named = { ...place, gatewayNamespace: 'n', gatewayName: 'g' };
  const since = (id: ScrapedId, made: () => Alert): readonly Alert[] => (has(c, id) ? [made()] : []);
  const refused = (series: 'listenersRejected' | 'clustersRejected' | 'routesRejected') =>
    increase(series, { where: [here], by: proxy, window: 10 * minute });
  const days = (threshold: number) => ({
    query: gauge('certificateDays', 'min', { where: [here], by: proxy }),
    is: 'below' as const,
    threshold,
  });
  return [
    ...since('xdsRejectsActive', () =>
      level(
        {
          name: 'ConfigurationRefused',
          severity: 'critical',
          summary: 'Proxies of a Gateway refuse its configuration.',
          description:
            '{value} configurations of Gateway {label:gatewayNamespace}/{label:gatewayName} ({label:cluster}) are refused (NACK). Its proxies keep the last one they took: route changes do not arrive and endpoints grow stale. The control plane’s log has Envoy’s words.',
          forMs: 3 * minute,
          page: { alert: 'ConfigurationRefused' },
          board: 'control-plane',
        },
        { query: gauge('xdsRejectsActive', 'sum', { where: [here], by: object }), is: 'above', threshold: 0 },
        'xdsRejectsActive',
        { ...named, typeUrl: 't' },
        [1, 0],
      ),
    ),
    alert(
      {
        name: 'UpdatesRefused',
        severity: 'warning',
        summary: 'Envoy refuses updates of its configuration.',
        description:
          'Envoys of {label:gateway} ({label:cluster}) refused {value} updates of listeners, clusters or routes in 10 minutes. They run on with the configuration before.',
        page: { alert: 'UpdatesRefused' },
        board: 'control-plane',
      },
      {
        query: plus(plus(refused('listenersRejected'), refused('clustersRejected')), refused('routesRejected')),
        is: 'above',
        threshold: 0,
      },
      [
        { name: 'listeners', series: [grows('listenersRejected', place, 1)], fires: true },
        {
          name: 'routes, beside listeners that were never refused',
          series: [stands('listenersRejected', place, 0), grows('routesRejected', place, 1)],
          fires: true,
        },
        { name: 'long ago', series: [stands('clustersRejected', place, 4)], fires: false },
        { name: 'Envoy starts again', series: [restarts('clustersRejected', place, 0, 4)], fires: false },
        { name: 'no series', series: [], fires: false },
      ],
      'nothing happened',
    ),
    ...since('replacements', () =>
      happened(
        c,
        {
          name: 'RoutesReplaced',
          severity: 'critical',
          summary: 'Routes are replaced by a direct 500.',
          description:
            '{value} routes of Gateway {label:gatewayNamespace}/{label:gatewayName} ({label:cluster}) were replaced by a direct 500 in 10 minutes: a policy is invalid or refers to something that is not there. `kubectl get httproute -A` shows which are not Accepted or lack ResolvedRefs.',
          keepFiringMs: 10 * minute,
          page: { cause: 'direct-response' },
          board: 'control-plane',
          triage: { side: ['gateway'] },
        },
        'replacements',
        object,
        { labels: { ...named, errorType: 'ref_not_found' } },
      ),
    ),
    level(
      {
        name: 'ControlPlaneLost',
        severity: 'critical',
        summary: 'An Envoy has lost the control plane.',
        description:
          '{label:instance} of {label:gateway} ({label:cluster}) is not connected. It goes on with the endpoints it had, so nothing fails until pods move; then requests go to addresses that are gone.',
        forMs: 5 * minute,
        page: { alert: 'ControlPlaneLost' },
        board: 'control-plane',
      },
      {
        query: gauge('xdsConnected', 'min', { where: [here], by: ['cluster', 'gateway', 'instance'] }),
        is: 'below',
        threshold: 1,
      },
      'xdsConnected',
      place,
      [0, 1],
    ),
    happened(
      c,
      {
        name: 'TranslationFails',
        severity: 'warning',
        summary: 'The control plane can not translate a Gateway.',
        description:
          '{value} translations failed in {label:cluster} in 10 minutes ({label:translator}). Its log says of which object.',
        page: { alert: 'TranslationFails' },
        board: 'control-plane',
      },
      'translations',
      ['cluster', 'translator'],
      { where: [{ label: 'result', is: ['error'] }], labels: { result: 'error' } },
    ),
    alert(
      {
        name: 'SlowConfiguration',
        severity: 'warning',
        summary: 'Changes take long to reach the proxies.',
        description:
          'One change in a hundred takes {value} or longer from the cluster to the proxies of {label:cluster}. During a rollout requests go to pods that are gone already.',
        forMs: 10 * minute,
        page: { alert: 'SlowConfiguration' },
        board: 'control-plane',
      },
      {
        query: quantile('snapshotSyncTime', 0.99, { where: [here], by: ['cluster'], window: 10 * minute }),
        is: 'above',
        threshold: 30,
      },
      [
        { name: 'a minute', series: histogram({ ...named, le: '60' }, { ...named, le: '10' }, named), fires: true },
        {
          name: 'a second',
          series: histogram({ ...named, le: '10' }, { ...named, le: '1' }, named, true),
          fires: false,
        },
        { name: 'no change at all', series: [], fires: false },
      ],
      'nothing happened',
    ),
    level(
      {
        name: 'CertificateExpiresSoon',
        severity: 'warning',
        summary: 'A certificate expires within two weeks.',
        description:
          'The first certificate of {label:gateway} ({label:cluster}) expires in {value} days. Renewal should have happened: see cert-manager’s events.',
        forMs: 15 * minute,
        page: { alert: 'CertificateExpiresSoon' },
        board: 'control-plane',
      },
      days(14),
      'certificateDays',
      place,
      [13, 14],
    ),
    level(
      {
        name: 'CertificateExpires',
        severity: 'critical',
        summary: 'A certificate expires within three days.',
        description:
          'The first certificate of {label:gateway} ({label:cluster}) expires in {value} days. Renew it by hand.',
        forMs: 15 * minute,
        page: { alert: 'CertificateExpires' },
        board: 'control-plane',
      },
      days(3),
      'certificateDays',
      place,
      [2, 3],
    ),
  ];
}

/** A histogram's series: all of 10 observations a minute under the first edge, none or all under the second. */
function histogram(
  upper: Record<string, string>,
  lower: Record<string, string>,
  all: Record<string, string>,
  fast = false,
) {
  return [
    grows('snapshotSyncTime', lower, fast ? 10 : 0),
    grows('snapshotSyncTime', upper, 10),
    grows('snapshotSyncTime', { ...all, le: '+Inf' }, 10),
  ];
}

function has(c: BoardContext, id: ScrapedId): boolean {
  const { since }: ScrapedSeries = scraped[id];
  return since === undefined || kgatewayVersionNames.indexOf(c.kgateway.version) >= kgatewayVersionNames.indexOf(since);
}
