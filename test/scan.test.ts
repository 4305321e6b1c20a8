import { describe, expect, it } from 'vitest';
import type { Condition } from '../src/logs/question.ts';
import { type Asked, same } from './scan/both.ts';
import { jsonStyle, type Style, textStyle } from './scan/lines.ts';
import { Random } from './scan/random.ts';

/** A file of one or two styles; more or fewer odd lines. */
function file(r: Random): Buffer {
  const styles: Style[] = Array.from({ length: r.pick([1, 1, 2, 3]) }, () =>
    r.chance(0.7) ? jsonStyle(r) : textStyle(r),
  );
  const odd = r.pick([0, 0.05, 0.3, 0.9]);
  const lines = 5 + r.int(40);
  const parts: Buffer[] = [];
  for (let i = 0; i < lines; i++) {
    const line = r.pick(styles)(r, odd);
    parts.push(typeof line === 'string' ? Buffer.from(line) : line);
    if (i < lines - 1 || r.chance(0.7)) parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

function condition(r: Random): Condition {
  const field = r.pick(['route', 'route', 'route', 'cluster', 'authority', 'details'] as const);
  return {
    field,
    negated: r.chance(0.3),
    values: r.pick([['route-*'], ['route-1', '-'], ['*'], ['nobody'], ['*.com']]),
  };
}

function asked(r: Random): Asked {
  const at = Date.UTC(2026, 10, 23, 10, 0, 0);
  const bound = () => r.pick([undefined, at + r.int(6) * 60_000, at + r.int(360_000), at - 86_400_000]);
  return {
    question: {
      from: bound(),
      to: bound(),
      where: r.chance(0.2) ? [condition(r)] : [],
    },
    routeIs: r.pick(['route', 'route', 'backend', 'authority'] as const),
    format: r.pick(['auto', 'auto', 'auto', 'auto', 'json', 'istio-text', 'envoy-text'] as const),
    sizes: r.pick([undefined, undefined, [1], [7], [4096], [64, 1, 300]]) ?? [1 << 30],
  };
}

describe("the fast reader gives the plain one's Answer", () => {
  const cases = Number(process.env['VIGIA_SCAN_CASES'] ?? 4000);
  const groups = 20;
  const first = Number(process.env['VIGIA_SCAN_SEED'] ?? 1);
  for (let g = 0; g < groups; g++) {
    const start = first + (g * cases) / groups;
    it(`on random files, seeds ${start} and on`, async () => {
      for (let seed = start; seed < start + cases / groups; seed++) {
        const r = new Random(seed);
        const files = Array.from({ length: r.pick([1, 1, 1, 2]) }, () => file(r));
        try {
          await same(files, asked(r));
        } catch (error) {
          throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
        }
      }
    });
  }
  it('counts something', () => expect(cases).toBeGreaterThan(0));
});
