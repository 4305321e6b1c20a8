import { theme } from '../../report/html/style/theme.ts';

// Ten lines that are told apart, after the report's own colours; of at least 3 against a panel's ground, as test/real/preview.test.ts measures.
const light = [
  '#0b57c4',
  '#b0307c',
  '#0c7d8c',
  '#b06a00',
  '#4f7a10',
  '#7446c9',
  '#c5352b',
  '#6a727d',
  '#1f6f50',
  '#87562a',
];
const dark = [
  '#84b4ff',
  '#ec7fb8',
  '#45b8c6',
  '#dd9d34',
  '#93bf4a',
  '#ac8af0',
  '#f2685c',
  '#98a2ae',
  '#52b788',
  '#c89b6c',
];
export const kinds = light.length;

const variables = (colours: readonly string[], more: string): string =>
  `${colours.map((c, i) => `--k${i}: ${c};`).join(' ')} ${more}`;
const looks = ['backend', 'gateway', 'between', 'client', 'policy', 'unknown', 'fine', ...light.map((_, i) => `k${i}`)];

/** Columns of a board, and rows of 32 pixels: Grafana's grid is 38, with a taller head. */
const spans = Array.from({ length: 24 }, (_, i) => `.w${i + 1} { grid-column: span ${i + 1}; }`).join(' ');
const heights = Array.from({ length: 14 }, (_, i) => `.h${i + 1} { min-height: ${(i + 1) * 32}px; }`).join(' ');

