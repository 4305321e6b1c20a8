/**
 * One request as an Application Load Balancer logged it. Fields by position, from
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html; new ones are appended there, so what
 * follows is ignored. Times are epoch ms.
 */
export interface AlbRecord {
  /** When the answer was made, and when the request came; the latter is what Envoy's start is near to. */
  readonly time: number;
  readonly created: number | undefined;
  readonly loadBalancer: string;
  readonly client: string;
  /** `address:port` of the gateway's pod; undefined when the request was sent to none. */
  readonly target: string | undefined;
  /** What the client got; 0 when it was gone before. */
  readonly status: number;
  /** What the target answered; undefined when it did not. */
  readonly targetStatus: number | undefined;
  /** Seconds that the target took; undefined where the load balancer has none (-1). */
  readonly targetSeconds: number | undefined;
  readonly method: string | undefined;
  readonly host: string | undefined;
  /** Without its query. */
  readonly path: string | undefined;
  /** `1-<8 hex>-<24 hex>`: the Root of X-Amzn-Trace-Id, which the load balancer adds to every request that lacks one. */
  readonly trace: string | undefined;
  readonly actions: readonly string[];
  readonly errorReason: string | undefined;
}

const least = 21;
const most = 60;

/** The record, or why the line is none. */
export function parseAlbLine(line: string): AlbRecord | { readonly reject: string } {
  const f = tokens(line);
  if (f.length < least || f.length > most)
    return { reject: `${f.length} fields; a load balancer writes ${least} or more` };
  const at = (position: number): string | undefined => {
    const text = f[position - 1];
    return text === undefined || text === '-' || text === '' ? undefined : text;
  };
  const time = Date.parse(at(2) ?? '');
  if (Number.isNaN(time) || !/^(https?|h2|grpcs|wss?)$/.test(at(1) ?? ''))
    return { reject: 'no line of an application load balancer' };
  const created = Date.parse(at(22) ?? '');
  const seconds = Number(at(7));
  const [, method, host, path] =
    /^(\S+) \w+:\/\/([^/\s]*?)(?::\d+)?(\/[^\s?]*)?(?:\?\S*)? \S+$/.exec(at(13) ?? '') ?? [];
  return {
    time,
    created: Number.isNaN(created) ? undefined : created,
    loadBalancer: at(3) ?? '-',
    client: (at(4) ?? '').replace(/:\d+$/, ''),
    target: at(5),
    status: Number(at(9) ?? 0) || 0,
    targetStatus: at(10) === undefined ? undefined : Number(at(10)),
    targetSeconds: Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined,
    method: method === '-' ? undefined : method,
    host,
    path: method === undefined || method === '-' ? undefined : (path ?? '/'),
    trace: rootOf(at(18)),
    actions: (at(23) ?? '').split(',').filter((a) => a !== ''),
    errorReason: at(25),
  };
}

/** The Root of a trace header; a client's own header may hold more. */
export function rootOf(header: string | null | undefined): string | undefined {
  return /(?:^|[;\s])Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$|\s)/.exec(header ?? '')?.[1];
}

/** Separated by blanks; a quoted field may hold blanks, and quotes as `\"`, `""` or `\x22`. */
function tokens(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.|"")*)"(?= |$)|(\S+)/g)].map((m) =>
    m[1] === undefined ? (m[2] ?? '') : m[1],
  );
}
