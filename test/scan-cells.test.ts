import { describe, expect, it, vi } from 'vitest';
import { SignatureCounts } from '../src/logs/scan/signature-counts.ts';
import { same } from './scan/both.ts';
import { Random } from './scan/random.ts';

// What the kernel counts by itself of failing lines (kernel/cells.ts) is only seen in logs with many of a kind.

interface Traffic {
  readonly routes: number;
  readonly hosts: number;
  readonly lines: number;
  /** Milliseconds between two lines, and how far a line may come late. */
  readonly step: number;
  readonly late: number;
  /** Shares of lines. */
  readonly failing: number;
  readonly weighted?: number;
  readonly timeless?: number;
}

const kinds = [
  { status: 503, flags: 'UC', details: 'upstream_reset_before_response_started{connection_termination}' },
  { status: 503, flags: 'UH', details: 'no_healthy_upstream' },
  { status: 504, flags: 'UT', details: 'response_timeout' },
  { status: 404, flags: 'NR', details: 'route_not_found' },
  { status: 500, flags: '-', details: 'via_upstream' },
  { status: 0, flags: 'DC', details: 'downstream_remote_disconnect' },
  { status: 200, flags: '-', details: 'via_upstream' },
] as const;

const start = Date.UTC(2026, 10, 23, 10);

function json(seed: number, t: Traffic): string {
  const random = new Random(seed);
  let text = '';
  for (let i = 0; i < t.lines; i++) {
    const failed = random.chance(t.failing);
    const kind = failed ? random.pick(kinds) : kinds[6];
    const time = start + i * t.step - random.int(t.late + 1);
    const route = random.int(t.routes);
    text += `${JSON.stringify({
      start_time: random.chance(t.timeless ?? 0) ? null : new Date(time).toISOString(),
      response_code: kind.status,
      response_flags: kind.flags,
      response_code_details: kind.details,
      route_name: kind.flags === 'NR' ? null : `route-${route}`,
      upstream_cluster: kind.flags === 'NR' ? null : `cluster-${route}`,
      upstream_host:
        kind.flags === 'UH' || kind.flags === 'NR' ? null : `10.0.${route % 200}.${random.int(t.hosts)}:80`,
      duration: random.pick([0, 1, 3, 7, 60, 800, 15_000]) + random.int(3),
      upstream_connection_age_ms: random.chance(0.1) ? null : random.pick([5, 300, 5000, 61_000]) + random.int(9),
      upstream_request_attempt_count: failed ? random.pick([1, 1, 3]) : 1,
      ...(t.weighted && { 'vigia.weight': random.chance(t.weighted) ? random.pick([2, 10]) : 1 }),
    })}\n`;
  }
  return text;
}

function istio(seed: number, t: Traffic): string {
  const random = new Random(seed);
  let text = '';
  for (let i = 0; i < t.lines; i++) {
    const kind = random.chance(t.failing) ? random.pick(kinds) : kinds[6];
    const route = random.int(t.routes);
    const host = kind.flags === 'UH' || kind.flags === 'NR' ? '-' : `10.0.${route % 200}.${random.int(t.hosts)}:80`;
    text +=
      `[${new Date(start + i * t.step - random.int(t.late + 1)).toISOString()}] "GET /${route} HTTP/2" ${kind.status} ${kind.flags} ${kind.details} - "-" ` +
      `0 1 ${random.pick([0, 4, 70, 15_000])} ${kind.status === 200 ? '3' : '-'} "-" "ua" "id" "h" "${host}" c${route} 1 2 3 - ${kind.flags === 'NR' ? '-' : `r${route}`}\n`;
  }
  return text;
}

const traffics: Readonly<Record<string, Traffic>> = {
  'many of a few kinds': { routes: 3, hosts: 2, lines: 12_000, step: 50, late: 0, failing: 0.5 },
  'minutes that mix': { routes: 3, hosts: 3, lines: 12_000, step: 100, late: 90_000, failing: 0.3 },
  'more hosts than are told apart': { routes: 2, hosts: 200, lines: 15_000, step: 20, late: 0, failing: 0.8 },
  'more hosts than are told apart, in no order': {
    routes: 2,
    hosts: 200,
    lines: 15_000,
    step: 20,
    late: 150_000,
    failing: 0.8,
  },
  'more kinds than are sampled': { routes: 120, hosts: 3, lines: 20_000, step: 20, late: 2000, failing: 0.6 },
  'more signatures than there is room for': { routes: 900, hosts: 2, lines: 60_000, step: 30, late: 0, failing: 0.6 },
  'some that stand for several': {
    routes: 4,
    hosts: 2,
    lines: 12_000,
    step: 50,
    late: 0,
    failing: 0.5,
    weighted: 0.05,
  },
  'some without a time': { routes: 4, hosts: 2, lines: 12_000, step: 50, late: 0, failing: 0.5, timeless: 0.02 },
};

describe('failing lines that only add to numbers are counted as the plain reader counts them', () => {
  for (const [name, traffic] of Object.entries(traffics))
    it(name, async () => {
      for (const seed of [1, 2]) {
        const { answer } = await same([json(seed, traffic)]);
        expect(answer.precision).toBe(traffic.routes > 500 ? 'truncated' : 'exact');
        await same([istio(seed, traffic), json(seed + 10, { ...traffic, lines: 3000 })], { sizes: [100_000, 3000] });
      }
    });

  it('in a window, for one route, and by backend', async () => {
    const text = json(5, { routes: 5, hosts: 3, lines: 10_000, step: 100, late: 3000, failing: 0.4 });
    const from = start + 130_000;
    await same([text, text], { question: { from, to: from + 400_000, where: [] } });
    await same([text], {
      question: { from: undefined, to: undefined, where: [{ field: 'route', negated: false, values: ['route-3'] }] },
    });
    await same([text], { routeIs: 'backend' });
  });

  it('most of them', async () => {
    let elsewhere = 0;
    const added = vi.spyOn(SignatureCounts.prototype, 'addMore').mockImplementation((_number, _time, _parts, of) => {
      elsewhere += of.count;
    });
    try {
      const text = json(1, { routes: 1, hosts: 1, lines: 12_000, step: 2, late: 0, failing: 0.5 });
      // Without what addMore is told the two differ.
      await expect(same([text])).rejects.toThrow();
    } finally {
      added.mockRestore();
    }
    expect(elsewhere).toBeGreaterThan(2000);
  });
});
