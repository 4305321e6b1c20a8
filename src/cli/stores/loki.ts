import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { parseSize } from '../size.ts';
import type { Store, Told } from './store.ts';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/**
 * Loki: address, tenant and the streams' labels from the contract unless flags say others; credentials from the environment, under the names that
 * Loki's own command line reads (https://grafana.com/docs/loki/latest/query/logcli/).
 */
export const loki: Store<'loki'> = {
  flags(command: Command): void {
    command
      .option('--loki-url <url>', 'loki: its base URL (LOKI_ADDR); inside a cluster, kubectl port-forward')
      .option('--tenant <name>', 'loki: the tenant (LOKI_ORG_ID)')
      .option('--label <name=value>', 'loki: a label of the streams; * matches anything; repeat for several', collect)
      .option('--ca <file>', 'loki: a certificate authority to trust as well (LOKI_CA_CERT_PATH)');
  },
  async open({ options, told, overrides, io, signal, progress, warn }) {
    const { env } = io;
    const url = (options['lokiUrl'] as string | undefined) ?? env['LOKI_ADDR'] ?? told?.logs.url;
    if (url === undefined)
      throw new Misuse('--source loki: no address', '--loki-url URL, LOKI_ADDR, or --cluster NAME with a contract');
    if (!/^https?:\/\/[^\s/@]+(\/\S*)?$/.test(url))
      throw new Misuse(
        `--loki-url ${url.replace(/\/\/.*@/, '//***@')}: not a URL`,
        'http:// or https://, without user and password',
      );
    const ca = (options['ca'] as string | undefined) ?? env['LOKI_CA_CERT_PATH'];
    const size = options['maxScan'] as string | undefined;
    const maxScan = size === undefined ? undefined : parseSize(size, '--max-scan');
    const { lokiSource, trustAlso } = await import('../../logs/sources/loki.ts');
    if (ca !== undefined) {
      const pem = io.readFile(ca);
      if (pem === undefined) throw new Misuse(`--ca ${ca}: no such file`, 'a PEM file with the certificate authority');
      if (!trustAlso(pem))
        throw new Misuse('--ca needs Node 22.19 or newer', `NODE_EXTRA_CA_CERTS=${ca} does the same`);
    }
    return lokiSource({
      url,
      tenant: (options['tenant'] as string | undefined) ?? env['LOKI_ORG_ID'] ?? told?.logs.tenant,
      auth: authOf(env),
      selector: selectorOf(options['label'] as string[] | undefined, told),
      maxScan,
      overrides,
      signal,
      progress,
      warn,
    });
  },
};

function authOf(env: Io['env']) {
  const { LOKI_BEARER_TOKEN: token, LOKI_USERNAME: username, LOKI_PASSWORD: password } = env;
  if (token) return { kind: 'bearer', token } as const;
  if (username && password) return { kind: 'basic', username, password } as const;
  return { kind: 'none' } as const;
}

/** The contract's gateways by the labels that OTLP gives their streams, or what the flags say. */
function selectorOf(given: readonly string[] | undefined, told: Told<'loki'> | undefined): Record<string, string[]> {
  if (given === undefined) {
    if (!told)
      throw new Misuse(
        '--source loki: which streams?',
        "--label service_name=GATEWAY.NAMESPACE ('*' for all), or --cluster NAME with a contract",
      );
    return {
      service_name: told.cluster.gateways.map((g) => g.id),
      k8s_cluster_name: [told.cluster.name],
    };
  }
  const selector: Record<string, string[]> = {};
  for (const one of given) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.+)$/s.exec(one) ?? [];
    if (name === undefined || value === undefined)
      throw new Misuse(`--label ${one}: not name=value`, 'for example --label service_name=http.kgateway-system');
    selector[name] = [...(selector[name] ?? []), value];
  }
  if (Object.values(selector).every((values) => values.every((v) => /^\*+$/.test(v))))
    throw new Misuse('--label: nothing but *', 'Loki wants at least one label with a value, or a part of one');
  return selector;
}
