const lanes = Array.from({ length: 10 }, (_, i) => `.lanes-${i + 1} { height: ${(i + 1) * 24 + 10}px; }`).join(' ');

/** The parts of the page, in the order in which they appear. */
export const components = `
.badge { display: inline-flex; align-items: center; gap: 6px; white-space: nowrap; font-weight: 600; }
.swatch, .stacked { border-radius: 2px; flex: none; }
.sides { margin-top: 22px; }
.sides h2 { font-size: 12.5px; font-weight: 620; color: var(--muted); margin-bottom: 6px; }
.sides ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 10px 24px; margin-top: 12px; }
.sides li { display: grid; grid-template-columns: auto 1fr; gap: 0 10px; align-items: baseline; align-content: start; border-top: 1px solid var(--line); padding-top: 8px; }
.sides .n { text-align: right; font-weight: 650; font-size: 16px; }
.sides .note strong { color: var(--text); font-weight: 560; margin-right: 4px; }
.sides .note { grid-column: 1 / -1; font-size: 12.5px; line-height: 1.4; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 10px 24px; margin-top: 18px; }
.figures div { display: grid; grid-template-columns: 1fr auto; gap: 0 10px; align-items: baseline; align-content: start; border-top: 1px solid var(--line); padding-top: 8px; }
.figures .n { font-weight: 600; }
.figures .note { grid-column: 1 / -1; font-size: 12.5px; line-height: 1.4; }
.glance { background: var(--surface); border: 1px solid var(--line); border-radius: 6px; }
.glance li { display: grid; grid-template-columns: minmax(0, 1fr) 84px 56px 52px 300px; gap: 0 16px; align-items: center; padding: 7px 14px; border-top: 1px solid var(--line); }
.glance li:first-child { border-top: 0; }
.glance a { display: grid; grid-template-columns: 26px minmax(0, 1fr); text-decoration: none; font-weight: 560; }
.glance a:hover .what { text-decoration: underline; }
.glance .n { text-align: right; font-weight: 620; }
.glance .pc { text-align: right; color: var(--muted); }
.glance .active .note { display: block; font-size: 12px; line-height: 1.35; margin-top: 2px; }
.rank { color: var(--muted); font-weight: 500; }
.plots { background: var(--surface); border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px 8px; }
.axis-title { font-size: 12px; color: var(--muted); margin: 2px 0; }
.plot { width: 100%; overflow: hidden; }
.requests { height: 90px; } .alone { height: 150px; } .failures { height: 212px; } .latency { height: 220px; } ${lanes}
.under { display: flex; gap: 16px; align-items: flex-start; justify-content: space-between; margin-top: 8px; }
.readout { min-height: 3em; flex: 1; } #latency-readout { min-height: 1.5em; margin-top: 8px; }
.readout span { margin-right: 16px; white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 2px; }
.legend li { display: flex; align-items: center; gap: 6px; }
.noscript { display: none; }
@media (scripting: none) { .plot, .axis-title, .under { display: none; } .noscript { display: block; } .plots { border: 0; padding: 0; } }
button { font: inherit; font-size: 12.5px; color: var(--text); background: var(--surface); border: 1px solid var(--line); border-radius: 4px; padding: 2px 10px; cursor: pointer; white-space: nowrap; }
button:hover:enabled { border-color: var(--accent); color: var(--accent); }
button:disabled { color: var(--muted); cursor: default; }
summary { cursor: pointer; }
.more { margin-top: 8px; } .more > summary { color: var(--muted); font-size: 13px; } .more > summary:hover { color: var(--accent); }
.more > .scroll, .more > ul { margin-top: 8px; }
.fold > summary { font-weight: 560; padding: 8px 0; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 6px; margin-top: 12px; padding: 0 18px; scroll-margin-top: 12px; }
.card > summary { list-style: none; padding: 13px 0 12px; }
.card > summary::-webkit-details-marker { display: none; }
.card h3 { display: grid; grid-template-columns: minmax(26px, max-content) minmax(0, 1fr) 20px; column-gap: 6px; }
.card h3::after { content: ""; width: 8px; height: 8px; margin: 5px 6px 0; border: solid var(--muted); border-width: 0 1.5px 1.5px 0; transform: rotate(45deg); }
.card[open] h3::after { transform: rotate(225deg); margin-top: 9px; }
.card:target { border-color: var(--accent); }
.facts { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 4px 0 0 32px; color: var(--muted); font-size: 13px; align-items: baseline; }
.facts .badge, .facts strong { color: var(--text); }
.card .body { border-top: 1px solid var(--line); padding: 12px 0 4px 32px; }
.why li, .cannot li, .notes li { padding-left: 14px; position: relative; }
.why li::before, .cannot li::before, .notes li::before { content: ""; position: absolute; left: 2px; top: 0.68em; width: 4px; height: 4px; background: var(--muted); border-radius: 50%; }
.why li + li, .cannot li + li { margin-top: 2px; }
.cannot { background: var(--warn-surface); border-radius: 4px; padding: 8px 12px 10px; margin-top: 14px; }
.cannot h4 { color: var(--warn); margin-top: 0; }
.next { counter-reset: step; }
.next > li { counter-increment: step; padding-left: 22px; position: relative; }
.next > li::before { content: counter(step) "."; position: absolute; left: 0; color: var(--muted); }
.next > li + li { margin-top: 10px; }
.code { background: var(--sunken); border-radius: 4px; margin-top: 6px; }
.code figcaption { display: flex; justify-content: space-between; align-items: center; height: 28px; padding: 0 6px 0 12px; color: var(--muted); font-size: 12px; }
.code pre { padding: 0 12px 10px; }
.word { display: inline-block; max-width: 100%; }
.code button { background: transparent; border-color: transparent; padding: 1px 8px; color: var(--muted); }
.page { color: var(--muted); font-size: 13px; margin-top: 16px; padding-bottom: 12px; }
.where li { display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(3ch, auto); gap: 1px 12px; padding: 2px 0 3px; align-items: baseline; }
.where .share { grid-column: 1 / -1; } .where .note { font-size: 12.5px; } .where .n { text-align: right; font-weight: 560; }
.said { display: grid; grid-template-columns: 56px minmax(0, 1fr); gap: 1px 10px; padding-bottom: 12px; } .said dt { color: var(--muted); }
.plain li { padding: 2px 0; }
.samples { padding: 0 0 12px; }
.samples h4 { margin: 4px 0 6px; }
.sample { border-top: 1px solid var(--line); } .samples h4 + .sample { border-top: 0; }
.sample summary { padding: 5px 0; display: grid; grid-template-columns: 12px 94px minmax(0, 1fr) auto 66px; gap: 0 12px; align-items: baseline; }
.sample summary::before { content: "+"; color: var(--muted); } .sample[open] summary::before { content: "\\2212"; }
.sample .time { color: var(--muted); } .sample .took { text-align: right; }
.sample summary:hover .req { color: var(--accent); }
.sample .code { margin-bottom: 12px; }
.scroll { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
caption { text-align: left; color: var(--muted); font-size: 12.5px; padding: 8px 14px 4px; }
th, td { text-align: left; font-weight: 400; vertical-align: baseline; padding: 6px 14px; border-top: 1px solid var(--line); }
thead th { color: var(--muted); font-size: 12.5px; font-weight: 560; border-top: 0; white-space: nowrap; }
th.n, td.n { text-align: right; white-space: nowrap; }
td { min-width: 72px; } tbody th { min-width: 180px; } td:not(.n) { min-width: 130px; }
td .stacked { margin: 0 0 3px; min-width: 120px; }
.whole { white-space: nowrap; }
.decoded { margin: 2px 0 14px; font-size: 13px; }
.decoded caption { padding: 2px 0 4px; }
.decoded th, .decoded td { padding: 3px 0; min-width: 0; }
.decoded th { width: 168px; padding-right: 12px; color: var(--muted); }
.notes { margin-top: 10px; color: var(--muted); }
section > h3 { margin: 18px 0 8px; }
@media screen and (max-width: 860px) {
  .glance li { grid-template-columns: minmax(0, 1fr) auto auto; gap: 2px 12px; }
  .glance a { grid-column: 1 / -1; } .glance .badge { margin-left: 26px; } .glance .active { grid-column: 1 / -1; margin-left: 26px; }
}
@media screen and (max-width: 600px) {
  .card { padding: 0 12px; } .card .body { padding-left: 0; } .facts { margin-left: 0; }
  .card h3 { grid-template-columns: auto minmax(0, 1fr) 20px; column-gap: 8px; }
  .sample summary { grid-template-columns: 12px minmax(0, 1fr) auto auto; } .sample .req { grid-column: 2 / -1; grid-row: 2; }
  .decoded th { width: 112px; }
  .under { flex-direction: column; gap: 4px; } .readout { width: 100%; flex: none; min-height: 3em; }
}
`;
