import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { evaluate, type Fields, type Mood, moods, type Value } from './evaluate.ts';
import { LiveSession } from './live.ts';
import { parse } from './parse.ts';
import { Malformed } from './tokens.ts';

/** One event of a log group. */
export interface Event {
  readonly timestamp: number;
  readonly message: string;
  readonly stream: string;
}

export interface Script {
  readonly mood?: Mood;
  /** How often GetQueryResults says Running (with partial rows) before Complete. */
  readonly running?: number;
  /** Every n-th call is refused with ThrottlingException. */
  readonly throttleEvery?: number;
  /** Queries that may run at once; more are refused with LimitExceededException. */
  readonly concurrent?: number;
  /** Groups that the caller may not query. */
  readonly denied?: readonly string[];
  /** Whether a query of these whole seconds ends as Failed. */
  readonly fails?: (start: number, end: number) => boolean;
  /** Calls that answer AccessDeniedException. */
  readonly forbidden?: readonly string[];
  /** Exceptions that StartLiveTail answers with, one after the other, before it begins sessions. */
  readonly live?: readonly string[];
}

export interface Group {
  readonly name: string;
  readonly events: readonly Event[];
  readonly storedBytes?: number;
  readonly retentionInDays?: number;
}

interface Query {
  readonly rows: readonly (readonly { readonly field: string; readonly value: string }[])[];
  readonly statistics: Readonly<Record<string, number>>;
  readonly failed: boolean;
  polls: number;
  status: 'Running' | 'Complete' | 'Failed' | 'Cancelled';
}

/** What the server was asked, for tests to look at. */
export interface Seen {
  readonly calls: { readonly operation: string; readonly input: Record<string, unknown> }[];
  readonly stopped: string[];
  /** The most queries that ran at once. */
  most: number;
}

/**
 * CloudWatch Logs' API as far as our source uses it: an EMULATOR OF OURS, not AWS. It speaks AWS JSON 1.1 to the real SDK and runs queries
 * over the events it was given with our own reader of the query language's subset that we write (parse.ts, evaluate.ts), which refuses
 * everything else; states, pages, statistics, throttling and refusals are as scripted. What it can't show is that AWS reads the language as
 * AWS documents it; where the documents are silent, `moods` has both readings.
 */
