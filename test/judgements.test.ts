import { describe, expect, test } from 'vitest';
import { details, resetReasons } from '../src/envoy/details.ts';
import { everything } from '../src/logs/question.ts';
import { LineParser } from '../src/logs/read/line-parser.ts';
import { Tally } from '../src/logs/scan/tally.ts';
import { causes } from '../src/triage/causes/index.ts';
import { diagnose } from '../src/triage/diagnose.ts';
import { scenarios } from './lab/scenarios/index.ts';

/** Everything that `vigia`'s own format carries, as a healthy request; rows below change what matters. */
const healthy = {
  response_code: 200,
  response_flags: '-',
  response_code_details: 'via_upstream',
  duration: 12,
  upstream_cluster: 'kube_shop_cart_8080',
  route_name: 'shop/cart',
  upstream_host: '10.0.0.1:8080',
  upstream_local_address: '10.0.1.1:40000',
  upstream_connection_id: 7,
  upstream_connection_age_ms: 100,
  upstream_request_attempt_count: 1,
  grpc_status: null,
  upstream_transport_failure_reason: null,
  upstream_service_time_ms: 11,
  method: 'GET',
  path: '/cart',
  user_agent: 'curl/8',
};
type Line = Partial<Record<keyof typeof healthy, string | number | null>>;

function triage(lines: readonly Line[], whole: Line = healthy) {
  const parser = new LineParser();
  const tally = new Tally(everything);
  for (const [i, change] of lines.entries()) {
    const text = JSON.stringify({ ...whole, ...change });
    const parsed = parser.parse(text);
    if (!('records' in parsed)) throw new Error(`not read: ${text}`);
    for (const record of parsed.records) tally.add(record, { file: 'test', line: i + 1 }, text);
  }
  return diagnose(tally.answer([])).verdicts.map(
    (v) => `${v.side} ${v.cause} ${v.confidence}${v.kind === 'failure' ? '' : ` ${v.kind}`}`,
  );
}

const reset = (reason: string) => `upstream_reset_before_response_started{${reason}}`;
const times = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
const nowhere: Line = {
  upstream_host: null,
  upstream_local_address: null,
  upstream_connection_id: 0,
  upstream_connection_age_ms: null,
  upstream_service_time_ms: null,
};

