import { type Clock, withBackOff } from '../../remote/back-off.ts';
import { SourceError } from '../source.ts';
import { limits } from './limits.ts';

export interface ClientOptions {
  /** Loki's base URL, without `/loki/api/v1`. */
  readonly url: string;
  /** `X-Scope-OrgID`. */
  readonly tenant: string | undefined;
  readonly auth:
    | { readonly kind: 'none' }
    | { readonly kind: 'bearer'; readonly token: string }
    | { readonly kind: 'basic'; readonly username: string; readonly password: string };
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** A metric's samples by label set: an instant's one value or a range's many, times in epoch ms. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: number, value: number])[];
}

export interface Stream {
  readonly labels: Readonly<Record<string, string>>;
  /** Nanoseconds since the epoch as text, and the line. */
  readonly values: readonly (readonly [time: string, line: string])[];
}

/** More series than Loki may give: to be asked in parts. */
export class TooManySeries extends SourceError {}

/** What all queries of one answer cost, as Loki reports it. */
export class Meter {
  readonly #maxScan: number;
  queries = 0;
  bytes = 0;
  records = 0;

  constructor(maxScan: number) {
    this.#maxScan = maxScan;
  }

  took(summary: { readonly totalBytesProcessed?: number; readonly totalLinesProcessed?: number } | undefined): void {
    this.queries++;
    this.bytes += summary?.totalBytesProcessed ?? 0;
    this.records += summary?.totalLinesProcessed ?? 0;
    if (this.bytes > this.#maxScan)
      throw new SourceError(
        `stopped after Loki read ${(this.bytes / 1e9).toFixed(1)} GB: more than --max-scan allows`,
        'a shorter window, a narrower --label, or a greater --max-scan',
      );
  }
}

/** Loki's HTTP API (https://grafana.com/docs/loki/latest/reference/loki-http-api/): queries as forms, because some are long. */
export interface Client {
  /** At one instant (ns): `value` of each series. */
  instant(query: string, timeNs: bigint): Promise<readonly Series[]>;
  /** At every `step` ms from `start` to `end` (ms, multiples of it, both included). */
  range(query: string, start: number, end: number, stepMs: number): Promise<readonly Series[]>;
  /** Lines of [from, to), ms. */
  lines(
    query: string,
    from: number,
    to: number,
    limit: number,
    direction: 'forward' | 'backward',
  ): Promise<readonly Stream[]>;
  /** Bytes stored for the selector in the window; undefined where this Loki does not tell. */
  volume(selector: string, from: number, to: number): Promise<number | undefined>;
  readonly meter: Meter;
}

interface Body {
  readonly data?: {
    readonly resultType?: string;
    readonly result?: readonly {
      readonly metric?: Record<string, string>;
      readonly stream?: Record<string, string>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number | string, string])[];
    }[];
    readonly stats?: {
      readonly summary?: { readonly totalBytesProcessed?: number; readonly totalLinesProcessed?: number };
    };
  };
}

export function openClient(options: ClientOptions, meter: Meter): Client {
  const ns = (ms: number): string => `${BigInt(Math.round(ms)) * 1_000_000n}`;
  const call = async (path: string, form: Readonly<Record<string, string>>): Promise<Body> => {
    const body = await withBackOff(() => post(options, path, form), {
      clock: options.clock,
      signal: options.signal,
      attempts: limits.attempts,
      baseMs: 250,
      maxMs: 15_000,
      retryAfter: (error) => (error instanceof Busy ? error.afterMs : undefined),
    });
    meter.took(body.data?.stats?.summary);
    return body;
  };
  const series = (body: Body): readonly Series[] =>
    (body.data?.result ?? []).map(({ metric, value, values }) => ({
      metric: metric ?? {},
      values: (values ?? (value ? [value] : [])).map(([time, n]) => [Number(time) * 1_000, Number(n)] as const),
    }));
  return {
    meter,
    instant: async (query, timeNs) => series(await call('query', { query, time: `${timeNs}` })),
    range: async (query, start, end, stepMs) =>
      series(await call('query_range', { query, start: ns(start), end: ns(end), step: `${stepMs / 1_000}` })),
    lines: async (query, from, to, limit, direction) =>
      (
        (await call('query_range', { query, start: ns(from), end: ns(to), limit: `${limit}`, direction })).data
          ?.result ?? []
      ).map(({ stream, values }) => ({
        labels: stream ?? {},
        values: (values ?? []).map(([time, line]) => [String(time), line] as const),
      })),
    volume: async (query, from, to) => {
      try {
        const body = await post(options, 'index/volume', { query, start: ns(from), end: ns(to), limit: '1000' });
        return series(body).reduce((sum, s) => sum + (s.values[0]?.[1] ?? 0), 0);
      } catch (error) {
        // Off by default in some installations; an estimate is not worth a failure.
        if (error instanceof SourceError && !options.signal.aborted) return undefined;
        throw error;
      }
    },
  };
}