export async function startCloudWatch(groups: readonly Group[], script: Script = {}) {
  const queries = new Map<string, Query>();
  const seen: Seen = { calls: [], stopped: [], most: 0 };
  const fields = new Map(groups.map((g) => [g.name, g.events.map((e, i) => fieldsOf(e, g.name, i))]));
  const sessions = new Set<LiveSession>();
  const refusals = [...(script.live ?? [])];

  const operations: Readonly<Record<string, (input: Record<string, unknown>) => unknown>> = {
    DescribeLogGroups({ logGroupNamePrefix: prefix = '', nextToken }) {
      const all = groups.filter((g) => g.name.startsWith(String(prefix))).sort((a, b) => (a.name < b.name ? -1 : 1));
      const from = Number(nextToken ?? 0);
      return {
        logGroups: all.slice(from, from + 50).map((g) => ({
          logGroupName: g.name,
          arn: `${arnOf(g.name)}:*`,
          logGroupArn: arnOf(g.name),
          storedBytes: g.storedBytes ?? g.events.reduce((sum, e) => sum + Buffer.byteLength(e.message), 0),
          creationTime: g.events[0]?.timestamp ?? 0,
          ...(g.retentionInDays === undefined ? {} : { retentionInDays: g.retentionInDays }),
        })),
        ...(from + 50 < all.length ? { nextToken: String(from + 50) } : {}),
      };
    },
    GetLogGroupFields({ logGroupName, time }) {
      const around = (fields.get(String(logGroupName)) ?? missing(logGroupName)).filter(
        (f) => time === undefined || Math.abs(Number(f.get('@timestamp')) - Number(time) * 1000) < 480_000,
      );
      const counts = new Map<string, number>();
      for (const f of around) for (const name of f.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
      return {
        logGroupFields: [...counts].map(([name, n]) => ({ name, percent: Math.round((100 * n) / around.length) })),
      };
    },
    FilterLogEvents({ logGroupName, startTime, endTime, limit, nextToken }) {
      const group = groups.find((g) => g.name === logGroupName) ?? missing(logGroupName);
      // An empty first page with a token is what the real one likes to give.
      if (nextToken === undefined) return { events: [], nextToken: 'more' };
      const events = group.events.filter((e) => e.timestamp >= Number(startTime) && e.timestamp <= Number(endTime));
      return { events: events.slice(0, Number(limit ?? 100)).map((e) => ({ ...e, logStreamName: e.stream })) };
    },
    StartQuery({ logGroupNames, queryString, startTime, endTime, limit }) {
      const names = logGroupNames as string[];
      for (const name of names) {
        if (!fields.has(name)) missing(name);
        if (script.denied?.includes(name))
          throw new Refused(
            'AccessDeniedException',
            `User: arn:aws:iam::123456789012:user/x is not authorized to perform: logs:StartQuery on resource: ${name}`,
          );
      }
      const active = [...queries.values()].filter((q) => q.status === 'Running').length;
      if (active >= (script.concurrent ?? 100))
        throw new Refused('LimitExceededException', 'too many concurrent queries');
      seen.most = Math.max(seen.most, active + 1);
      const id = `query-${queries.size + 1}`;
      queries.set(id, run(names, String(queryString), Number(startTime), Number(endTime), Number(limit ?? 10_000)));
      return { queryId: id };
    },
    GetQueryResults({ queryId, maxItems, nextToken }) {
      const query = queries.get(String(queryId)) ?? missing(queryId);
      query.polls++;
      if (query.status === 'Running' && query.polls > (script.running ?? 1))
        query.status = query.failed ? 'Failed' : 'Complete';
      const { status, rows, statistics } = query;
      // Sums of a running query are partial: half of the rows here, so that adding them up would show.
      if (status === 'Running')
        return {
          status: query.polls === 1 ? 'Scheduled' : 'Running',
          results: rows.slice(0, rows.length / 2),
          statistics: { bytesScanned: (statistics['bytesScanned'] ?? 0) / 2 },
        };
      if (status !== 'Complete') return { status, statistics };
      const from = Number(nextToken ?? 0);
      const size = Math.min(Number(maxItems ?? 10_000), pageSize);
      return {
        status,
        results: rows.slice(from, from + size),
        statistics,
        ...(from + size < rows.length ? { nextToken: String(from + size) } : {}),
      };
    },
    StopQuery({ queryId }) {
      const query = queries.get(String(queryId)) ?? missing(queryId);
      if (query.status !== 'Running') throw new Refused('InvalidParameterException', 'Query is not running');
      query.status = 'Cancelled';
      seen.stopped.push(String(queryId));
      return { success: true };
    },
  };

  function run(names: readonly string[], text: string, start: number, end: number, limit: number): Query {
    if (text.length > 10_000) throw new Refused('InvalidParameterException', 'queryString is longer than 10000');
    let commands: ReturnType<typeof parse>;
    try {
      commands = parse(text);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      throw new Refused('MalformedQueryException', error.message, {
        queryCompileError: {
          message: error.message,
          location: { startCharOffset: error.at, endCharOffset: error.end },
        },
      });
    }
    // Whole seconds, both ends included.
    const events = names
      .flatMap((n) => fields.get(n) ?? [])
      .filter((f) => {
        const seconds = Math.floor(Number(f.get('@timestamp')) / 1000);
        return seconds >= start && seconds <= end;
      });
    const rows = evaluate(commands, events, script.mood ?? (moods[0] as Mood)).slice(0, limit);
    const bytes = events.reduce((sum, f) => sum + Buffer.byteLength(String(f.get('@message'))), 0);
    return {
      rows,
      statistics: { bytesScanned: bytes, recordsScanned: events.length, recordsMatched: rows.length },
      failed: script.fails?.(start, end) === true,
      polls: 0,
      status: 'Running',
    };
  }

  /** The only operation that answers with a stream. */
  function startLiveTail(input: Record<string, unknown>, response: ServerResponse): void {
    const arns = input['logGroupIdentifiers'] as string[];
    const refusal = refusals.shift();
    if (refusal !== undefined) throw new Refused(refusal, `live: ${refusal}`);
    if (arns.length > 10) throw new Refused('InvalidParameterException', 'more than 10 log groups');
    for (const arn of arns) if (!groups.some((g) => arnOf(g.name) === arn)) missing(arn);
    const pattern = input['logEventFilterPattern'] as string | undefined;
    const session = new LiveSession(response, arns, pattern);
    sessions.add(session);
    response.on('close', () => sessions.delete(session));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    const operation = String(request.headers['x-amz-target'] ?? '').replace('Logs_20140328.', '');
    const send = (status: number, content: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(content));
    };
    try {
      const input = JSON.parse(body) as Record<string, unknown>;
      seen.calls.push({ operation, input });
      const handler = operations[operation];
      if (!handler && operation !== 'StartLiveTail') throw new Refused('UnknownOperationException', operation);
      if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256'))
        throw new Refused('MissingAuthenticationTokenException', 'not signed');
      if (script.forbidden?.includes(operation))
        throw new Refused('AccessDeniedException', `not authorized to perform: logs:${operation}`);
      if (script.throttleEvery && seen.calls.length % script.throttleEvery === 0)
        throw new Refused('ThrottlingException', 'Rate exceeded');
      if (operation === 'StartLiveTail') startLiveTail(input, response);
      else send(200, handler?.(input) as object);
    } catch (error) {
      if (error instanceof Refused) send(400, { __type: error.type, message: error.message, ...error.more });
      else send(500, { __type: 'InternalFailure', message: String(error) });
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    sessions,
    /** Events arrive: in the group at once, and with whoever tails it; `pushed` says of which Live Tail gives nothing. */
    arrive(name: string, events: readonly Event[], pushed: (event: Event) => boolean = () => true): void {
      const known = fields.get(name) ?? missing(name);
      for (const event of events) known.push(fieldsOf(event, name, known.length));
      const live = events.filter(pushed).map(({ timestamp, message, stream }) => ({
        ...{ timestamp, message, logStreamName: stream, logGroupIdentifier: arnOf(name) },
      }));
      for (const session of sessions) session.update(live);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type CloudWatch = Awaited<ReturnType<typeof startCloudWatch>>;

const arnOf = (name: string): string => `arn:aws:logs:us-east-1:123456789012:log-group:${name}`;

/** Smaller than the real one's 10,000, so that every test pages. */
const pageSize = 700;

class Refused extends Error {
  readonly type: string;
  readonly more: object;

  constructor(type: string, message: string, more: object = {}) {
    super(message);
    this.type = type;
    this.more = more;
  }
}

function missing(name: unknown): never {
  throw new Refused('ResourceNotFoundException', `The specified log group does not exist: ${String(name)}`);
}

/** The fields that CloudWatch finds in an event: of JSON every leaf, names joined by dots. */
function fieldsOf({ timestamp, message, stream }: Event, group: string, index: number): Fields {
  const found = new Map<string, Value>([
    ['@timestamp', timestamp],
    ['@message', message],
    ['@logStream', stream],
    ['@log', `123456789012:${group}`],
    ['@ptr', `ptr-${index}`],
  ]);
  if (!message.startsWith('{')) return found;
  const add = (value: unknown, path: string): void => {
    if (value === null) return;
    if (typeof value === 'object')
      for (const [key, v] of Object.entries(value)) add(v, path === '' ? key : `${path}.${key}`);
    else found.set(path, value as Value);
  };
  try {
    add(JSON.parse(message), '');
  } catch {
    // What is no JSON has no fields.
  }
  return found;
}
