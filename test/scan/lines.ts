import { fileKey } from '../../src/envoy/fields.ts';
import type { Random } from './random.ts';

/** A line's keys and the JSON text of each value, in order. */
type Pairs = [string, string][];

const text = JSON.stringify;
const names = ['checkout', 'team-1/app-2', 'ünïcode', 'a'.repeat(40), '-', '', 'x', '(other)', 'null'];
const flags = ['-', '-', '-', '-', '-', '-', '', 'UC', 'UF,URX', 'DC', 'UpstreamRequestTimeout', 'XYZ', ' - '];
const details = ['via_upstream', 'via_upstream', 'route_not_found', '', '-', 'upstream_reset{connection_termination}'];
const agents = [
  'curl/8',
  'kube-probe/1.33',
  'ELB-HealthChecker/2.0',
  'kube-prober',
  'E',
  '',
  '-',
  'GoogleHC/1.0',
  'ELB-',
];
const types = [
  'DownstreamEnd',
  'NotSet',
  'DownstreamStart',
  'TcpPeriodic',
  'UpstreamEnd',
  'End',
  'end',
  '',
  '-',
  'NotSe',
];
const grpcs = ['OK', 'Ok', 'ok', 'Unavailable', '0', '14', '-', '', 'o k', '00', '0.0'];

/** Values that a format may hold where a number belongs. */
const numbers = [
  'null',
  '0',
  '"0"',
  '"12"',
  '-1',
  '1.5',
  '1e3',
  '"-"',
  '""',
  '007',
  '-0',
  '1E400',
  '"abc"',
  'true',
  '[]',
  '{}',
  '99999999',
  '100000000',
  '4294967295',
  '4294967296',
  '1234567890123456789',
  '0.0',
  '"0x10"',
  '" 7 "',
  '"007"',
  '1.',
  '5 ',
];

export function time(r: Random): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const start = `2026-11-${two(22 + r.int(2))}T10:${two(r.int(6))}`;
  if (r.chance(0.9)) return `${start}:${two(r.int(60))}.${String(r.int(1000)).padStart(3, '0')}Z`;
  return r.pick([
    `${start}:60.000Z`,
    `${start}:99.999Z`,
    `${start}:5.000Z`,
    `${start}:05Z`,
    `${start}:05.1Z`,
    `${start}:05.123456Z`,
    `${start}:05.123+02:00`,
    `${start}:05.12xZ`,
    `${start}:0x.123Z`,
    `${start}:05,123Z`,
    `${start}:05.123`,
    `${start.replace('T', ' ')}:05.123Z`,
    '2026-02-30T10:00:05.000Z',
    '2026-13-01T10:00:05.000Z',
    '2026-11-23T25:00:00.000Z',
    '2026-11-23T10:75:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '0001-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '2026-1-23T10:00:00.0000Z',
    '1763892000',
    '-',
    '',
    'yesterday',
  ]);
}

/** What goes wrong with one line in a healthy file, and how rarely each. */
function oddPairs(r: Random, pairs: Pairs, keys: (id: Parameters<typeof fileKey>[0]) => string): void {
  const put = (key: string, value: string) => {
    const found = pairs.find(([k]) => k === key);
    if (found) found[1] = value;
    else pairs.push([key, value]);
  };
  const some = r.int(3);
  for (let i = 0; i <= some; i++) {
    r.pick([
      () =>
        put(
          keys('status'),
          r.pick([
            ...numbers,
            '100',
            '199',
            '399',
            '400',
            '503',
            '"503"',
            '"200"',
            '99',
            '"20"',
            '2000',
            '"399"',
            '"2 0"',
          ]),
        ),
      () => put(keys('duration'), r.pick(numbers)),
      () => put(keys('attempts'), r.pick([...numbers, '1', '2', '"1"', '"2"', '3'])),
      () => put(keys('bytesSent'), r.pick(numbers)),
      () => put(keys('weight'), r.pick([...numbers, '4', '"4"', '2.5', '99999999'])),
      () => put(keys('serviceTime'), r.pick([...numbers, '"-"', '"x"', '1.5'])),
      () => put(keys('connectionId'), r.pick([...numbers, '"-"', '"0"', '00'])),
      () => put(keys('transportFailure'), r.pick(['null', '"-"', '""', '"a\\"b"', '7'])),
      () => put(keys('upstreamHost'), r.pick(['null', '"-"', '"10.0.0.9:80"', '"\u00fc"', '9'])),
      () => put(keys('flags'), r.pick([...flags.map((f) => text(f)), 'null', '["UC","DC"]', '[]', '0', 'true'])),
      () => put(keys('grpcStatus'), r.pick([...grpcs.map((g) => text(g)), 'null', '0', '14', 'true', '00'])),
      () => put(keys('userAgent'), r.pick([...agents.map((a) => text(a)), 'null', '7', '"curl \\"x\\""'])),
      () => put(keys('logType'), r.pick([...types.map((t) => text(t)), 'null', '1'])),
      () =>
        put(
          keys('route'),
          r.pick([
            ...names.map((n) => text(n)),
            'null',
            '5',
            'false',
            '"\\u0041"',
            '"a\\/b"',
            '"\ud83d\ude00"',
            `"${'n'.repeat(1100)}"`,
          ]),
        ),
      () => put(keys('cluster'), r.pick([...names.map((n) => text(n)), 'null', '5'])),
      () =>
        put(keys('time'), r.pick([text(time(r)), text(time(r)), 'null', '1763892000', '1763892000123', '-5', '"-"'])),
      () => put(keys('userAgent'), text('x","response_code":503,"y":"z')),
      () => put(keys('userAgent'), '"x\\",\\"http_response_status_code\\":503,\\"y\\":\\"z"'),
      () => pairs.push(r.pick(pairs)),
      () => pairs.splice(0, pairs.length, ...r.shuffled(pairs)),
      () => pairs.splice(r.int(pairs.length), 1),
      () =>
        pairs.push([
          r.pick(['extra', 'x"y', 'ctx', '__proto__', '1', 'level', 'constructor']),
          r.pick(['1', '"a"', 'null', '{"status":503}', '[1]', '-5', '1.5', 'true', 'false', 'fals', 'nul']),
        ]),
      () => put(keys('path'), r.pick(['"/a?q=\\"x\\""', '"/\t"', '"/\u2028"', 'null', '"/{}[],:"', '"', '"/"x'])),
    ])();
  }
}

