import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Arrived } from './capture.ts';

/** One call of CloudWatch Logs' API: its action and what was asked. */
export interface Call {
  readonly action: string;
  readonly asked: Readonly<Record<string, unknown>>;
  readonly request: Arrived;
}

export interface Event {
  readonly timestamp: number;
  readonly message: string;
}

/**
 * As much of CloudWatch Logs' API as a writer of logs sees, in memory: an emulator, not the service. Nothing exists until it is created
 * (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html).
 */
export async function startCloudWatch(): Promise<{
  readonly port: number;
  readonly calls: readonly Call[];
  readonly events: readonly Event[];
  stop(): Promise<void>;
}> {
  const calls: Call[] = [];
  const events: Event[] = [];
  const exists = new Set<string>();
  const answer = (
    action: string,
    { logGroupName: group, logStreamName: stream = '', logEvents = [] }: Asked,
  ): boolean => {
    if (action === 'CreateLogGroup') exists.add(group);
    if (!exists.has(group)) return false;
    if (action === 'CreateLogStream') exists.add(`${group} ${stream}`);
    if (action !== 'PutLogEvents') return true;
    if (!exists.has(`${group} ${stream}`)) return false;
    events.push(...logEvents);
    return true;
  };
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const { method = '', url: path = '', headers } = incoming;
    const body = Buffer.concat(parts);
    const message = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const asked = JSON.parse(message.toString()) as Asked;
    const action = String(headers['x-amz-target']).replace('Logs_20140328.', '');
    calls.push({ action, asked: { ...asked }, request: { method, path, headers, body, message } });
    const found = answer(action, asked);
    response.writeHead(found ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    // Without a token, which the service still returns, the exporter sends everything once more.
    response.end(
      JSON.stringify(
        found ? { nextSequenceToken: '0' } : { __type: 'ResourceNotFoundException', message: 'it does not exist' },
      ),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening socket without a port');
  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { port: address.port, calls, events, stop };
}

interface Asked {
  readonly logGroupName: string;
  readonly logStreamName?: string;
  readonly logEvents?: readonly Event[];
}
