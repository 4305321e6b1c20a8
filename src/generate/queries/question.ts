import { type FieldId, fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';

/** Which stored records a question is about; every text in it is one of our own tables', never a user's. */
export type Condition =
  /** Something failed or was refused: only those carry a side. */
  | { readonly kind: 'failed' }
  | { readonly kind: 'status'; readonly status: number }
  /** Any of the request's flags. */
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'any'; readonly of: readonly Condition[] };

/** An attribute to group by; `from` is the field that has to be logged for it. */
export interface Key {
  readonly attribute: string;
  readonly from: FieldId;
}

/** One question of the library: the same value for every store, and what its answer is worth. */
export interface Question {
  /** The file's name without its ending. */
  readonly name: string;
  readonly asks: string;
  readonly conclude: readonly string[];
  /** Without these in the log, and what it groups by, there is no answer. */
  readonly needs: readonly FieldId[];
  readonly where?: Condition;
  readonly by: readonly Key[];
  /** Requests counted, the greatest first; or the median and 99th percentile of their duration in ms, the slowest first. */
  readonly of: 'requests' | 'duration';
}

const field = (from: FieldId): Key => ({ attribute: fields[from].name, from });
const side: Key = { attribute: derived.side, from: 'status' };
const details: Key = { attribute: derived.details, from: 'details' };
const durationBucket: Key = { attribute: derived.durationBucket, from: 'duration' };
const ageBucket: Key = { attribute: derived.ageBucket, from: 'connectionAge' };

/** What an incident asks first, in the order in which it is asked. What the attributes mean is in docs/signals.md. */
export const questions: readonly Question[] = [
  {
    name: '1-whose-fault',
    asks: 'Whose fault were the failures, and of what kind?',
    conclude: [
      'The side with the most requests is where to look: backend, gateway, between (the network or a keep-alive race), policy (refused on purpose), client.',
      'The signature is route, backend, status, flags, details, gRPC status, attempts, hop, duration bucket and age bucket; `-` is unset.',
      '`unknown` is mostly clients that hung up: one record alone does not tell why; ask 5-left-without-answer.',
      'One signature with most of them is one cause. Many small ones of side client or policy are everyday noise.',
    ],
    needs: ['status'],
    where: { kind: 'failed' },
    by: [side, { attribute: derived.signature, from: 'status' }],
    of: 'requests',
  },
  {
    name: '2-routes-and-backends',
    asks: 'Which routes and backends fail most?',
    conclude: [
      'One backend behind several routes: the backend. Several backends behind one route: the route, its policies or its filters.',
      'All of them at once: the gateway or what lies around it. `-` as route is a request that no route matched.',
    ],
    needs: ['status'],
    where: { kind: 'failed' },
    by: [field('route'), field('cluster'), side],
    of: 'requests',
  },
  {
    name: '3-503-by-flag',
    asks: 'Where do the 503 come from?',
    conclude: [
      'A flag is Envoy speaking: UF no connection, UH no healthy host, UC the connection broke, UO a limit of the gateway, NC no such cluster.',
      '`-` with details via_upstream is the backend that sent its own 503. `vigia explain FLAG` tells each.',
    ],
    needs: ['status'],
    where: { kind: 'status', status: 503 },
    by: [field('flags'), details, field('cluster')],
    of: 'requests',
  },
  {
    name: '4-keep-alive-races',
    asks: 'Are the broken connections (UC) keep-alive races?',
    conclude: [
      "Nearly all in one age bucket (lower edge, ms), near the backend's keep-alive timeout: a race. Set Envoy's idle timeout below the backend's.",
      'Spread over all ages: the backend closed or crashed under the request. Age 0 or near it: it breaks new connections.',
    ],
    needs: ['flags'],
    where: { kind: 'flag', flag: 'UC' },
    by: [field('cluster'), ageBucket],
    of: 'requests',
  },
  {
    name: '5-left-without-answer',
    asks: 'Which requests were left without an answer, and after how long?',
    conclude: [
      "The client was gone first. One duration bucket (lower edge, ms) with most: a timeout of the client's or of the load balancer's; compare it with theirs.",
      'Spread over short durations: people and apps that leave. A backend that got slow shows in 6-slowest-routes.',
    ],
    needs: ['flags', 'status'],
    where: {
      kind: 'any',
      of: [
        { kind: 'status', status: 0 },
        { kind: 'flag', flag: 'DC' },
      ],
    },
    by: [durationBucket, field('route')],
    of: 'requests',
  },
  {
    name: '6-slowest-routes',
    asks: 'Which routes are slowest?',
    conclude: [
      'Median and 99th percentile of the whole request in ms. Both high: the route is slow. Only the 99th: some requests, hosts or retries are.',
      'Streams and long polls last by design.',
    ],
    needs: ['duration'],
    by: [field('route')],
    of: 'duration',
  },
];
