import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everything } from '../src/logs/question.ts';
import { LineParser } from '../src/logs/read/line-parser.ts';
import { readFast } from '../src/logs/scan/fast.ts';
import { Tally } from '../src/logs/scan/tally.ts';
import { readerOf, same } from './scan/both.ts';

const line = (fields: object) => `${JSON.stringify({ response_code: 200, response_flags: '-', ...fields })}\n`;
const at = (ms: number) => new Date(Date.UTC(2026, 10, 23, 10) + ms).toISOString();
const many = (count: number, one: (i: number) => string) => Array.from({ length: count }, (_, i) => one(i)).join('');

describe('the traps that prototypes fell into', () => {
  const plain = many(5, (i) => line({ duration: i, route_name: 'r', user_agent: 'curl' }));
  const cases: Record<string, string> = {
    'null values': line({ duration: null, route_name: null, user_agent: null }),
    'a quoted status': line({ response_code: '503', duration: 1, route_name: 'r', user_agent: 'curl' }),
    'a quoted healthy status': line({ response_code: '200', duration: '12', route_name: 'r', user_agent: 'curl' }),
    'status 0': line({ response_code: 0, response_flags: 'DC', duration: 1, route_name: 'r', user_agent: 'curl' }),
    CRLF: plain.replaceAll('\n', '\r\n'),
    'empty lines': '\n\r\n\n',
    'a cut last line': plain.slice(0, -12),
    'no last newline': plain.slice(0, -1),
    'other key order': '{"response_flags":"-","response_code":200,"user_agent":"x","route_name":"r","duration":5}\n',
    'spaces after colons': plain.replaceAll(':', ': '),
    'a status inside a user agent': line({ duration: 1, route_name: 'r', user_agent: '","response_code":503,"x":"' }),
    'the same key twice': '{"response_code":200,"response_flags":"-","duration":1,"duration":900,"route_name":"r"}\n',
    'a nested object with the same key': line({ duration: 1, request: { response_code: 503 }, route_name: 'r' }),
    'an escaped name':
      '{"response_code":200,"response_flags":"-","duration":1,"route_name":"\\u0072","user_agent":"c"}\n',
    'two tries': line({ duration: 1, route_name: 'r', user_agent: 'c', attempts: 2 }),
    'a hidden gRPC failure': line({ duration: 1, route_name: 'r', user_agent: 'c', grpc_status: 'Unavailable' }),
    'a probe': line({ duration: 1, route_name: 'r', user_agent: 'kube-probe/1.33' }),
    'an entry of a running request': line({ duration: 1, route_name: 'r', access_log_type: 'DownstreamPeriodic' }),
    'a leading zero': '{"response_code":200,"response_flags":"-","duration":01,"route_name":"r","user_agent":"c"}\n',
    'a long duration': line({ duration: 2 ** 32 + 5, route_name: 'r', user_agent: 'c' }),
  };
  for (const [name, text] of Object.entries(cases)) {
    it(name, async () => {
      await same([plain + text + plain + text + text]);
      await same([text + plain]);
      await same([plain + text], { sizes: [1] });
    });
  }
});

describe('time', () => {
  it('is exact for every millisecond and second of a minute', async () => {
    const lines = many(60_000, (i) => line({ start_time: at(i), route_name: `r${i % 3}` }));
    await same([lines]);
    for (const ms of [0, 1, 999, 1000, 29_583, 59_999]) await same([many(3, () => line({ start_time: at(ms) }))]);
  });
  it('is cut by a window to the millisecond', async () => {
    const lines = many(400, (i) => line({ start_time: at(i * 997), route_name: `r${i % 3}` }));
    const from = Date.UTC(2026, 10, 23, 10, 1);
    for (const off of [-60_000, -1, 0, 1, 30_000])
      for (const size of [0, 1, 59_999, 60_000, 60_001, 200_000])
        await same([lines], { question: { from: from + off, to: from + off + size, where: [] } });
    await same([lines], { question: { from, to: undefined, where: [] } });
    await same([lines], { question: { from: undefined, to: from, where: [] } });
    await same([many(9, (i) => line({ route_name: `r${i}` }))], { question: { from, to: undefined, where: [] } });
  });
  it('goes on when the table of minutes is full', async () => {
    const lines = many(9000, (i) => line({ start_time: at((i % 4500) * 60_000), route_name: 'r' }));
    await same([lines]);
    await same([lines], { question: { from: Date.UTC(2026, 10, 24), to: Date.UTC(2026, 10, 25), where: [] } });
  });
  it('may be any date that the calendar lacks', async () => {
    const dates = ['2026-02-30', '2026-03-02', '2026-00-00', '0099-01-01', '1969-12-31', '2026-19-39'];
    const times = dates.flatMap((d) => [`${d}T10:00:00.500Z`, `${d} 10:00:59.999Z`, `${d}T99:99:00.000Z`]);
    await same([times.map((t) => many(3, () => line({ start_time: t }))).join('')]);
    const text = (t: string) => `[${t}] "GET / HTTP/1.1" 200 - 1 2 3 4 "a" "b" "c" "d" "e"\n`;
    await same([times.map((t) => many(3, () => line({ start_time: t }) + text(t))).join('')]);
  });
});

