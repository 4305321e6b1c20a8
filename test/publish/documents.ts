import type { JsonObject } from '../../src/publish/json.ts';
import type { Wanted } from '../../src/publish/wanted.ts';

/** Documents in the shape in which the generators write them, by hand: one of each kind that points at another. */
export function documents(contract: string): Wanted[] {
  const tags = (id: string) => ['managed-by:vigia', `vigia-id:${contract}/${id}`, 'team:edge'];
  const of = (kind: Wanted['kind'], id: string, document: JsonObject): Wanted => ({
    kind,
    environment: 'prod',
    id,
    file: id,
    path: `${kind === 'dashboard' ? 'dashboards/datadog/prod' : `alerts/datadog/prod/${kind}s`}/${id}.json`,
    document,
  });
  return [
    of('slo', 'available', {
      type: 'metric',
      name: 'Gateway available',
      description: 'Good requests of all.',
      tags: tags('available'),
      thresholds: [{ timeframe: '30d', target: 99.9 }],
      sli_specification: {
        count: {
          good_events_formula: { formula: 'good' },
          bad_events_formula: { formula: 'bad' },
          queries: [
            { data_source: 'metrics', name: 'good', query: 'sum:gateway.requests{side:none}.as_count()' },
            {
              data_source: 'metrics',
              name: 'bad',
              query: 'sum:gateway.requests{side IN (gateway,backend)}.as_count()',
            },
          ],
        },
      },
    }),
    // In the files' order, which is not that in which they can be made.
    of('monitor', 'burn-fast', {
      type: 'composite',
      name: 'GatewayBudgetBurn',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: resolved when it is applied.
      query: '${monitor:no-healthy-upstream} && !${monitor:quiet}',
      message: '{{#is_alert}}Burning.{{/is_alert}} @slack-ops',
      tags: tags('burn-fast'),
      priority: 1,
      options: { include_tags: true, notify_audit: false },
    }),
    of('monitor', 'no-healthy-upstream', {
      type: 'query alert',
      name: 'GatewayNoHealthyUpstream',
      query: 'sum(last_5m):sum:gateway.requests{envoy.response_flag:uh} by {gateway}.as_count() > 5',
      message: 'No healthy upstream.',
      tags: tags('no-healthy-upstream'),
      options: {
        thresholds: { critical: 5 },
        on_missing_data: 'default',
        require_full_window: false,
        new_group_delay: 60,
      },
    }),
    of('monitor', 'quiet', {
      type: 'query alert',
      name: 'GatewayQuiet',
      query: 'sum(last_1h):sum:gateway.requests{*} by {gateway}.as_count() < 60',
      message: 'Too little traffic to judge.',
      tags: tags('quiet'),
      options: { thresholds: { critical: 60 }, on_missing_data: 'default', require_full_window: false },
    }),
    of('dashboard', 'overview', {
      title: 'Gateway overview',
      description: `What the gateways do.\nvigia:${contract}/overview`,
      layout_type: 'ordered',
      reflow_type: 'fixed',
      template_variables: [
        { name: 'env', prefix: 'env', defaults: ['prod'], available_values: ['prod'] },
        { name: 'route', prefix: 'route', defaults: ['*'] },
      ],
      widgets: [
        {
          definition: {
            type: 'group',
            title: 'Traffic',
            layout_type: 'ordered',
            widgets: [
              {
                definition: {
                  type: 'timeseries',
                  title: 'Requests',
                  show_legend: true,
                  requests: [
                    {
                      response_format: 'timeseries',
                      display_type: 'line',
                      formulas: [{ formula: 'a' }],
                      queries: [
                        {
                          data_source: 'metrics',
                          name: 'a',
                          query: 'sum:gateway.requests{$env AND $route} by {side}.as_rate()',
                        },
                      ],
                    },
                  ],
                },
                layout: { x: 0, y: 0, width: 6, height: 3 },
              },
              { definition: { type: 'note', content: 'Read the flags.' }, layout: { x: 6, y: 0, width: 6, height: 3 } },
            ],
          },
          layout: { x: 0, y: 0, width: 12, height: 4 },
        },
        {
          definition: {
            type: 'slo',
            title: 'Budget',
            // biome-ignore lint/suspicious/noTemplateCurlyInString: resolved when it is applied.
            slo_id: '${slo:available}',
            view_type: 'detail',
            view_mode: 'overall',
            time_windows: ['30d'],
            show_error_budget: true,
          },
          layout: { x: 0, y: 4, width: 6, height: 3 },
        },
      ],
    }),
  ];
}
