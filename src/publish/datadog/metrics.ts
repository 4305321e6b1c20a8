import { type Patience, settle } from '../patience.ts';
import { type Item, item } from '../plan.ts';
import { Trouble } from '../trouble.ts';
import type { DatadogClient } from './client.ts';
import { spokenOf, unless404Of } from './errors.ts';

/** What Datadog has of a metric's settings. */
interface Settings {
  readonly type: string | undefined;
  readonly percentiles: boolean;
}

/**
 * Percentiles of the metrics that something generated asks for percentiles of. Datadog knows no mark on such settings, so nothing is ever left over; and what
 * somebody configured keeps its tags: only percentiles are switched on, and only where that was agreed to.
 */
export function metricSettings(metrics: readonly string[], client: DatadogClient, where: string, patience: Patience) {
  const spoken = spokenOf(where);

  const unless404 = unless404Of(where);

  const read = (metricName: string): Promise<Settings | undefined> =>
    unless404(`reading the settings of ${metricName}`, async () => {
      const { data } = await (await client.metrics()).listTagConfigurationByName({ metricName });
      const { metricType: type } = data?.attributes ?? {};
      return {
        type: type === undefined ? undefined : String(type),
        percentiles: data?.attributes?.includePercentiles === true,
      };
    });

  /** Datadog has settings only of what it has received. */
  const received = async (metricName: string): Promise<boolean> => {
    const found = await unless404(`asking for the tags of ${metricName}`, async () =>
      (await client.metrics()).listTagsByMetricName({ metricName }),
    );
    const { tags = [], ingestedTags = [] } = found?.data?.attributes ?? {};
    return tags.length + ingestedTags.length > 0;
  };

  async function itemOf(id: string): Promise<Item> {
    const of = (part: Partial<Item> & Pick<Item, 'state'>): Item => item({ kind: 'metric', id, title: '', ...part });
    const settings = await read(id);
    if (!settings)
      return (await received(id))
        ? of({ state: 'missing', reason: undefined })
        : of({
            state: 'waiting',
            reason:
              'Datadog has not received it, and has no percentiles of it until they are switched on: apply again when gateways have had requests',
          });
    if (settings.percentiles) return of({ state: 'same' });
    if (settings.type !== undefined && settings.type !== 'distribution')
      return of({
        state: 'blocked',
        reason: `it is a ${settings.type} at Datadog, and only distributions have percentiles`,
      });
    const change = { where: '', what: 'include_percentiles', live: false, contract: true, from: 'unknown' } as const;
    return of({ state: 'unclear', changes: [change], reason: 'somebody chose its tags and no percentiles' });
  }

  async function write({ id, state }: Item): Promise<void> {
    if (state === 'missing') await create(id);
    else
      await spoken(`switching on percentiles of ${id}`, async () => {
        const body = { data: { id, type: 'manage_tags' as const, attributes: { includePercentiles: true } } };
        await (await client.metrics()).updateTagConfiguration({ metricName: id, body });
      });
    if (!(await read(id))?.percentiles)
      throw new Trouble(`percentiles of ${id} were switched on and do not read back so`);
  }

  async function create(metricName: string): Promise<void> {
    const attributes = {
      metricType: 'distribution' as const,
      includePercentiles: true,
      excludeTagsMode: true,
      tags: [],
    };
    const body = { data: { id: metricName, type: 'manage_tags' as const, attributes } };
    await settle(
      () =>
        spoken(`switching on percentiles of ${metricName}`, async () => {
          await (await client.metrics()).createTagConfiguration({ metricName, body });
          return metricName;
        }),
      async () => ((await read(metricName)) ? metricName : undefined),
      patience,
    );
  }

  return { plan: (): Promise<readonly Item[]> => Promise.all(metrics.map(itemOf)), write };
}