describe('names', () => {
  it('past the bound are folded in the same order', async () => {
    const lines = many(12_000, (i) => line({ route_name: `r${(i * 7919) % 5000}`, duration: i % 700 }));
    await same([lines]);
    await same([lines, many(50, (i) => line({ route_name: `late${i}` })), lines.slice(0, 50_000)]);
  });
  it('are the same whatever bytes they are', async () => {
    const odd = [
      [0xff],
      [0xe2, 0x82],
      [0xef, 0xbb, 0xbf],
      [0xc0, 0xa2],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x9f, 0x98, 0x80],
      [0x7f],
    ];
    const parts = odd.flatMap((bytes) =>
      [0, 1, 2].flatMap(() => [
        Buffer.from('{"response_code":200,"route_name":"'),
        Buffer.from(bytes),
        Buffer.from('x"}\n'),
      ]),
    );
    await same([Buffer.concat(parts)]);
  });
  it('of any length', async () => {
    await same([many(3300, (i) => line({ route_name: 'n'.repeat(i % 1100), duration: i }))]);
  });
});

describe('shapes', () => {
  it('that leave out empty values, with more keys than one line shows', async () => {
    const keys = Array.from({ length: 30 }, (_, i) => `k${String(i).padStart(2, '0')}`);
    const some = (i: number) => keys.filter((_, k) => (i * 2654435761) & (1 << (k % 30))).map((k) => [k, i] as const);
    await same([many(500, (i) => line({ ...Object.fromEntries(some(i)), route_name: `r${i % 4}` }))]);
  });
  it('of every number and length of keys', async () => {
    const shaped = (i: number) =>
      many(4, () =>
        line(
          Object.fromEntries(Array.from({ length: i }, (_, k) => [`${k}`.padEnd(1 + ((i * 7 + k) % 70), 'x'), 'v'])),
        ),
      );
    await same([many(110, shaped)]);
    for (let i = 0; i < 110; i += 3) await same([shaped(i)]);
  });
});

