import type { Random } from './random.ts';

/** An upstream connection of the re-timed day. */
export interface Connection {
  readonly id: number;
  readonly born: number;
  readonly localPort: number;
  used: number;
}

/**
 * Upstream connections, by gateway pod and backend. A day of traffic keeps connections much longer than the lab did, so healthy lines
 * get the connection they would have had: the one used last, unless it was idle for longer than the backend keeps it.
 */
export class Connections {
  readonly #open = new Map<string, Connection[]>();
  readonly #ids = new Map<string, number>();
  readonly #random: Random;

  #requests = 0x2f41;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The number of this request, unique in the day. */
  count(): number {
    this.#requests += 1;
    return this.#requests;
  }

  /** A connection nobody has used. */
  fresh(pod: string, at: number): Connection {
    const id = (this.#ids.get(pod) ?? 20) + 1 + this.#random.int(3);
    this.#ids.set(pod, id);
    return { id, born: at, used: at, localPort: 40_000 + (id % 1000) };
  }

  /** The connection a request of a healthy line goes over, until its answer is complete. */
  use(pod: string, host: string, at: number, until: number, keepAliveMs: number): Connection {
    const key = `${pod} ${host}`;
    const all = (this.#open.get(key) ?? []).filter((c) => at - c.used < keepAliveMs);
    const idle = all.filter((c) => c.used <= at).sort((a, b) => b.used - a.used)[0];
    const connection = idle ?? this.fresh(pod, at);
    connection.used = until;
    this.#open.set(key, idle ? all : [...all, connection]);
    return connection;
  }
}
