/** A seeded source of randomness, so that the incident has the same structure whenever it is recorded. */
export interface Random {
  /** 0 <= x < 1. */
  next(): number;
  int(below: number): number;
  pick<T>(items: readonly T[]): T;
  /** True with this probability. */
  chance(p: number): boolean;
  hex(digits: number): string;
}

/** mulberry32: small, fast, good enough to spread traffic over a day. */
export function seeded(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    next,
    int,
    pick: (items) => {
      const item = items[int(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    chance: (p) => next() < p,
    hex: (digits) => Array.from({ length: digits }, () => int(16).toString(16)).join(''),
  };
}