describe('failing lines that are like others', () => {
  /** One of these, whatever was picked of other lists for the same line. */
  const one = <T>(i: number, ...of: T[]): T => {
    const mixed = Math.imul(i * 131 + JSON.stringify(of).length, 0x9e3779b1);
    return of[(Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 13) % of.length] as T;
  };
  const failing = (i: number, fields: object = {}) =>
    line({
      start_time: at(i * 700),
      response_code: 503,
      response_flags: one(i, 'UC', 'UF', 'URX,UF'),
      response_code_details: `upstream_reset_before_response_started{${one(i, 'connection_termination', 'overflow')}}`,
      duration: (i * 37) % 9000,
      upstream_connection_age_ms: one(i, null, 5000 + i, 60_000),
      upstream_service_time: one(i, '-', `${i}`),
      upstream_host: `10.0.0.${i % 7}:8080`,
      upstream_cluster: `c${i % 3}`,
      route_name: `r${i % 3}`,
      user_agent: 'curl',
      bytes_sent: one(i, 0, 91, 95, 1234),
      ...fields,
    });
  const traps: Record<string, (i: number) => string> = {
    'with broken ones between': (i) => failing(i) + one(i, '{"half": \n', '\u0000\u0001\n', '{"a":1}\n', '\n'),
    'with plain ones between': (i) => failing(i) + line({ duration: i, route_name: `r${i % 9}`, user_agent: 'c' }),
    'with numbers of any length': (i) =>
      failing(i, { duration: 10 ** (i % 14), upstream_connection_age_ms: 10 ** (i % 11) }),
    'with numbers that are none': (i) => failing(i, { duration: one<unknown>(i, null, '-', 'x', 1.5, -1, '7') }),
    'with hosts unset, empty, missing and many': (i) =>
      failing(i, { upstream_host: one(i, null, '-', '', undefined, `10.1.${i % 250}.${i % 3}:80`) }),
    'with and without a connection': (i) =>
      failing(i, {
        upstream_host: one(i, null, `10.1.1.${i % 3}:80`),
        upstream_local_address: one(i, null, '10.0.0.1:40000', undefined),
      }),
    'with other statuses, tries and connections': (i) =>
      failing(i, {
        response_code: one(i, 503, 502, 0, 200),
        upstream_request_attempt_count: one(i, null, 1, 2, 3),
        upstream_connection_id: one(i + 1, null, 0, 7),
        upstream_host: null,
      }),
    'with details unset and missing': (i) => failing(i, { response_code_details: one(i, null, undefined, '-', 'x') }),
    'with a request that was never read': (i) => failing(i, { method: one(i, null, 'GET'), path: one(i, '-', '/p') }),
    'with times unset, odd and missing': (i) =>
      failing(i, {
        start_time: one<unknown>(i, null, '-', at(i), at(i).replace('Z', '+00:00'), 1_795_431_900_000 + i, undefined),
      }),
    'with weights': (i) => failing(i, { 'vigia.weight': one<unknown>(i, null, 1, 3, 3.5, 1e9, '20') }),
    'by probes and of running requests': (i) =>
      failing(i, {
        user_agent: one(i, 'kube-probe/1.33', 'curl'),
        access_log_type: one(i, 'DownstreamEnd', 'DownstreamPeriodic'),
      }),
    'without a route or a backend': (i) =>
      failing(i, {
        route_name: one(i, undefined, null),
        upstream_cluster: one(i, undefined, '-'),
        authority: `h${i % 4}`,
      }),
    'with a key more now and then': (i) => failing(i, i % 50 === 49 ? { [`k${i}`]: 1 } : {}),
    'with long names': (i) =>
      failing(i, { route_name: 'n'.repeat(1000 + (i % 4) * 500), transport_failure: 't'.repeat(i % 2000) }),
  };
  for (const [name, trap] of Object.entries(traps))
    it(name, async () => {
      const lines = many(900, trap);
      for (const routeIs of ['route', 'backend', 'authority'] as const) await same([lines], { routeIs });
      await same([lines, lines], { sizes: [1000, 7, 60_000] });
      const from = Date.UTC(2026, 10, 23, 10, 2, 10);
      await same([lines], { question: { from, to: from + 200_000, where: [] } });
      await same([lines], { question: { ...everything, where: [{ field: 'route', negated: false, values: ['r3'] }] } });
    });
  it("in Istio's text and in Envoy's", async () => {
    const numbers = ['12', '-', '0', '123456789', '00'];
    const parts = {
      request: ['GET /', '- -', '- /a', 'POST -', 'POST /"a', 'GET  '],
      status: ['503', '0', '200', '-', '99', '1000'],
      flags: ['UF', 'URX,UF', '-', 'DC', '?', ''],
      details: ['via_upstream', '-', 'upstream_reset{a,b}', 'é', ''],
      termination: ['-', 'x'],
      transport: ['-', '', 'refused', 'delayed connect error: 111', 'says "no" - 1', 'ü', '" 1 2 3 4 "'],
      received: numbers,
      sent: numbers,
      duration: numbers,
      serviceTime: ['7', '-', '1.5', 'x', '123456789'],
      client: ['-', '10.0.0.1'],
      agent: ['curl', 'kube-probe/1.33', 'a "b" c', 'Ä'],
      host: ['10.0.0.1:80', '-', '', '10.0.0.2:80'],
      cluster: ['c', '-', 'd'],
      local: ['10.0.0.9:1', '-', '10.0.0.9:2'],
      route: ['r', '-', 's', 'ñ'],
      end: ['\n', '\r\n', ' \n'],
    };
    type Part = keyof typeof parts;
    const names = Object.keys(parts) as Part[];
    const plain = Object.fromEntries(names.map((name) => [name, parts[name][0]])) as Record<Part, string>;
    const istio = (p: typeof plain, i: number) =>
      `[${at(i * 700)}] "${p.request} HTTP/2" ${p.status} ${p.flags} ${p.details} ${p.termination} "${p.transport}" ${p.received} ${p.sent} ` +
      `${p.duration} ${p.serviceTime} "${p.client}" "${p.agent}" "id" "h" "${p.host}" ${p.cluster} ${p.local} 1.1.1.1:1 2.2.2.2:2 - ${p.route}${p.end}`;
    const envoy = (p: typeof plain, i: number) =>
      `[${at(i * 700)}] "${p.request} HTTP/2" ${p.status} ${p.flags} ${p.received} ${p.sent} ${p.duration} ${p.serviceTime} "${p.client}" ` +
      `"${p.agent}" "id" "h" "${p.host}"${p.end}`;
    for (const [n, name] of names.entries()) {
      // One part varies, and another with it: with all of them hardly a line would be like another.
      const other = names[(n * 7 + 3) % names.length] as Part;
      const varied = (i: number) => ({
        ...plain,
        [other]: one(i, ...parts[other]),
        [name]: one(i + 1, ...parts[name]),
      });
      for (const routeIs of ['route', 'backend', 'authority'] as const)
        await same([many(300, (i) => istio(varied(i), i)), many(100, (i) => envoy(varied(i), i))], { routeIs });
    }
    // What ends a line for JavaScript alone.
    const odd = { ...plain, status: '200', flags: '-', agent: 'a\u2029b' };
    await same([many(99, (i) => istio({ ...odd, transport: one(i, '-', 'a\u2028b', '-') }, i))]);
    const mixed = many(900, (i) => (i % 3 ? istio({ ...plain, host: one(i, ...parts.host) }, i) : failing(i)));
    await same([mixed], { sizes: [1000, 7, 60_000] });
    const from = Date.UTC(2026, 10, 23, 10, 2, 10);
    await same([mixed], { question: { from, to: from + 200_000, where: [] } });
  });
  it('of more kinds and hosts than there is room for', async () => {
    await same([many(40_000, (i) => failing(i, { route_name: `r${i % 17_000}`, upstream_host: `h${i % 16_700}` }))]);
  });
});

