import { Trouble } from './trouble.ts';
import type { Destination } from './wanted.ts';

type Env = Readonly<Record<string, string | undefined>>;

const needed: Readonly<Record<Destination['service'], Readonly<Record<string, string>>>> = {
  grafana: {
    GRAFANA_TOKEN:
      "a service account's token that may read and write dashboards and folders (role Editor, or dashboards:* and folders:* on the folder)",
  },
  datadog: {
    DD_API_KEY: 'an API key of the account',
    DD_APP_KEY:
      'an application key with dashboards_read, dashboards_write, monitors_read, monitors_write, slos_read, slos_write, metrics_read, metric_tags_write',
  },
};

/**
 * Tokens, from the environment only. All that are missing are named at once. One token is for one address: it is not shown to a second one, which
 * would hand the one's token to the other.
 */
export function credentials(env: Env, destinations: readonly Destination[]): Readonly<Record<string, string>> {
  const services = new Set(destinations.map((d) => d.service));
  for (const service of services) {
    const addresses = destinations.filter((d) => d.service === service);
    if (addresses.length > 1)
      throw new Trouble(
        `the environments have ${addresses.length} addresses for ${service}, and a token is for one: ${addresses
          .map((d) => `${d.address} (${d.environments.map((e) => e.name).join(', ')})`)
          .join('; ')}`,
        'choose with --env, one address at a time',
      );
  }
  const names = [...services].flatMap((service) => Object.entries(needed[service]));
  const missing = names.filter(([name]) => (env[name] ?? '').trim() === '');
  if (missing.length > 0)
    throw new Trouble(
      `not set: ${missing.map(([name, what]) => `${name} (${what})`).join(', ')}`,
      'tokens are read from the environment only; --only grafana or --only datadog asks for less',
    );
  return Object.fromEntries(
    names.map(([name]) => {
      const value = (env[name] ?? '').trim();
      // A header can't hold more, and what the platform would say shows the token.
      if (!/^[\x21-\x7e]+$/.test(value)) throw new Trouble(`${name} holds characters that no token has`);
      return [name, value];
    }),
  );
}
