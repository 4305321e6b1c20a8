import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { contractDoc, contractDocPath } from '../scripts/generate/contract-doc.ts';
import { contractSchemaFile, contractSchemaPath } from '../scripts/generate/contract-schema.ts';
import { problemText } from '../src/contract/problem.ts';
import { readContract } from '../src/contract/read.ts';
import { resolve } from '../src/contract/resolve.ts';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path: string) => readFileSync(at(path), 'utf8');
const folder = 'test/contracts';
const bad = readdirSync(at(folder)).filter((f) => f.endsWith('.yaml'));
const examples = readdirSync(at('examples/contracts')).map((name) => `examples/contracts/${name}/vigia.yaml`);
const accepts = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(read(contractSchemaPath)));

/** A case is a contract and, beside it, every word that is said of it. UPDATE=1 writes the words: read the diff. */
describe('contracts that are not right', () => {
  test.each(bad)('%s', (name) => {
    const reading = readContract(read(join(folder, name)));
    const said = reading.ok ? 'nothing\n' : `${reading.problems.map((p) => problemText('vigia.yaml', p)).join('\n')}\n`;
    const words = join(folder, name.replace(/yaml$/, 'txt'));
    if (process.env['UPDATE']) writeFileSync(at(words), said);
    expect(said).toBe(read(words));
    expect(reading.ok).toBe(false);
  });

  // `shape-` files are wrong for every reader of the schema; `rule-` files only for who looks at the parts together.
  test.each(bad.filter((f) => f.startsWith('shape-')))('the JSON schema refuses %s', (name) => {
    expect(accepts(parse(read(join(folder, name))))).toBe(false);
  });

  test.each(bad.filter((f) => f.startsWith('rule-')))('the JSON schema alone lets %s pass', (name) => {
    expect(accepts(parse(read(join(folder, name)))), JSON.stringify(accepts.errors)).toBe(true);
  });

  test('no message shows a credential', () => {
    const texts = bad.map((f) => read(join(folder, f.replace(/yaml$/, 'txt')))).join('');
    expect(texts).toContain('looks like');
    for (const part of ['0123456789abcdef', 'AKIAIOSFODNN7', 'hunter2', 'eyJhbGci']) expect(texts).not.toContain(part);
  });
});

/** A contract with one line spoilt, by a generator that gives the same spoils for the same seed. */
function spoil(text: string, seed: number): string {
  let state = seed * 2_654_435_761 + 1;
  const below = (n: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * n);
  };
  const lines = text.split('\n');
  for (let i = below(4); i >= 0; i--) {
    const at = below(lines.length);
    const line = lines[at] ?? '';
    const spoils = [
      '',
      line.slice(0, below(line.length + 1)),
      line.replace(/:.*/, ':'),
      line.replace(/: .*/, ': [1, {a: b}, null]'),
      line.replace(/: .*/, ': 7'),
      line.replace(/[a-z]/, 'Z'),
      `${line}\n${line}`,
      line.replace(/^ +/, ''),
      '__proto__: { toString: 1 }',
      line.replace(/(\w+):/, 'constructor:'),
      line.replace(/: .*/, ': *nowhere'),
    ];
    lines[at] = spoils[below(spoils.length)] ?? '';
  }
  return lines.join('\n');
}

test('a spoilt contract is never a crash: it is right, or every problem has a place in the file and words', () => {
  const whole = read('examples/contracts/large/vigia.yaml');
  const seen = { right: 0, wrong: 0 };
  for (let seed = 1; seed <= 150; seed++) {
    const text = spoil(whole, seed);
    const reading = readContract(text);
    if (reading.ok) {
      seen.right++;
      expect(resolve(reading.contract).clusters.length, `seed ${seed}`).toBeGreaterThan(0);
      continue;
    }
    seen.wrong++;
    const lines = text.split('\n');
    for (const p of reading.problems) {
      expect(p.line, `seed ${seed}: ${p.message}`).toBeLessThanOrEqual(lines.length);
      expect(p.column, `seed ${seed}: ${p.message}`).toBeLessThanOrEqual((lines[p.line - 1] ?? '').length + 1);
      expect(p.message, `seed ${seed}`).not.toMatch(/undefined|\[object|Invalid input|Unrecognized/);
    }
  }
  expect(seen.right).toBeGreaterThan(3);
  expect(seen.wrong).toBeGreaterThan(100);
});

describe('examples', () => {
  test('there are a small and a large one', () => {
    expect(examples).toHaveLength(2);
  });

  test.each(examples)('%s is right, resolves to equal Models, and editors agree', (path) => {
    const text = read(path);
    const [once, again] = [readContract(text), readContract(text)];
    if (!once.ok || !again.ok) throw new Error(JSON.stringify(once));
    expect(resolve(once.contract)).toEqual(resolve(again.contract));
    expect(accepts(parse(text)), JSON.stringify(accepts.errors)).toBe(true);
    expect(read(path).startsWith('# yaml-language-server: $schema=../../../vigia.schema.json\n')).toBe(true);
  });

  test('the large one is three environments, six clusters and forty gateways', () => {
    const reading = readContract(read('examples/contracts/large/vigia.yaml'));
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    const model = resolve(reading.contract);
    expect(model.environments).toHaveLength(3);
    expect(model.clusters).toHaveLength(6);
    expect(reading.contract.gateways).toHaveLength(40);
    expect(model.clusters.map((c) => c.gateways.length)).toEqual([34, 34, 33, 33, 33, 12]);
  });
});

describe('what is made of the schema is checked in', () => {
  test.each([
    [contractSchemaPath, contractSchemaFile],
    [contractDocPath, contractDoc],
  ])('%s', (path, made) => {
    expect(read(path), 'remedy: npm run generate').toBe(made());
  });
});
