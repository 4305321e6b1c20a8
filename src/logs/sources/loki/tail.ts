import type { IncomingMessage } from 'node:http';
import { NoPush, type Push } from '../../remote/push.ts';
import { type ClientOptions, endpoint, headersOf, type Stream } from './client.ts';
import type { Records } from './language.ts';
import { limits } from './limits.ts';
import { storedIn } from './samples.ts';

/** A message of the tail (https://grafana.com/docs/loki/latest/reference/loki-http-api/#stream-logs). */
interface Message {
  readonly streams?: readonly { readonly stream?: Stream['labels']; readonly values?: Stream['values'] }[] | null;
  readonly dropped_entries?: readonly unknown[] | null;
}

/**
 * Loki's tail: a WebSocket that takes the same LogQL as a query and gives lines within a second of their arrival, whatever their time. It is
 * opened at now; what arrived before is asked for. It is fast and no more: an ingester hands on five groups of lines with the same labels at a
 * time (pkg/ingester/tailer.go: bufferSizeForTailResponse), every record is such a group by its structured metadata, and what is dropped of a
 * Collector's batch is told to nobody. What a querier drops, because we are slow, is told (`dropped_entries`).
 */
export function tailOf(options: Omit<ClientOptions, 'signal'>, records: Records, query: string): Push {
  return {
    name: "Loki's tail",
    honest: false,
    async session({ signal, opened, take, lost }) {
      const { WebSocket } = await import('ws');
      if (signal.aborted) return;
      const form = new URLSearchParams({ query, start: `${BigInt(options.clock.now()) * 1_000_000n}`, limit: '100' });
      const socket = new WebSocket(`${endpoint(options.url, 'tail').replace(/^http/, 'ws')}?${form}`, {
        headers: headersOf(options),
        handshakeTimeout: limits.handshakeMs,
        maxPayload: limits.message,
        // A token must not follow a redirect.
        followRedirects: false,
      });
      await new Promise<void>((resolve, reject) => {
        let alive: NodeJS.Timeout | undefined;
        // Loki pings each second: a connection that is silent is dead, whatever the system says of it.
        const heard = (): void => {
          clearTimeout(alive);
          alive = setTimeout(() => {
            reject(new Error(`nothing was heard for ${limits.silentMs / 1000} s`));
            socket.terminate();
          }, limits.silentMs);
        };
        const stop = (): void => {
          socket.close(1000);
          // Who does not answer the closing is not waited for.
          setTimeout(() => socket.terminate(), 1_000).unref();
        };
        signal.addEventListener('abort', stop, { once: true });
        socket.on('open', () => {
          heard();
          opened();
        });
        socket.on('ping', heard);
        socket.on('message', (data) => {
          heard();
          const message = messageIn(String(data));
          if (message?.dropped_entries?.length) lost('drops lines', message.dropped_entries.length);
          const streams = (message?.streams ?? []).map(({ stream, values }) => ({
            labels: stream ?? {},
            values: values ?? [],
          }));
          for (const line of storedIn(records, streams)) take(line);
        });
        socket.on('unexpected-response', (_, response) => {
          void refusal(response).then((error) => {
            reject(error);
            socket.terminate();
          });
        });
        socket.on('error', reject);
        socket.on('close', (code, reason) => {
          clearTimeout(alive);
          signal.removeEventListener('abort', stop);
          if (signal.aborted || code === 1000) resolve();
          else
            reject(new Error(`it was closed (${code})${reason.length > 0 ? `: ${String(reason).slice(0, 200)}` : ''}`));
        });
      });
    },
  };
}

function messageIn(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return message !== null && typeof message === 'object' ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}

/** An answer that is no WebSocket: a Loki that is busy, or one (or a proxy before it) that never will. */
async function refusal(response: IncomingMessage): Promise<Error> {
  const status = response.statusCode ?? 0;
  let text = '';
  response.setEncoding('utf8').setTimeout(limits.handshakeMs, () => response.destroy());
  try {
    for await (const part of response) {
      text += part;
      if (text.length > 300) break;
    }
  } catch {
    // What it said so far has to do.
  }
  const said = `it answers ${status}${text.trim() === '' ? '' : ` (${text.trim().slice(0, 200)})`}`;
  return status === 429 || status >= 500
    ? new Error(said)
    : new NoPush(`${said}; a proxy before Loki must let WebSockets through`);
}