describe('block borders', () => {
  const block = 256 * 1024;
  const padded = (size: number, fields: object = {}) => {
    const empty = line({ user_agent: '', ...fields });
    return line({ user_agent: 'u'.repeat(size - empty.length), ...fields });
  };
  it('may fall anywhere in a line', async () => {
    for (const size of [
      block - 2,
      block - 1,
      block,
      block + 1,
      2 * block - 1,
      2 * block,
      2 * block + 1,
      64,
      65,
      127,
      128,
      129,
      333,
    ]) {
      const short = many(5, (i) => line({ user_agent: 'c', duration: i }));
      const padding = size > 60 ? padded(size) : '';
      await same([short + padding + short + padding.slice(0, -1)]);
    }
    const lines = many(3000, (i) =>
      padded(200 + (i % 97), { route_name: `r${i % 5}`, duration: i, start_time: at(i * 100) }),
    );
    for (const first of [block - 1, block, block + 1, 1000]) await same([lines], { sizes: [first, 4096, 65_536] });
  });
  it('nor what the block before has left there, however little is read at once', async () => {
    // Lines alike in length: what is left of one would end the next, with another duration.
    const lines = many(60, (i) => line({ route_name: 'r', duration: 100 + i, start_time: at(i * 100) }));
    const istio = many(
      60,
      (i) =>
        `[${at(i * 100)}] "GET / HTTP/2" 200 - via_upstream - "-" 0 1 ${100 + i} 1 "-" "ua" "id" "h" "1.1.1.1:80" c 1 2 3 - r\n`,
    );
    for (const file of [lines, istio])
      for (let size = 1; size < 500; size += 7) await same([file], { sizes: [2000, size, 40] });
    for (const size of [block - 1, block + 1])
      await same([padded(size) + lines], { sizes: [block - 3, 1, 1, 1, 1, 1, 5000] });
  });
  it('nor does what is looked at in one go', async () => {
    // The kernel writes down where the quotes of 32 KiB are, then reads those lines, then goes on.
    const istio = (i: number) =>
      `[${at(i * 100)}] "GET /${i} HTTP/2" ${i % 8 ? 200 : 503} ${i % 8 ? '-' : 'UF'} via_upstream - "-" 0 1 ${i} 1 "-" "ua" "id" "h" "1.1.1.1:80" c 1 2 3 - r${i % 3}\n`;
    const json = (i: number) => {
      const failed = i % 8 ? {} : { response_code: 503, response_flags: 'UF', response_code_details: 'd' };
      return line({ start_time: at(i * 100), route_name: `r${i % 5}`, path: null, duration: i, ...failed });
    };
    for (const kind of [json, istio]) {
      const lines = many(300, kind);
      for (const file of [lines, lines.replaceAll('\n', '\r\n')])
        for (let shift = 0; shift < 200; shift++) await same([`${'x'.repeat(shift)}\n${file}`]);
    }
    for (const size of [33_000, 66_000, 140_000])
      await same([many(20, (i) => (i % 3 ? json(i) : padded(size + i, { route_name: 'r' })))]);
  });
  it('nor how close together quotes are', async () => {
    const keys = many(80, (i) => `"${String.fromCharCode(0x41 + i).replace(/[\\"]/g, '~')}${i}":"",`);
    const dense = `{${keys}"response_flags":"-","response_code":200,"duration":1}\n`;
    const quotes = '"'.repeat(300_000);
    await same([many(600, (i) => (i % 50 ? dense : line({ duration: i, route_name: 'r', user_agent: 'c' })))]);
    await same([`${dense.repeat(3)}${quotes}\n${dense.repeat(3)}{${quotes}\n[${quotes}\n${dense}`]);
  });
  it('does not change what is too long a line', async () => {
    const limit = 32 * 1024 * 1024;
    const short = many(3, () => line({ user_agent: 'c' }));
    for (const size of [limit, limit + 1, limit + 300_000])
      await same([Buffer.concat([Buffer.from(short), Buffer.alloc(size, 'x'), Buffer.from(`\n${short}`)])]);
    await same([Buffer.concat([Buffer.from(short), Buffer.alloc(limit + 5, 'x')])]);
  });
});

