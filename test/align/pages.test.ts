import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ruleCodes } from '../../src/align/rule.ts';
import { rules } from '../../src/align/rules/index.ts';
import { servers } from '../../src/envoy/servers.ts';
import { backendKeepAlives } from '../../src/envoy/timeouts.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);

test('every rule is in the list, in the documentation, and on the pages of the causes that it names', () => {
  expect(rules.map((r) => r.code).sort()).toEqual([...ruleCodes].sort());
  const page = readFileSync(at('docs/align.md'), 'utf8');
  for (const { code, causes } of rules) {
    expect(page).toContain(`| \`${code}\``);
    for (const cause of causes)
      expect(readFileSync(at(`docs/causes/${cause}.md`), 'utf8'), cause).toContain('`vigia align');
  }
});

test("what align takes for a server's default is an age that a triage knows a keep-alive race by", () => {
  const known = backendKeepAlives.map((k) => k.ms);
  for (const [name, { keepAliveMs }] of Object.entries(servers))
    if (Number.isFinite(keepAliveMs)) expect(known, name).toContain(keepAliveMs);
});
