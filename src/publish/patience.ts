import type { Exchange, Reply, Request } from './http.ts';
import { Stopped, Trouble, Unclear, Unreachable } from './trouble.ts';

/** Whether the user asked to stop, and the promise of it. */
export interface Stop {
  readonly asked: boolean;
  readonly promise: Promise<void>;
}

export interface Patience {
  readonly stop: Stop;
  pause(ms: number): Promise<void>;
  /** The date headers are read against, in milliseconds. */
  now(): number;
  /** Said to the user whenever a wait is long enough to wonder about. */
  waiting(host: string, why: string, ms: number): void;
}

const attempts = 6;
/** Longer than this nobody watches a terminal: better to say so and end. */
const longestMs = 120_000;

/** Statuses after which the same request may be answered: the limit was met, or the service or what is before it is ill. */
const passing = new Set([429, 500, 502, 503, 504]);

/** How long a reply asks to wait: `Retry-After` in seconds or as a date, `X-RateLimit-Reset` in seconds (Datadog); undefined: it does not say. */
export function askedWait(headers: Reply['headers'], now: number): number | undefined {
  const after = headers['retry-after'];
  if (after !== undefined) {
    const ms = /^\d+$/.test(after.trim()) ? Number(after) * 1000 : Date.parse(after) - now;
    if (Number.isFinite(ms)) return Math.max(0, ms);
  }
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(0, reset * 1000) : undefined;
}

/** Half a second, doubled each time. */
export function backOff(attempt: number): number {
  return 500 * 2 ** attempt;
}

/**
 * The same exchange with patience: 429 and 5xx are waited out as long as the service asks, else ever longer. What is not repeatable is sent again only
 * after a 429, which says that it was not looked at; any other loss is `Unclear`. A request to stop ends waits at once.
 */
export function patient(exchange: Exchange, patience: Patience): Exchange {
  const wait = async (request: Request, why: string, ms: number): Promise<void> => {
    if (ms > longestMs)
      throw new Trouble(
        `${hostOf(request)}: ${why}, and it asks to wait ${Math.ceil(ms / 1000)} s`,
        'run it again then: what was done stays done',
      );
    if (ms >= 2000) patience.waiting(hostOf(request), why, ms);
    await Promise.race([patience.pause(ms), patience.stop.promise]);
    if (patience.stop.asked) throw new Stopped();
  };

  return async (request) => {
    for (let attempt = 0; ; attempt++) {
      if (patience.stop.asked && request.method === 'GET' && attempt > 0) throw new Stopped();
      let reply: Reply | undefined;
      let why: string;
      try {
        reply = await exchange(request);
        why = reply.status === 429 ? 'its rate limit is met' : `it answers ${reply.status}`;
      } catch (error) {
        why = reasonOf(error);
        if (never.test(why))
          throw new Unreachable(`${hostOf(request)}: ${why}`, 'is the address right, and reachable from here?');
      }
      if (reply && !passing.has(reply.status)) return reply;
      if (!request.repeatable && reply?.status !== 429)
        throw new Unclear(`${hostOf(request)}: ${why}${reply ? `: ${reply.text.slice(0, 300)}` : ''}`);
      if (attempt + 1 === attempts) {
        if (reply) return reply;
        throw new Unreachable(
          `${hostOf(request)}: ${why}, ${attempts} times`,
          'run it again later: what was done stays done',
        );
      }
      await wait(request, why, (reply && askedWait(reply.headers, patience.now())) ?? backOff(attempt));
    }
  };
}

/**
 * Sends what must not be done twice. When the answer is lost it looks whether it landed, and sends again only when it did not; after the third loss
 * it gives up with the last one's words.
 */
export async function settle<T, L>(
  send: () => Promise<T>,
  landed: () => Promise<L | undefined>,
  { pause, stop }: Patience,
): Promise<T | L> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof Unclear)) throw error;
      const found = await landed();
      if (found !== undefined) return found;
      if (attempt === 2) throw new Trouble(error.message, 'run it again later: what was done stays done');
      if (stop.asked) throw new Stopped();
      await Promise.race([pause(backOff(attempt)), stop.promise]);
    }
  }
}

/** Nothing was sent, and a second try would end the same. */
const never = /bad port|ENOTFOUND|ECONNREFUSED|CERT_|certificate|self.signed|ERR_TLS|ERR_SSL|UNABLE_TO_/i;

/** Node's fetch says only "fetch failed"; what happened is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer within 30 s';
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const { code } = cause as NodeJS.ErrnoException;
  return cause.message === '' || (code && !cause.message.includes(code))
    ? `${code} ${cause.message}`.trim()
    : cause.message;
}

const hostOf = ({ url }: Request): string => new URL(url).host;
