/** Texts that mean something to a query language, a regular expression or a template; none of them may mean anything in a query. */
export const hostile: readonly string[] = [
  'a"b',
  "it's",
  'back\\slash',
  '\\',
  '\\"',
  'line\nbreak',
  'tab\there',
  'nul\u0000',
  '{gateway="x"}',
  '"} or up{a="',
  '.*',
  'a|b',
  '^$',
  '(?i)x',
  '[a-z]+',
  'x{1,2}',
  'a+b?',
  '$__range',
  '$gateway',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what Grafana would fill in
  '${gateway}',
  '[[gateway]]',
  '#comment',
  '`tick`',
  'ünïcødé ✓',
  '\ud83d\ude80',
  'half\ud83d',
  '*',
  '/path/{id}',
  'a,b',
  ' ',
];

/** A text of such pieces, by a number alone, so that a failure can be run again. */
export function hostileText(seed: number): string {
  let state = seed * 2_654_435_761 + 1;
  const next = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_507) + 0x9e3779b9) >>> 0;
    return state % below;
  };
  return Array.from({ length: 1 + next(4) }, () => hostile[next(hostile.length)]).join('');
}
