import type { Configuration } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/configuration.js';
import type { HttpLibrary } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/http/http.js';
import type { LogsResponseMetadata } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/LogsResponseMetadata.js';
import { type Clock, withBackOff } from '../../remote/back-off.ts';
import { SourceError } from '../source.ts';
import { limits } from './limits.ts';

export interface ClientOptions {
  /** `datadoghq.com`, `datadoghq.eu`, ... */
  readonly site: string;
  /** Instead of `https://api.<site>`: a proxy. */
  readonly url: string | undefined;
  readonly apiKey: string;
  readonly appKey: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

export interface Compute {
  readonly aggregation: 'count' | 'sum' | 'min' | 'max' | 'median' | 'pc75' | 'pc90' | 'pc95' | 'pc98' | 'pc99';
  readonly metric?: string;
  /** Every so many ms; undefined: one number for the whole window. */
  readonly every?: number;
}

/** One group: its facets' values, and for each compute a number, or [time, number] pairs. */
export interface Bucket {
  readonly by: Readonly<Record<string, string>>;
  readonly computes: readonly (number | readonly (readonly [number, number])[] | undefined)[];
}

export interface Event {
  readonly id: string;
  readonly time: number;
  readonly tags: readonly string[];
  readonly reserved: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Datadog's logs API through its own client. */
export interface Client {
  aggregate(
    query: string,
    window: Window,
    groupBy: readonly { readonly facet: string; readonly limit: number }[],
    computes: readonly Compute[],
  ): Promise<readonly Bucket[]>;
  /** A page, oldest first unless `newest`. */
  search(
    query: string,
    window: Window,
    limit: number,
    options?: { readonly cursor?: string | undefined; readonly newest?: boolean },
  ): Promise<{ readonly events: readonly Event[]; readonly after: string | undefined }>;
  /** Calls so far, and what Datadog warned of: answers that are not whole. */
  readonly calls: () => number;
  readonly warnings: ReadonlySet<string>;
}

/** The client's files for logs alone: the whole package takes 2 s to load. */
export async function openClient(options: ClientOptions): Promise<Client> {
  const { site, url, apiKey, appKey, signal, clock } = options;
  const [{ LogsApi }, common, servers, http] = await Promise.all([
    whole(import('@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/apis/LogsApi.js')),
    whole(import('@datadog/datadog-api-client/dist/packages/datadog-api-client-common/configuration.js')),
    whole(import('@datadog/datadog-api-client/dist/packages/datadog-api-client-common/servers.js')),
    whole(import('@datadog/datadog-api-client/dist/packages/datadog-api-client-common/http/http.js')),
  ]);
  let calls = 0;
  const httpApi: HttpLibrary = {
    send: (request) =>
      withBackOff(
        async () => {
          calls++;
          const answer = await exchange(request.getUrl(), {
            method: request.getHttpMethod(),
            headers: request.getHeaders(),
            body: String(request.getBody() ?? ''),
            signal,
            redirect: 'error',
          });
          const text = await answer.text();
          if (!answer.ok) throw refusal(answer, text, site);
          return new http.ResponseContext(answer.status, Object.fromEntries(answer.headers), {
            text: async () => text,
            binary: async () => Buffer.from(text),
          });
        },
        {
          clock,
          signal,
          attempts: limits.attempts,
          baseMs: 500,
          maxMs: 30_000,
          retryAfter: (error) => (error instanceof Busy ? error.afterMs : undefined),
        },
      ),
  };
  const configuration: Configuration = common.createConfiguration({
    // Given whole, or DD_SITE in the environment would decide instead of the contract.
    baseServer: new servers.BaseServerConfiguration(url ?? `https://api.${site}`, {}),
    httpApi,
    authMethods: { apiKeyAuth: apiKey, appKeyAuth: appKey },
  });
  const api = new LogsApi(configuration);
  const warnings = new Set<string>();
  const warned = (meta: LogsResponseMetadata | undefined) => {
    if (meta?.status === 'timeout') warnings.add('Datadog ran out of time: the answer is not whole');
    for (const { title, detail } of meta?.warnings ?? []) warnings.add([title, detail].filter(Boolean).join(': '));
  };
  // The last millisecond is in: both ends are.
  const filter = (query: string, { from, to }: Window) => ({
    query,
    from: new Date(from).toISOString(),
    to: new Date(to - 1).toISOString(),
    indexes: ['*'],
  });

  async function exchange(to: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(to, init);
    } catch (error) {
      if (signal.aborted) throw new SourceError('stopped', undefined, { cause: error });
      const reason =
        error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
      throw new SourceError(
        `Datadog (${new URL(to).host}) can't be reached: ${reason}`,
        'a proxy? HTTPS_PROXY is not read; --datadog-url names one',
        { cause: error, passing: true },
      );
    }
  }