export const endpoint = (url: string, path: string): string => `${url.replace(/\/+$/, '')}/loki/api/v1/${path}`;

/** Who asks, and as which tenant. */
export function headersOf({ tenant, auth }: Pick<ClientOptions, 'tenant' | 'auth'>): Readonly<Record<string, string>> {
  return {
    ...(tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }),
    ...(auth.kind === 'bearer' ? { Authorization: `Bearer ${auth.token}` } : {}),
    ...(auth.kind === 'basic'
      ? { Authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
      : {}),
  };
}

/** Loki asks to come back later. */
class Busy extends SourceError {
  readonly afterMs: number;
  constructor(message: string, afterMs: number) {
    super(message, 'it was tried several times; a shorter window asks for less', { passing: true });
    this.afterMs = afterMs;
  }
}

async function post(options: ClientOptions, path: string, form: Readonly<Record<string, string>>): Promise<Body> {
  const { url, tenant, signal } = options;
  const at = endpoint(url, path);
  let answer: Response;
  try {
    answer = await fetch(at, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headersOf(options) },
      body: new URLSearchParams(form),
      signal,
      // A login page is no answer, and a token must not follow a redirect.
      redirect: 'error',
    });
  } catch (error) {
    if (signal.aborted) throw new SourceError('stopped', undefined, { cause: error });
    const reason =
      error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    throw new SourceError(
      `Loki at ${url} can't be reached: ${reason}`,
      'inside a cluster? kubectl port-forward and --loki-url; its own CA? --ca FILE',
      { cause: error, passing: true },
    );
  }
  if (answer.ok) {
    const body: unknown = await answer.json().catch(() => undefined);
    if (body !== null && typeof body === 'object') return body as Body;
    throw new SourceError(
      `${at} answered with no JSON`,
      'is that Loki? --loki-url takes its base, without /loki/api/v1',
    );
  }
  throw refusal(url, tenant, answer, (await answer.text().catch(() => '')).slice(0, 500));
}

/** Loki's errors are plain text. */
function refusal(url: string, tenant: string | undefined, answer: Response, text: string): SourceError {
  const { status } = answer;
  if (status === 429 || status === 503 || status === 502 || status === 504)
    return new Busy(
      `Loki at ${url} is too busy (${status}): ${text}`,
      Number(answer.headers.get('retry-after') ?? 0) * 1_000,
    );
  if (/maximum (number|of) (of )?series|max_query_series/i.test(text)) return new TooManySeries(text);
  if (status === 401 || status === 403)
    return new SourceError(
      `Loki at ${url} lets nobody in like that (${status}): ${text}`,
      /no org id/i.test(text) && tenant === undefined
        ? 'it wants a tenant: --tenant NAME'
        : 'LOKI_BEARER_TOKEN, or LOKI_USERNAME and LOKI_PASSWORD; --tenant where there are several',
    );
  if (/query time range exceeds/i.test(text)) return new SourceError(`Loki: ${text}`, 'a shorter window');
  if (status === 404)
    return new SourceError(`${url}: no Loki there (404)`, '--loki-url takes its base, without /loki/api/v1');
  return new SourceError(`Loki refused a query (${status}): ${text}`, 'vigia query --show prints it');
}
