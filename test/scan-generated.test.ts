import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileKernel, kernelModule, kernelPath } from '../scripts/generate/kernel.ts';
import { healthCheckers } from '../src/logs/record.ts';

it('the checked-in kernel is the compiled source (if not: npm run generate)', () => {
  const have = readFileSync(new URL(`../${kernelPath}`, import.meta.url), 'utf8');
  expect(have === kernelModule(compileKernel()), `${kernelPath} is stale: run "npm run generate"`).toBe(true);
});

it('every health checker can be told by four bytes', () => {
  // Kernel.begin hands only these to the scan; a line that begins with them is read in full.
  for (const prefix of healthCheckers) expect(Buffer.byteLength(prefix)).toBeGreaterThanOrEqual(4);
});