describe('real lines', () => {
  const folder = new URL('../examples/formats/', import.meta.url).pathname;
  const files = existsSync(folder) ? readdirSync(folder).filter((f) => f.endsWith('.log')) : [];
  for (const name of files) {
    it(name, async () => {
      const once = readFileSync(join(folder, name));
      for (const routeIs of ['route', 'backend', 'authority'] as const) {
        await same([Buffer.concat([once, once, once])], { routeIs });
        await same([once], { routeIs, sizes: [7] });
      }
    });
  }
});

describe('the kernel', () => {
  it('counts plain lines without a string being made of them', async () => {
    const json = many(5000, (i) =>
      line({ start_time: at(i), duration: i, route_name: `r${i % 9}`, user_agent: 'curl' }),
    );
    const text = many(
      5000,
      (i) =>
        `[${at(i)}] "GET /${i} HTTP/2" 200 - via_upstream - "-" 0 1 ${i} 1 "-" "ua" "id" "h" "1.1.1.1:80" c 1 2 3 - r${i % 9}\n`,
    );
    for (const file of [json, text]) {
      const parser = new LineParser();
      parser.learn(file.split('\n').slice(0, 10));
      const parse = parser.parse.bind(parser);
      let read = 0;
      parser.parse = (one) => {
        read++;
        return parse(one);
      };
      const tally = new Tally(everything);
      expect(await readFast(readerOf(Buffer.from(file)), 'f', parser, tally)).toBe(5000);
      expect(tally.requests).toBe(5000);
      expect(read).toBeLessThan(15);
    }
  });
});
