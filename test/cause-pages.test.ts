import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { causes, pageOf } from '../src/triage/causes/index.ts';
import { type Side, sides } from '../src/triage/side.ts';

/** Every cause has a page that an on-call engineer can follow: the registry and `docs/causes` are held together here. */
const folder = 'docs/causes';
const sections = ['What it means', 'How Envoy shows it', 'Common reasons', 'What to do', 'Confused with'];

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Fenced code is no prose: a comment in a shell block is not a heading, `[0]` in a jq filter not a link. */
const prose = (markdown: string): string => markdown.replace(/^ *```[\s\S]*?^ *```$/gm, '');

const headings = (markdown: string): string[] => prose(markdown).match(/^#+ .*$/gm) ?? [];

/** The files that links without a scheme point to. */
const localLinks = (markdown: string): string[] =>
  [...prose(markdown).matchAll(/\]\(([^)]+)\)/g)].flatMap(([, to]) => (to && !/^https?:/.test(to) ? [to] : []));

/** Markdown table cells of a row, `\|` being no border. */
const cells = (row: string): string[] =>
  row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

const codes = causes.map((c) => c.code);
const files = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');

test('every page is the page of a cause', () => {
  const orphans = files.map((name) => name.slice(0, -3)).filter((code) => !codes.includes(code));
  expect(orphans, `${folder}: no cause has these codes; rename the page with the cause, or delete it`).toEqual([]);
});

describe.each(causes.map((c) => [c.code, c] as const))('%s', (code, cause) => {
  const path = pageOf(code);
  const page = read(path);

  test('has a page', () => {
    expect(page, `write ${path}; copy the shape of any page beside it, and add a row to ${folder}/README.md`).not.toBe(
      '',
    );
  });

  test('has the sections of every page, in their order', () => {
    expect(headings(page), `${path}: give it exactly these headings, in this order`).toEqual([
      `# ${code}`,
      ...sections.map((s) => `## ${s}`),
    ]);
    const empty = sections.filter((_, i) => (page.split(/^## .*$/m)[i + 1] ?? '').trim() === '');
    expect(empty, `${path}: say something under these headings`).toEqual([]);
  });

  test('opens with the title and side of the cause', () => {
    const lead = page.split('\n')[2] ?? '';
    expect(
      lead.startsWith(`${cause.title}. Side: ${cause.side}`),
      `${path}, line 3 is "${lead}"; make it "${cause.title}. Side: ${cause.side}."`,
    ).toBe(true);
  });

  test('links to pages that exist, and says what it is confused with', () => {
    const broken = localLinks(page).filter((to) => !existsSync(join(folder, to)));
    expect(broken, `${path}: correct these links, or remove them`).toEqual([]);
    const others = localLinks(page.split('## Confused with')[1] ?? '');
    expect(others.length, `${path}: link at least one other page under "Confused with"`).toBeGreaterThan(0);
    expect(others, `${path}: a cause is not confused with itself`).not.toContain(`${code}.md`);
  });

  test('is short enough for three in the morning', () => {
    const lines = page.trimEnd().split('\n').length;
    expect(lines, `${path}: ${lines} lines; say less, or link`).toBeLessThanOrEqual(60);
    expect(lines, `${path}: ${lines} lines; say what to do`).toBeGreaterThanOrEqual(25);
  });
});

describe('the index', () => {
  const path = join(folder, 'README.md');
  const index = read(path);

  /** The codes of each side's table. */
  const listed = new Map<string, string[]>();
  const titles = new Map<string, string>();
  for (const part of index.split(/^## /m).slice(1)) {
    const side = (part.split('\n')[0] ?? '').toLowerCase();
    const rows = part.split('\n').filter((line) => line.startsWith('| [`'));
    listed.set(
      side,
      rows.map((row) => {
        const [link = '', title = ''] = cells(row);
        const code = /^\[`([^`]+)`\]\(\1\.md\)$/.exec(link)?.[1] ?? link;
        titles.set(code, title);
        return code;
      }),
    );
  }

  test('has a table for each side', () => {
    expect([...listed.keys()], `${path}: one "## Side" heading for each side, in their order`).toEqual([...sides]);
  });

  test.each(sides.map((side) => [side]))('lists the causes of %s once, under their side', (side: Side) => {
    const expected = causes.filter((c) => c.side === side).map((c) => c.code);
    expect(
      [...(listed.get(side) ?? [])].sort(),
      `${path}: the table under "${side}" must list exactly the causes whose side is ${side}, once each, as [\`code\`](code.md)`,
    ).toEqual([...expected].sort());
  });

  test('has the titles of the registry', () => {
    const stale = causes.filter((c) => titles.get(c.code) !== c.title).map((c) => `${c.code}: ${c.title}`);
    expect(stale, `${path}: correct the titles of these rows`).toEqual([]);
  });

  test('links to nothing that is missing', () => {
    const broken = localLinks(index).filter((to) => !existsSync(join(folder, to)));
    expect(broken, `${path}: correct these links`).toEqual([]);
  });
});
