import type { BoardContext } from '../boards/context.ts';
import { gauge, increase, minus, ratio, zero } from '../boards/query/expression.ts';
import type { Alert } from './alert.ts';
import { grows, restarts, stands } from './drill.ts';
import { alert, happened, inEnvironment, minute, placeOf } from './parts.ts';

/** Can the other alerts be believed. Records may part from requests by what is under way: a record is written when a request ends. */
export function pipeline(c: BoardContext): readonly Alert[] {
  const here = inEnvironment(c);
  const place = placeOf(c);
  const by = ['cluster'] as const;
  const one = ['cluster', 'instance', 'exporter'] as const;
  const window = 15 * minute;
  const requests = increase('envoyRequests', { where: [here], by, window });
  const records = increase('recordsReceived', { where: [here], by, window });
  const received = (perMinute: number) => grows('recordsReceived', { ...place, receiver: 'otlp' }, perMinute);
  const counted = (perMinute: number) => grows('envoyRequests', place, perMinute);
  const lost = (name: string, series: 'recordsLost' | 'recordsNotQueued' | 'pointsLost', what: string, why: string) =>
    happened(
      c,
      {
        name,
        severity: 'critical',
        summary: `${what} are lost.`,
        description: `{value} ${what.toLowerCase()} to {label:exporter} were lost in {label:cluster} in 10 minutes: ${why}. The Collector’s own log has the store’s words.`,
        page: { alert: name },
        board: 'pipeline',
      },
      series,
      ['cluster', 'exporter'],
    );
  return [
    alert(
      {
        name: 'RecordsMissing',
        severity: 'warning',
        summary: 'Envoy counts more requests than records arrive.',
        description:
          '{value} of the requests that Envoys in {label:cluster} counted have no record: boards and alerts on records understate. The board shows which gateway: its access-log policy, or Collectors that are short of something.',
        forMs: 10 * minute,
        page: { alert: 'RecordsMissing' },
        board: 'pipeline',
      },
      {
        query: ratio(minus(requests, records), requests),
        is: 'above',
        threshold: 0.05,
        traffic: { query: requests, above: 1000 },
      },
      [
        { name: 'a tenth is missing', series: [counted(600), received(540)], fires: true },
        { name: 'no record ever', series: [counted(600)], fires: true },
        { name: 'one in a hundred, under way', series: [counted(600), received(594)], fires: false },
        { name: 'too few requests', series: [counted(30)], fires: false },
        { name: 'no series at all', series: [], fires: false },
        {
          name: 'the Collector starts again',
          series: [counted(600), restarts('recordsReceived', { ...place, receiver: 'otlp' }, 600)],
          fires: false,
        },
      ],
      'nothing happened',
    ),
    alert(
      {
        name: 'RequestsNotCounted',
        severity: 'warning',
        summary: 'More records arrive than Envoy counts requests.',
        description:
          '{value} of the records in {label:cluster} have no request in Envoy’s statistics: some Envoys are not scraped, and the alerts on their statistics are blind.',
        forMs: 10 * minute,
        page: { alert: 'RequestsNotCounted' },
        board: 'pipeline',
      },
      {
        query: ratio(minus(records, requests), records),
        is: 'above',
        threshold: 0.05,
        traffic: { query: records, above: 1000 },
      },
      [
        { name: 'half is not scraped', series: [counted(300), received(600)], fires: true },
        { name: 'nothing is scraped', series: [received(600)], fires: true },
        { name: 'alike', series: [counted(600), received(600)], fires: false },
        { name: 'too few records', series: [received(30)], fires: false },
        { name: 'no series at all', series: [], fires: false },
      ],
      'nothing happened',
    ),
    alert(
      {
        name: 'CollectorSilent',
        severity: 'critical',
        summary: 'Requests are made and no record arrives.',
        description:
          'Envoys in {label:cluster} count requests and the Collector took not one record in 15 minutes. Every board and alert on records is blind; triage of the gateways’ own files still works.',
        forMs: 5 * minute,
        page: { alert: 'CollectorSilent' },
        board: 'pipeline',
      },
      { query: zero(records, requests), is: 'below', threshold: 1, traffic: { query: requests, above: 20 } },
      [
        { name: 'it was never heard of', series: [counted(10)], fires: true },
        { name: 'it stands still', series: [counted(10), received(0)], fires: true },
        { name: 'it takes some', series: [counted(600), received(10)], fires: false },
        { name: 'hardly a request', series: [counted(1)], fires: false },
        { name: 'no series at all', series: [], fires: false },
      ],
      'cannot tell',
    ),
    alert(
      {
        name: 'NothingScraped',
        severity: 'critical',
        summary: 'No Envoy of the environment reports.',
        description:
          'No Envoy has reported for 10 minutes: scraping is broken, or no gateway runs. Alerts on Envoy’s statistics are blind.',
        forMs: 10 * minute,
        page: { alert: 'NothingScraped' },
        board: 'pipeline',
      },
      { query: zero(gauge('live', 'sum', { where: [here] })), is: 'below', threshold: 1 },
      [
        { name: 'no series', series: [], fires: true },
        {
          name: 'another environment alone',
          series: [stands('live', { ...place, environment: 'elsewhere' }, 1)],
          fires: true,
        },
        { name: 'one lives', series: [stands('live', place, 1)], fires: false },
      ],
      'cannot tell',
    ),
    happened(
      c,
      {
        name: 'RecordsDropped',
        severity: 'warning',
        summary: 'Envoy can not send access-log records.',
        description:
          'Envoys of {label:gateway} ({label:cluster}) dropped {value} records in 10 minutes: no Collector answered, or not fast enough. They are in no metric and in no store.',
        page: { alert: 'RecordsDropped' },
        board: 'pipeline',
      },
      'logsDropped',
      ['cluster', 'gateway'],
    ),
    happened(
      c,
      {
        name: 'RecordsRefused',
        severity: 'warning',
        summary: 'The Collector refuses records, short of memory.',
        description:
          'Collectors in {label:cluster} refused {value} records in 10 minutes; Envoy does not send them again. More replicas or more memory.',
        page: { alert: 'RecordsRefused' },
        board: 'pipeline',
      },
      'recordsRefused',
      ['cluster'],
      { labels: { receiver: 'otlp' } },
    ),
    lost('RecordsLost', 'recordsLost', 'Records', 'the store refused them for good'),
    lost(
      'RecordsNotQueued',
      'recordsNotQueued',
      'Records',
      'the queue was full, the store was away for longer than it lasts',
    ),
    lost('PointsLost', 'pointsLost', 'Points of metrics', 'the store refused them for good'),
    alert(
      {
        name: 'QueueFilling',
        severity: 'warning',
        summary: 'The queue to a store is filling up.',
        description:
          'The queue to {label:exporter} in {label:instance} ({label:cluster}) is {value} full: the store is away or too slow. At 100 % records are dropped.',
        forMs: 5 * minute,
        page: { alert: 'QueueFilling' },
        board: 'pipeline',
      },
      {
        query: ratio(
          gauge('queueSize', 'max', { where: [here], by: one }),
          gauge('queueCapacity', 'max', { where: [here], by: one }),
        ),
        is: 'above',
        threshold: 0.5,
      },
      [
        { name: 'two thirds', series: queue(67), fires: true },
        { name: 'a third', series: queue(33), fires: false },
        { name: 'never used, so no size', series: queue(0).slice(1), fires: false },
        { name: 'no series', series: [], fires: false },
      ],
      'nothing happened',
    ),
    alert(
      {
        name: 'SeriesLimitNear',
        severity: 'warning',
        summary: 'The Collector is near the limit of series it keeps.',
        description:
          '{label:instance} ({label:cluster}) keeps {value} of the series it may; beyond that new ones are dropped, so new routes and new failures are not counted. See which label grew.',
        forMs: 15 * minute,
        page: { alert: 'SeriesLimitNear' },
        board: 'pipeline',
      },
      {
        query: ratio(
          gauge('streams', 'max', { where: [here], by: ['cluster', 'instance'] }),
          gauge('streamsLimit', 'max', { where: [here], by: ['cluster', 'instance'] }),
        ),
        is: 'above',
        threshold: 0.8,
      },
      [
        {
          name: 'nine tenths',
          series: [stands('streams', place, 90_000), stands('streamsLimit', place, 100_000)],
          fires: true,
        },
        {
          name: 'a half',
          series: [stands('streams', place, 50_000), stands('streamsLimit', place, 100_000)],
          fires: false,
        },
        { name: 'no series', series: [], fires: false },
      ],
      'nothing happened',
    ),
  ];

  function queue(size: number) {
    const labels = { ...place, exporter: 'otlp_http/loki' };
    return [stands('queueSize', labels, size), stands('queueCapacity', labels, 100)];
  }
}