/** What the lab can't provoke, or needs hours or a load balancer for; the lab's scenarios hold the rest. */
const rows: readonly (readonly [string, readonly Line[], readonly string[]])[] = [
  [
    'an ALB gave up after 60 s',
    [
      {
        response_code: 0,
        response_flags: 'DC',
        response_code_details: 'downstream_remote_disconnect',
        duration: 60_003,
      },
    ],
    ['between previous-hop-timeout medium'],
  ],
  [
    'clients left at all sorts of times',
    times(8, (i) => ({
      response_code: 0,
      response_flags: 'DC',
      response_code_details: 'downstream_remote_disconnect',
      duration: 400 + i * i * 300,
    })),
    ['client client-disconnected medium'],
  ],
  [
    'a WebSocket cut at 60 s',
    [
      {
        response_code: 101,
        response_flags: 'DC',
        response_code_details: 'downstream_remote_disconnect',
        duration: 60_000,
      },
    ],
    ['between previous-hop-timeout low'],
  ],
  [
    'a WebSocket that ended',
    [
      {
        response_code: 101,
        response_flags: 'DC',
        response_code_details: 'downstream_remote_disconnect',
        duration: 5_000,
      },
    ],
    [],
  ],
  [
    'a race after a minute idle',
    [
      {
        response_code: 503,
        response_flags: 'UC',
        response_code_details: reset('connection_termination'),
        duration: 2,
        upstream_connection_age_ms: 59_800,
      },
    ],
    ['between upstream-keepalive-race high'],
  ],
  [
    'an old connection, cut after 3 s of work',
    [
      {
        response_code: 503,
        response_flags: 'UC',
        response_code_details: reset('connection_termination'),
        duration: 3_210,
        upstream_connection_age_ms: 59_800,
      },
    ],
    ['backend backend-connection-closed medium'],
  ],
  [
    'a worker limit of 30 s',
    [
      {
        response_code: 503,
        response_flags: 'UC',
        response_code_details: reset('connection_termination'),
        duration: 30_010,
        upstream_connection_age_ms: 59_800,
      },
    ],
    ['backend backend-time-limit medium'],
  ],
  [
    'an odd limit that five requests share',
    times(6, (i) => ({
      response_code: 503,
      response_flags: 'UC',
      response_code_details: reset('connection_termination'),
      duration: 7_000 + i,
      upstream_connection_age_ms: 10 + i,
    })),
    ['backend backend-time-limit medium'],
  ],
  [
    'flows that an NLB forgot',
    times(4, (i) => ({
      response_code: 503,
      response_flags: 'UC',
      response_code_details: reset('connection_termination'),
      duration: 1,
      upstream_connection_age_ms: 351_000 + i * 5_000,
    })),
    ['between upstream-idle-drop medium'],
  ],
  [
    'older Envoy: refused',
    [
      {
        ...nowhere,
        upstream_host: '10.0.0.1:8080',
        response_code: 503,
        response_flags: 'UF,URX',
        response_code_details: reset('connection failure,delayed connect error: 111'),
      },
    ],
    ['backend connect-refused high'],
  ],
  [
    'older Envoy: only connection_failure',
    [
      {
        ...nowhere,
        upstream_host: '10.0.0.1:8080',
        response_code: 503,
        response_flags: 'UF',
        response_code_details: reset('connection_failure'),
      },
    ],
    ['unknown connect-failed low'],
  ],
  [
    'no route to host',
    [
      {
        ...nowhere,
        response_code: 503,
        response_flags: 'UF',
        response_code_details: reset('remote_connection_failure|delayed_connect_error:_No_route_to_host'),
      },
    ],
    ['between network-unreachable high'],
  ],
  [
    'overload, flagged',
    [
      {
        ...nowhere,
        response_code: 503,
        response_flags: 'OM',
        response_code_details: 'overload_error:Envoy_Overloaded',
      },
    ],
    ['gateway envoy-overload high'],
  ],
  [
    'connection duration',
    [{ response_code: 0, response_flags: 'DT', response_code_details: 'duration_timeout' }],
    ['policy connection-duration high'],
  ],
  [
    'local reset',
    [{ response_code: 503, response_flags: 'LR', response_code_details: reset('local_reset') }],
    ['gateway local-reset medium'],
  ],
  [
    'half-close, as 1.40 spells it',
    [
      {
        response_code: 503,
        response_flags: 'LR',
        response_code_details: reset('HTTP/1_premature_upstream_half_close'),
      },
    ],
    ['backend upload-cut-by-backend medium'],
  ],
  [
    'no route configuration',
    [
      {
        ...nowhere,
        response_code: 404,
        response_flags: 'NR',
        response_code_details: 'route_configuration_not_found',
        upstream_cluster: null,
        route_name: null,
      },
    ],
    ['gateway route-config-missing high'],
  ],
  [
    'admission control',
    [{ ...nowhere, response_code: 503, response_code_details: 'denied_by_admission_control' }],
    ['policy concurrency-limit high'],
  ],
  [
    'an OAuth filter',
    [{ ...nowhere, response_code: 401, response_code_details: 'oauth_missing_code' }],
    ['policy access-denied high'],
  ],
  [
    'a body that is no gRPC',
    [{ ...nowhere, response_code: 400, response_code_details: 'grpc_base_64_decode_failed' }],
    ['client client-bad-request high'],
  ],
  [
    'an early CONNECT',
    [{ ...nowhere, response_code: 400, response_code_details: 'early_connect_data' }],
    ['client client-bad-request high'],
  ],
  [
    'a Wasm filter broke',
    [{ ...nowhere, response_code: 503, response_code_details: 'wasm_fail_stream' }],
    ['gateway filter-failed high'],
  ],
  [
    'quota',
    [{ ...nowhere, response_code: 429, response_flags: 'RL', response_code_details: 'rate_limited_by_quota' }],
    ['policy rate-limited high'],
  ],
  [
    'an unknown flag is carried through',
    [{ response_code: 503, response_flags: 'XQ', response_code_details: 'brand_new' }],
    ['unknown unknown-signal low'],
  ],
  ['gRPC deadline of the backend', [{ grpc_status: 'DeadlineExceeded' }], ['backend grpc-backend-error high']],
  ['gRPC caller at fault', [{ grpc_status: '3' }], ['client grpc-client-error high aside']],
  ['saved by a retry', [{ upstream_request_attempt_count: 2 }], ['unknown rescued-by-retry high masked']],
  [
    'a load balancer probes a failing gateway',
    [{ ...nowhere, response_code: 503, response_flags: 'LH', response_code_details: 'health_check_failed' }],
    ['gateway draining high health-check'],
  ],
  [
    'a kubelet probe that a backend failed',
    [{ response_code: 503, user_agent: 'kube-probe/1.34' }],
    ['backend backend-5xx high health-check'],
  ],
  ['a delay was injected, nothing failed', [{ response_flags: 'DI' }], []],
  [
    'from the cache',
    [
      {
        response_flags: 'RFCF',
        response_code_details: 'cache.response_from_cache_filter',
        upstream_request_attempt_count: 0,
      },
    ],
    [],
  ],
];

