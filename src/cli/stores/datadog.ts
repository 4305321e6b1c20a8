import type { Command } from 'commander';
import { Misuse } from '../misuse.ts';
import type { Store, Told } from './store.ts';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** Datadog: site and services from the contract unless flags say others; keys from the environment only. */
export const datadog: Store<'datadog'> = {
  flags(command: Command): void {
    command
      .option('--site <site>', 'datadog: the site (DD_SITE), datadoghq.com unless told otherwise')
      .option(
        '--tag <name:value>',
        'datadog: a tag or service of the records; * matches anything; repeat for several',
        collect,
      )
      .option('--datadog-url <url>', 'datadog: instead of https://api.<site>, a proxy');
  },
  async open({ options, told, overrides, io, signal, progress, warn }) {
    const { DD_API_KEY: apiKey, DD_APP_KEY: appKey, DD_SITE } = io.env;
    const missing = [apiKey ? [] : ['DD_API_KEY'], appKey ? [] : ['DD_APP_KEY']].flat();
    if (!apiKey || !appKey)
      throw new Misuse(
        `--source datadog: ${missing.join(' and ')} not set`,
        'an API key, and an application key with logs_read_data, from the environment',
      );
    const { datadogSource } = await import('../../logs/sources/datadog.ts');
    return datadogSource({
      site: (options['site'] as string | undefined) ?? told?.environment.datadog?.site ?? DD_SITE ?? 'datadoghq.com',
      url: options['datadogUrl'] as string | undefined,
      apiKey: apiKey.trim(),
      appKey: appKey.trim(),
      scope: scopeOf(options['tag'] as string[] | undefined, told),
      overrides,
      signal,
      progress,
      warn,
    });
  },
};

/** The contract's gateways as Datadog's `service`, or what the flags say. */
function scopeOf(given: readonly string[] | undefined, told: Told<'datadog'> | undefined): Record<string, string[]> {
  if (given === undefined) {
    if (!told)
      throw new Misuse(
        '--source datadog: which records?',
        '--tag service:GATEWAY.NAMESPACE, or --cluster NAME with a contract',
      );
    return { service: told.cluster.gateways.map((g) => g.id), env: [told.environment.name] };
  }
  const scope: Record<string, string[]> = {};
  for (const one of given) {
    const [, name, value] = /^([A-Za-z][A-Za-z0-9_.\-/]*):(.+)$/s.exec(one) ?? [];
    if (name === undefined || value === undefined)
      throw new Misuse(`--tag ${one}: not name:value`, 'for example --tag service:http.kgateway-system');
    scope[name] = [...(scope[name] ?? []), value];
  }
  return scope;
}
