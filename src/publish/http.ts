/** One request. Methods that change something are sent once and looked after by the caller when their answer is lost. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** May be sent again when it is not known whether it arrived. */
  readonly repeatable: boolean;
}

export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends a request and brings the reply, whatever its status; throws when there was none. */
export type Exchange = (request: Request) => Promise<Reply>;

/** A service that is silent for this long won't answer. */
const silenceMs = 30_000;

/**
 * The only door of publish/ to the network. Redirects are not followed: a page to log in at is no API, and a token must not go to
 * whoever is pointed at.
 */
export const exchange: Exchange = async ({ method, url, headers, body }) => {
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(silenceMs),
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
};

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
