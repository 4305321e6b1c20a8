import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAlbLine, rootOf } from '../src/logs/alb/line.ts';
import { reportSchema } from '../src/report/schema.ts';

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));

/** The program as a process of its own, because one of the questions is what it does with a pipe. */
function runProgram(args: readonly string[], cwd: string, env: Record<string, string> = {}, input = '') {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bin, ...args], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text;
      });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

const dir = mkdtempSync(join(tmpdir(), 'vigia-alb-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

// The examples of AWS' own page, shortened where it shortens them.
const arn = 'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2d6bc24d8a067';
const answered = `http 2018-07-02T22:23:00.186641Z app/my-lb/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - ${arn} "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1234abcd5678ef90`;
const broken = `https 2018-07-02T22:23:00.186641Z app/my-lb/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:8080 0.001 -1 -1 502 - 34 277 "POST https://www.example.com:443/a?b=c HTTP/2.0" "a b \\"c" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 ${arn} "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "session-reused" 1 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:8080" "-" "-" "-"`;

describe('a line of a load balancer', () => {
  test('is read by position, with what quotes hold', () => {
    expect(parseAlbLine(answered)).toMatchObject({
      status: 200,
      targetStatus: 200,
      target: '10.0.0.1:80',
      method: 'GET',
      host: 'www.example.com',
      path: '/',
      trace: '1-58337262-36d228ad5d99923122bbe354',
      targetSeconds: 0.001,
      created: Date.parse('2018-07-02T22:22:48.364Z'),
    });
    expect(parseAlbLine(broken)).toMatchObject({
      status: 502,
      targetStatus: undefined,
      targetSeconds: undefined,
      path: '/a',
      client: '192.168.131.39',
    });
  });
  test('fields that are appended in years to come change nothing', () => {
    expect(parseAlbLine(`${answered} "new" 17 -`)).toEqual(parseAlbLine(answered));
  });
  test('what is none is told', () => {
    expect(parseAlbLine('{"status":503}')).toHaveProperty('reject');
    expect(parseAlbLine(answered.replace('http ', 'tcp '))).toHaveProperty('reject');
  });
  test('a malformed request has no method, and a client may add to the trace header', () => {
    expect(parseAlbLine(broken.replace(/"POST [^"]*"/, '"- http://www.example.com:80- -"'))).toMatchObject({
      method: undefined,
      path: undefined,
    });
    expect(rootOf('Self=1-67891234-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678')).toBe(
      '1-67891233-abcdef012345678912345678',
    );
    expect(rootOf('nothing')).toBeUndefined();
  });
});

/** Ten minutes of the recorded incident, and a load balancer that stood before it. */
const recorded = gunzipSync(readFileSync(new URL('../examples/incident/access.log.gz', import.meta.url)))
  .toString()
  .split('\n')
  .filter((l) => l.startsWith('{'))
  .map((l) => JSON.parse(l) as Record<string, string | number | null>)
  .filter(
    (r) => String(r['envoy_start_time']) >= '2026-11-20T09:10' && String(r['envoy_start_time']) < '2026-11-20T09:20',
  );

const albLine = (o: {
  time: string;
  target?: string;
  status: number | '-';
  targetStatus?: number;
  seconds?: number;
  request: string;
  trace: string;
  client?: string;
  actions?: string;
  reason?: string;
}): string =>
  `https ${o.time} app/edge/50dc6c495c0c9188 ${o.client ?? '203.0.113.9'}:2817 ${o.target ?? '-'} 0.001 ${o.seconds ?? -1} 0.000 ${o.status} ${o.targetStatus ?? '-'} 34 366 "${o.request}" "agent 1.0" - - ${arn} "Root=${o.trace}" "-" "-" 0 ${o.time} "${o.actions ?? 'forward'}" "-" "${o.reason ?? '-'}" "-" "-" "-" "-" TID_x`;
const trace = (n: number): string => `1-00000000-${n.toString(16).padStart(24, '0')}`;

const seen = recorded.filter((r) => String(r['aws_request_header_x_amzn_trace_id']).startsWith('Root='));
const handedOn = seen.map((r) =>
  albLine({
    time: String(r['envoy_start_time']),
    target: '10.0.0.7:8080',
    status: Number(r['http_response_status_code']) || 460,
    ...(Number(r['http_response_status_code']) ? { targetStatus: Number(r['http_response_status_code']) } : {}),
    seconds: 0.1,
    request: `${r['http_request_method']} https://${r['server_address']}:443${r['url_path']}?token=secret HTTP/2.0`,
    trace: String(r['aws_request_header_x_amzn_trace_id']).slice(5),
  }),
);
const at = '2026-11-20T09:15:00.000000Z';
const own = [
  ...[1, 2, 3].map((n) =>
    albLine({
      time: at,
      target: '10.0.0.7:8080',
      status: 502,
      request: 'GET https://api.example.com:443/cart?x=1 HTTP/2.0',
      trace: trace(n),
    }),
  ),
  ...[4, 5].map((n) =>
    albLine({ time: at, status: 503, request: 'GET https://api.example.com:443/ HTTP/2.0', trace: trace(n) }),
  ),
  albLine({
    time: at,
    target: '10.0.0.8:8080',
    status: 504,
    seconds: 10,
    request: 'GET https://api.example.com:443/ HTTP/2.0',
    trace: trace(6),
  }),
  albLine({
    time: at,
    status: 561,
    request: 'GET https://api.example.com:443/ HTTP/2.0',
    trace: trace(7),
    actions: 'authenticate',
    reason: 'AuthInvalidIdToken',
  }),
  albLine({
    time: at,
    status: 403,
    request: 'GET https://api.example.com:443/</script> HTTP/2.0',
    trace: trace(8),
    actions: 'waf',
  }),
];
const log = join(dir, 'access.log');
const alb = join(dir, 'alb.log.gz');
writeFileSync(log, `${recorded.map((r) => JSON.stringify(r)).join('\n')}\n`);
writeFileSync(alb, gzipSync(`${[...handedOn, ...own].join('\n')}\nno line at all\n`));

describe('vigia triage --alb', () => {
  test('what the gateway never answered is told by cause; what it answered is passed on', async () => {
    const { code, stdout } = await runProgram(['triage', log, '--alb', alb, '-o', 'json'], dir);
    expect(code).toBe(0);
    const report = reportSchema.parse(JSON.parse(stdout));
    const found = report.loadBalancer;
    expect(found?.joinedBy).toBe('trace id');
    expect(found?.requests).toBe(handedOn.length + own.length);
    expect(found?.rejects).toBe(1);
    expect(found?.passedOn).toBe(seen.filter((r) => Number(r['http_response_status_code']) >= 500).length);
    expect(found?.passedOn).toBeGreaterThan(50);
    expect(
      found?.findings
        .filter((f) => f.code !== 'load-balancer-client-left')
        .map((f) => [f.code, f.status, f.count, f.side, f.confidence]),
    ).toEqual([
      ['load-balancer-connection-closed', 502, 3, 'between', 'high'],
      ['load-balancer-no-target', 503, 2, 'gateway', 'high'],
      ['load-balancer-policy', 403, 1, 'policy', 'high'],
      ['load-balancer-not-connected', 504, 1, 'between', 'high'],
      ['load-balancer-identity-provider', 561, 1, 'policy', 'high'],
    ]);
    const left = found?.findings.find((f) => f.code === 'load-balancer-client-left');
    const gone = seen.filter((r) => !Number(r['http_response_status_code'])).length;
    expect(left?.count ?? 0).toBe(gone);
    expect(stdout).not.toContain('token=secret');
    expect(stdout).not.toContain('203.0.113.9');
  });

  test('the same in text, markdown and HTML, with what to do, and inert', async () => {
    const text = await runProgram(['triage', log, '--alb', alb], dir, { COLUMNS: '80' });
    expect(text.stdout).toMatch(/At the load balancer/);
    expect(text.stdout).toMatch(/502 {2}The connection to the gateway was refused or closed/);
    expect(text.stdout).toMatch(/idleTimeout: 90s/);
    const section = text.stdout.slice(text.stdout.indexOf('At the load balancer')).split('\n\n\n')[0] ?? '';
    expect(Math.max(...section.split('\n').map((l) => l.length))).toBeLessThanOrEqual(80);
    const markdown = await runProgram(['triage', log, '--alb', alb, '-o', 'markdown'], dir);
    expect(markdown.stdout).toMatch(/`load-balancer-connection-closed`/);
    const html = await runProgram(['triage', log, '--alb', alb, '-o', 'html'], dir);
    expect(html.stdout).toMatch(/id="load-balancer"/);
    expect(html.stdout).not.toContain('/</script> (1)');
  });

  test('a gateway log without the trace id is joined by time, client and path', async () => {
    const bare = join(dir, 'bare.log');
    writeFileSync(
      bare,
      `${recorded.map((r) => JSON.stringify({ ...r, aws_request_header_x_amzn_trace_id: undefined, client_address: '203.0.113.9', http_request_header_x_forwarded_for: '203.0.113.9' })).join('\n')}\n`,
    );
    const { stdout } = await runProgram(['triage', bare, '--alb', alb, '-o', 'json'], dir);
    const found = reportSchema.parse(JSON.parse(stdout)).loadBalancer;
    expect(found?.joinedBy).toBe('time, client and path');
    expect(found?.findings.find((f) => f.status === 502)?.count).toBe(3);
  });

  test('a pipe can’t be read twice: said, and nothing is claimed', async () => {
    const { stdout } = await runProgram(
      ['triage', '-', '--alb', alb, '-o', 'json'],
      dir,
      {},
      readFileSync(log, 'utf8'),
    );
    const found = reportSchema.parse(JSON.parse(stdout)).loadBalancer;
    expect(found?.joinedBy).toBeUndefined();
    expect(found?.findings.every((f) => f.confidence === 'low')).toBe(true);
    expect(found?.notes.join()).toMatch(/a pipe and was read once/);
  });

  test('no load balancer’s log at all, and a missing one, are errors', async () => {
    const other = await runProgram(['triage', log, '--alb', log], dir);
    expect(other.code).toBe(3);
    expect(other.stderr).toMatch(/no line is an application load balancer's/);
    expect((await runProgram(['triage', log, '--alb', join(dir, 'none')], dir)).code).not.toBe(0);
  });
});