export const style = `${theme}
:root { ${variables(light, '--fine: #2b7a33; --good: #1f6f2a; --watch: #8a5200; --bad: #b3261e; --good-ground: #e4f2e5; --watch-ground: #fdf0d8; --bad-ground: #fbe3e0;')} }
@media screen and (prefers-color-scheme: dark) { :root { ${variables(dark, '--fine: #66bb6a; --good: #7fce86; --watch: #f0bf6a; --bad: #ff8f85; --good-ground: #16281a; --watch-ground: #2d2413; --bad-ground: #331a19;')} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 13.5px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
header, main, footer { max-width: 1680px; margin: 0 auto; padding: 0 20px; }
h1, h2, h3, h4, p, ul, dl, dd, figure { margin: 0; } ul { padding: 0; list-style: none; }
h1 { font-size: 22px; line-height: 1.25; font-weight: 650; padding-top: 22px; }
h2 { font-size: 19px; font-weight: 650; margin: 34px 0 2px; scroll-margin-top: 10px; }
h3 { font-size: 14.5px; font-weight: 620; margin: 20px 0 8px; }
h4 { font-size: 13px; line-height: 1.3; font-weight: 620; }
a { color: inherit; text-underline-offset: 2px; } a:hover { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; border-radius: 2px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 12px; }
.note { color: var(--muted); } .lede { color: var(--muted); margin-top: 4px; max-width: 140ch; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 10px; }
.skip { position: absolute; left: -9999px; } .skip:focus { left: 12px; top: 12px; background: var(--surface); padding: 8px 12px; z-index: 2; }
.grid { display: grid; grid-template-columns: repeat(24, minmax(0, 1fr)); gap: 10px; }
${spans} ${heights}
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: 5px; padding: 8px 12px 10px; display: flex; flex-direction: column; min-width: 0; }
.panel > details { font-size: 12.5px; color: var(--muted); }
.panel > details > summary { cursor: pointer; list-style: none; display: flex; gap: 8px; justify-content: space-between; align-items: baseline; color: var(--text); }
.panel > details > summary::-webkit-details-marker { display: none; }
.panel > details > summary::after { content: "i"; flex: none; width: 15px; height: 15px; border: 1px solid var(--muted); border-radius: 50%; font-size: 10.5px; line-height: 13px; text-align: center; color: var(--muted); }
.panel > details[open] { padding-bottom: 6px; } .panel > details > p { margin-top: 4px; max-width: 90ch; } details p > code:only-child { margin-top: 3px; } .panel > details code { color: var(--text); background: var(--sunken); border-radius: 3px; padding: 1px 6px; }
.show { flex: 1; display: flex; flex-direction: column; min-height: 0; margin-top: 6px; }
.nothing { flex: 1; display: flex; align-items: center; justify-content: center; text-align: center; color: var(--muted); font-size: 12.5px; padding: 6px 12px; max-width: 62ch; margin: 0 auto; }
.lacks { color: var(--muted); font-size: 12px; margin-top: 5px; }
.value { flex: 1; display: flex; align-items: center; justify-content: center; border-radius: 4px; font-size: 25px; line-height: 1.15; font-weight: 620; text-align: center; }
.course { display: block; width: 100%; height: 26px; margin-top: 4px; } .course path { fill: none; stroke: var(--muted); stroke-width: 1.2; vector-effect: non-scaling-stroke; }
.nothing code, .lacks code { white-space: nowrap; }
.value.wide { font-size: 19px; }
.value.none { font-size: 15px; font-weight: 500; color: var(--muted); }
.good { color: var(--good); } .watch { color: var(--watch); } .bad { color: var(--bad); }
.value.good { background: var(--good-ground); } .value.watch { background: var(--watch-ground); } .value.bad { background: var(--bad-ground); }
.plot { flex: 1; min-height: 150px; min-width: 0; overflow: hidden; position: relative; }
/* A chart must not make the room that it is fitted to. */
.plot > .uplot { position: absolute; inset: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 1px 16px; font-size: 12px; margin-top: 4px; max-height: 92px; overflow-y: auto; }
.legend li { display: flex; gap: 6px; align-items: baseline; min-width: 0; } .legend svg { flex: none; align-self: center; } .legend .note { white-space: nowrap; }
.readout { min-height: 1.45em; font-size: 12px; color: var(--muted); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
${looks.map((l) => `.f-${l} { fill: var(--${l}); }`).join(' ')}
.scroll { overflow: auto; max-height: 420px; flex: 1; }
table { border-collapse: collapse; width: 100%; font-size: 12.5px; }
th, td { text-align: left; font-weight: 400; padding: 4px 12px 4px 0; border-top: 1px solid var(--line); vertical-align: baseline; }
thead th { color: var(--muted); font-weight: 560; border-top: 0; white-space: nowrap; position: sticky; top: 0; background: var(--surface); }
th.n, td.n { text-align: right; white-space: nowrap; padding-right: 14px; } td { min-width: 46px; } .long { min-width: 190px; } .mid { min-width: 194px; } .tight { white-space: nowrap; }
.dot { display: inline-block; width: 9px; height: 9px; margin-right: 6px; }
.bars { flex: 1; } .bars li { padding: 3px 0 4px; } .bars div { display: flex; justify-content: space-between; gap: 12px; } .bars .n { white-space: nowrap; font-weight: 560; }
.bars svg { display: block; margin-top: 2px; } .faint { fill: var(--line); }
.heat { flex: 1; display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 8px; min-height: 150px; } .heat svg { width: 100%; height: 100%; display: block; min-height: 150px; } .heat rect { fill: var(--accent); }
.heat .edges { display: flex; flex-direction: column; justify-content: space-between; font-size: 11px; color: var(--muted); text-align: right; } .heat .times { grid-column: 2; display: flex; justify-content: space-between; font-size: 11px; color: var(--muted); }
.markdown { white-space: pre-wrap; }
footer { color: var(--muted); font-size: 12px; padding-top: 30px; padding-bottom: 30px; }
.noscript { display: none; } @media (scripting: none) { .plot, .readout { display: none; } .noscript { display: block; } }
@media screen and (max-width: 1100px) { .panel { grid-column: span 24; } .panel.stat { grid-column: span 8; } }
@media screen and (max-width: 560px) { .panel.stat { grid-column: span 12; } header, main, footer { padding: 0 12px; } }
@media print { .panel { break-inside: avoid; } }
`;