  return {
    calls: () => calls,
    warnings,
    async aggregate(query, window, groupBy, computes) {
      const body = {
        filter: filter(query, window),
        compute: computes.map(({ aggregation, metric, every }) => ({
          aggregation,
          ...(metric === undefined ? {} : { metric }),
          ...(every === undefined
            ? { type: 'total' as const }
            : { type: 'timeseries' as const, interval: `${every / 60_000}m` }),
        })),
        groupBy: groupBy.map(({ facet, limit }) => ({
          facet,
          limit,
          // A record without the facet would not be counted.
          missing: '-',
          sort: { type: 'measure' as const, aggregation: 'count' as const, order: 'desc' as const },
        })),
      };
      const answer = await api.aggregateLogs({ body });
      warned(answer.meta);
      return (answer.data?.buckets ?? []).map((bucket) => ({
        by: Object.fromEntries(Object.entries(bucket.by ?? {}).map(([facet, value]) => [facet, String(value)])),
        computes: computes.map((_, i) => computedValue(bucket.computes?.[`c${i}`])),
      }));
    },
    async search(query, window, limit, { cursor, newest = false } = {}) {
      const answer = await api.listLogs({
        body: {
          filter: filter(query, window),
          sort: newest ? '-timestamp' : 'timestamp',
          page: { limit, ...(cursor === undefined ? {} : { cursor }) },
        },
      });
      warned(answer.meta);
      return {
        after: answer.meta?.page?.after,
        events: (answer.data ?? []).map(({ id, attributes: a }) => ({
          id: id ?? '',
          time: a?.timestamp?.getTime() ?? 0,
          tags: a?.tags ?? [],
          reserved: { ...(a?.service ? { service: a.service } : {}), ...(a?.host ? { host: a.host } : {}) },
          attributes: a?.attributes ?? {},
        })),
      };
    },
  };
}

function computedValue(value: unknown): Bucket['computes'][number] {
  if (typeof value === 'number') return value;
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((p: { time?: string; value?: number }) =>
    p.time === undefined || p.value === undefined ? [] : [[Date.parse(p.time), p.value] as const],
  );
}

/** Datadog asks to come back later. */
class Busy extends SourceError {
  readonly afterMs: number;
  constructor(message: string, afterMs: number) {
    super(message, 'the organisation has used up its calls; a shorter window asks for less', { passing: true });
    this.afterMs = afterMs;
  }
}

function refusal(answer: Response, text: string, site: string): SourceError {
  const { status, headers } = answer;
  const said = text.slice(0, 300);
  if (status === 429) {
    const wait = Number(headers.get('x-ratelimit-reset') ?? headers.get('retry-after') ?? 0);
    return new Busy(`Datadog asks to wait (429, ${headers.get('x-ratelimit-name') ?? 'rate limit'})`, wait * 1_000);
  }
  if (status >= 500) return new Busy(`Datadog failed (${status}): ${said}`, 0);
  if (status === 401 || status === 403)
    return new SourceError(
      `Datadog refuses the keys (${status}): ${said}`,
      `DD_API_KEY and DD_APP_KEY must be of ${site} (a key of another site is refused the same way), the application key with logs_read_data`,
    );
  return new SourceError(`Datadog refused a query (${status}): ${said}`, 'vigia query --show prints it');
}

/** A CommonJS module by all its names: Node finds them, a bundle has only the default that holds them. */
async function whole<T extends object>(loading: Promise<T>): Promise<T> {
  const loaded = await loading;
  const { default: all } = loaded as { default?: T };
  return all ?? loaded;
}
