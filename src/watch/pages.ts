/** What is answered to a GET. */
export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What the pages are made of. */
export interface Shown {
  readonly contentType: string;
  metrics(): Promise<string>;
  /** Whether the loop turns. */
  alive(): boolean;
  /** Why the figures are not those of now. */
  behind(): string | undefined;
}

const text = (status: number, body: string): Page => ({ status, contentType: 'text/plain; charset=utf-8', body });

/**
 * `/metrics`; `/healthz`: 200 while the watch runs, however its source fares, because a restart mends no store; `/readyz`: 200 while the
 * figures are those of now.
 */
export async function pageOf(method: string, path: string, shown: Shown): Promise<Page> {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'only GET\n');
  if (path === '/metrics') return { status: 200, contentType: shown.contentType, body: await shown.metrics() };
  if (path === '/healthz') return shown.alive() ? text(200, 'ok\n') : text(503, 'the watch does not turn\n');
  if (path === '/readyz') {
    const behind = shown.behind();
    return behind === undefined ? text(200, 'ok\n') : text(503, `${behind}\n`);
  }
  return text(404, '/metrics, /healthz, /readyz\n');
}