/** Whole-line accidents: bytes that no format holds. */
function oddLine(r: Random, line: string): string | Buffer {
  return r.pick<() => string | Buffer>([
    () => line.slice(0, r.int(line.length)),
    () => `${line} `,
    () => ` ${line}`,
    () => line.replaceAll(',', ', '),
    () => line.replaceAll(':', ': '),
    () => `${line}${line}`,
    () => `${line}}`,
    () => line.slice(0, -1),
    () => `\ufeff${line}`,
    () => line.replace('":', '" :'),
    () => `${line}\r\r`,
    () => line.replace('{', '{,'),
    () => line.replace('}', ',}'),
    () => line.replace(/"/, ''),
    () => line.replace(/":"/, '":""'),
    () => '',
    () => '\r',
    () => '   ',
    () => '{}',
    () => '{',
    () => '[]',
    () => '[',
    () => '"',
    () => 'null',
    () => '[2026-11-23 10:00:00.123][1][info][main] starting',
    () => '{"level":"info","msg":"starting"}',
    () => `{"log":${text(`${line}\n`)},"stream":"stdout"}`,
    () => `2026-11-23T10:00:00.123456789Z stdout F ${line}`,
    () => `[pod/gw-1/envoy] ${line}`,
    () => `\u001b[32m${line}\u001b[0m`,
    () => bytes(r, line, [0xff]),
    () => bytes(r, line, [0x00]),
    () => bytes(r, line, [0xe2, 0x82]),
    () => bytes(r, line, [0x80]),
    () => bytes(r, line, [0xc0, 0xa2]),
    () => bytes(r, line, [0x22]),
    () => bytes(r, line, [0x5c]),
    () => bytes(r, line, [0xef, 0xbb, 0xbf]),
    () => bytes(r, line, [0x0a]),
    () => bytes(r, line, [0x7f]),
  ])();
}

/** The line with some bytes put somewhere in it, over others or between them. */
function bytes(r: Random, line: string, what: readonly number[]): Buffer {
  const all = Buffer.from(line);
  const at = r.int(all.length + 1);
  return Buffer.concat([all.subarray(0, at), Buffer.from(what), all.subarray(at + (r.chance(0.5) ? what.length : 0))]);
}

/** A way of writing lines: JSON keys in some order, or text. */
export type Style = (r: Random, odd: number) => string | Buffer;

const wordKeys: Readonly<Record<string, string>> = {
  status: 'response_code',
  flags: 'response_flags',
  attempts: 'upstream_request_attempt_count',
  route: 'route_name',
  time: 'start_time',
  cluster: 'upstream_cluster',
  weight: 'vigia_weight',
};

export function jsonStyle(r: Random): Style {
  const short = r.chance(0.5);
  const keys = (id: Parameters<typeof fileKey>[0]) => (short ? (wordKeys[id] ?? id.toLowerCase()) : fileKey(id));
  const ids = (
    [
      'status',
      'flags',
      'time',
      'duration',
      'route',
      'attempts',
      'grpcStatus',
      'userAgent',
      'logType',
      'cluster',
      'path',
      'method',
      'bytesSent',
      'authority',
      'details',
      'upstreamHost',
      'connectionAge',
      'localAddress',
      'serviceTime',
      'connectionId',
      'transportFailure',
      'weight',
    ] as const
  ).filter(() => r.chance(0.85));
  const order = r.chance(0.5) ? r.shuffled(ids) : [...ids].sort((a, b) => (keys(a) < keys(b) ? -1 : 1));
  const omits = r.chance(0.3);
  const quoted = r.chance(0.2);
  const extra = r.chance(0.3) ? [['k'.repeat(1 + r.int(70)), '"v"'] as [string, string]] : [];
  const crlf = r.chance(0.1);
  const sampled = r.chance(0.3);
  const weights = r.pick([['4'], ['1', '10'], ['3.3333333', '1'], ['"100"', '100', '101', '0', '5000000']]);
  const routes = 1 + r.int(12);
  return (random, odd) => {
    const number = (n: number) => (quoted ? `"${n}"` : String(n));
    const value: Readonly<Record<string, () => string>> = {
      status: () => number(random.pick([200, 200, 200, 204, 301, 101])),
      flags: () => '"-"',
      time: () => text(`2026-11-23T10:0${random.int(6)}:${10 + random.int(50)}.${100 + random.int(900)}Z`),
      duration: () => number(random.int(random.pick([10, 1000, 100_000, 100_000_000]))),
      route: () => text(`route-${random.int(routes)}`),
      attempts: () => number(1),
      grpcStatus: () => random.pick(['null', '"-"', '"OK"']),
      userAgent: () =>
        text(
          random.pick([
            'curl/8',
            'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome',
            'ünï',
          ]),
        ),
      logType: () => '"DownstreamEnd"',
      cluster: () => text(random.pick(names)),
      path: () => text(`/${'p'.repeat(random.int(90))}`),
      method: () => '"GET"',
      bytesSent: () => number(random.int(100_000)),
      authority: () => text(random.pick(['example.com', 'a.example', ''])),
      details: () => text(random.pick(details)),
      upstreamHost: () => '"10.0.0.1:80"',
      connectionAge: () => random.pick(['null', '12', '70000']),
      localAddress: () => random.pick(['null', '"10.0.0.2:1"']),
      serviceTime: () => random.pick(['null', '7', '"12"']),
      connectionId: () => random.pick(['0', '5', 'null']),
      transportFailure: () => random.pick(['null', '""', '"TLS_error:_268435703"']),
      weight: () => (sampled ? random.pick(weights) : 'null'),
    };
    const pairs: Pairs = order.map((id) => [keys(id), value[id]?.() ?? 'null']);
    const kept = omits ? pairs.filter(([, v]) => v !== 'null' && v !== '"-"' && v !== '""') : pairs;
    const all: Pairs = [...kept, ...extra];
    const isOdd = random.chance(odd);
    if (isOdd && random.chance(0.6)) oddPairs(random, all, keys);
    const line = `{${all.map(([k, v]) => `"${k}":${v}`).join(',')}}${crlf ? '\r' : ''}`;
    return isOdd && random.chance(0.5) ? oddLine(random, line) : line;
  };
}

/** Envoy's default layout or Istio's, with the same kinds of accidents. */
export function textStyle(r: Random): Style {
  const istio = r.chance(0.6);
  const crlf = r.chance(0.1);
  return (random, odd) => {
    const strange = random.chance(odd);
    const may = <T>(usual: T, others: readonly T[]): T =>
      strange && random.chance(0.25) ? random.pick(others) : usual;
    const number = (n: number) =>
      may(String(n), ['-', '007', 'x', '', '1.5', '-1', '999999999999', '+1', '12345678', '123456789']);
    const words = [
      '-',
      '',
      'a b',
      'a"b',
      '" "',
      ' ',
      '"',
      '\\',
      'ü',
      'a\u00a0b',
      '\t',
      '\u2028',
      'kube-probe/1',
      'ELB-HealthChecker/2.0',
      '-" "-',
    ];
    const started = may(`2026-11-23T10:0${random.int(6)}:${10 + random.int(50)}.${100 + random.int(900)}Z`, [
      time(random),
      time(random),
    ]);
    const request = may(`GET /${'p'.repeat(random.int(90))} HTTP/1.1`, [
      '- - -',
      'GET / HTTP/1.1 x',
      'GET /',
      'GET /"x" HTTP/2',
      ' / ',
      '  ',
      'GET /ü HTTP/2',
      'G\tT / HTTP/2',
    ]);
    const status = may(random.pick(['200', '204', '302']), [
      '503',
      '0',
      '-',
      '99',
      '20',
      '2000',
      '100',
      '4x0',
      '404',
      '399',
    ]);
    const quoted = (usual: string) => `"${may(usual, words)}"`;
    const token = (usual: string) => may(usual, words);
    const middle = istio ? ` ${token('via_upstream')} ${token('-')} ${quoted('-')}` : '';
    const end = istio
      ? ` ${token(`outbound|80||c${random.int(3)}`)} ${token('10.0.0.2:1')} ${token('10.0.0.3:2')} ${token('10.0.0.4:3')} ${token('-')} ${token(`route-${random.int(5)}`)}`
      : '';
    const line =
      `[${started}] "${request}" ${status} ${may('-', flags)}${middle} ${number(random.int(9000))} ${number(5)} ${number(random.int(9000))} ${number(3)} ` +
      `${quoted('10.1.1.1')} ${quoted('Mozilla/5.0 (X11; Linux)')} ${quoted('id')} ${quoted(`host-${random.int(4)}`)} ${quoted('10.0.0.9:80')}${end}${crlf ? '\r' : ''}`;
    return strange && random.chance(0.3) ? oddLine(random, line) : line;
  };
}
