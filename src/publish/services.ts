import type { Model } from '../contract/model.ts';
import { credentials } from './credentials.ts';
import type { Exchange } from './http.ts';
import { type Patience, patient } from './patience.ts';
import type { Service } from './plan.ts';
import { Trouble } from './trouble.ts';
import type { Destination } from './wanted.ts';

/** Services to speak to, with the tokens of the environment. Nothing is asked yet; each vendor's code is loaded only when the contract goes there. */
export async function services(
  model: Model,
  to: readonly Destination[],
  env: Readonly<Record<string, string | undefined>>,
  exchange: Exchange,
  patience: Patience,
): Promise<readonly Service[]> {
  const secrets = credentials(env, to);
  const secret = (name: string): string => secrets[name] ?? '';
  const asked = patient(exchange, patience);
  return Promise.all(
    to.map(async (destination): Promise<Service> => {
      if (destination.service === 'grafana') {
        const [{ grafanaApi }, { grafanaService }] = await Promise.all([
          import('./grafana/api.ts'),
          import('./grafana/service.ts'),
        ]);
        const api = grafanaApi(destination.address, secret('GRAFANA_TOKEN'), asked);
        return grafanaService(destination, model.name, api, patience);
      }
      const [{ datadogClient }, { datadogService }] = await Promise.all([
        import('./datadog/client.ts'),
        import('./datadog/service.ts'),
      ]);
      const url = datadogUrl(destination.address, env['DD_HOST']);
      const client = await datadogClient({ url, apiKey: secret('DD_API_KEY'), appKey: secret('DD_APP_KEY') }, asked);
      return datadogService(destination, model.name, client, patience);
    }),
  );
}

/** Sites: https://docs.datadoghq.com/getting_started/site/; DD_HOST, as Datadog's Terraform provider reads it, is a proxy or a private link before one. */
function datadogUrl(site: string, host: string | undefined): string {
  if (host === undefined || host.trim() === '') return `https://api.${site}`;
  const url = host.trim().replace(/\/+$/, '');
  if (!/^https?:\/\/[^\s/]+$/.test(url))
    throw new Trouble(`DD_HOST ${url}: not an address such as https://api.datadoghq.eu`);
  return url;
}