describe('judgements', () => {
  test.each(rows)('%s', (_, lines, verdicts) => expect(triage(lines)).toEqual(verdicts));

  test('a healthy request has no verdict', () => expect(triage([{}])).toEqual([]));
});

describe('where the format has only flags, it says so', () => {
  const bare = {
    response_code: 200,
    response_flags: '-',
    duration: 12,
    authority: 'shop.example.com',
    upstream_host: '10.0.0.1:8080',
    bytes_sent: 5,
    upstream_service_time_ms: 5,
  } as Line;
  const none = { upstream_host: null, upstream_service_time_ms: null };
  test.each<readonly [string, Line, string]>([
    ['UC at once', { response_code: 503, response_flags: 'UC', duration: 1 }, 'unknown connection-terminated low'],
    [
      'UC after seconds is no race',
      { response_code: 503, response_flags: 'UC', duration: 4_000 },
      'backend backend-connection-closed medium',
    ],
    ['UF', { response_code: 503, response_flags: 'UF', duration: 0 }, 'unknown connect-failed low'],
    ['UO', { ...none, response_code: 503, response_flags: 'UO' }, 'unknown overflow-undecided low'],
    [
      'UO beside UT is a timeout',
      { response_code: 504, response_flags: 'UO,UT', duration: 300 },
      'backend route-timeout medium',
    ],
    ['UAEX', { ...none, response_code: 403, response_flags: 'UAEX' }, 'unknown ext-authz-undecided low'],
    ['503 without a flag or a host', { ...none, response_code: 503 }, 'unknown unflagged-failure low'],
    ['503 without a flag, from a host with its service time', { response_code: 503 }, 'backend backend-5xx medium'],
    ['429 without a host', { ...none, response_code: 429 }, 'policy unflagged-refusal medium'],
    ['403 without a host', { ...none, response_code: 403 }, 'unknown unflagged-refusal low'],
    ['404 of a backend', { response_code: 404 }, 'client backend-4xx medium aside'],
  ])('%s', (_, line, verdict) => expect(triage([line], bare)).toEqual([verdict]));
});

test('every details string of the tables has a cause that knows it', () => {
  const unknown = Object.entries(details)
    .filter(([name, d]) => d.side !== 'none' && !name.startsWith('upstream_reset_'))
    .filter(([name, d]) =>
      triage([{ ...nowhere, response_code: d.statuses[0] ?? 503, response_code_details: name }]).some((v) =>
        v.includes('unknown-signal'),
      ),
    );
  expect(unknown.map(([name]) => name)).toEqual([]);
  const resets = Object.keys(resetReasons).filter((r) =>
    triage([{ response_code: 503, response_flags: 'UF', response_code_details: reset(r) }]).some((v) =>
      v.includes('unknown-signal'),
    ),
  );
  expect(resets).toEqual([]);
});

test('no cause is dead: the lab or a row above reaches each', () => {
  const lab = scenarios.flatMap((s) => [s.cause, ...(s.also ?? []).map((a) => a.cause)]);
  const here = [
    ...rows.flatMap(([, lines]) => triage(lines)).map((v) => v.split(' ')[1]),
    'connection-terminated',
    'overflow-undecided',
    'ext-authz-undecided',
    'unflagged-failure',
    'unflagged-refusal',
  ];
  const reached = new Set([...lab, ...here]);
  expect(causes.map((c) => c.code).filter((code) => !reached.has(code))).toEqual([]);
});
