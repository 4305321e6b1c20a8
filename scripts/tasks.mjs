// What each npm script runs, in order, on the pinned Node. A step is [file, ...arguments]; the first failing step ends the task.
const biome = 'node_modules/@biomejs/biome/bin/biome';
const vitest = 'node_modules/vitest/vitest.mjs';
const check = [
  [biome, 'ci', '--error-on-warnings', '--colors=off', '.'],
  ['node_modules/typescript/bin/tsc', '--noEmit'],
  [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    'src',
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'err-long',
  ],
];

export const tasks = {
  start: { steps: (args) => [['src/bin.ts', 'demo', ...args]] },
  vigia: { callerCwd: true, steps: (args) => [['src/bin.ts', ...args]] },
  check: { steps: () => check },
  fix: { steps: () => [[biome, 'check', '--write', '.']] },
  test: { steps: (args) => [['scripts/tools.ts', 'envoy'], ...check, [vitest, 'run', '--project', 'fast', ...args]] },
  'test:real': {
    steps: (args) => [
      ['scripts/tools.ts', '--all'],
      [vitest, 'run', '--project', 'real', ...args],
    ],
  },
  build: { steps: () => [['scripts/build.ts']] },
  generate: { steps: () => [['scripts/generate.ts']] },
  tools: { steps: (args) => [['scripts/tools.ts', ...args]] },
  lab: { steps: (args) => [['test/lab/record.ts', ...args]] },
  bench: { steps: (args) => [['bench/run.ts', ...args]] },
};
