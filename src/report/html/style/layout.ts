/** The page: one column of sections, cards with two columns where there is room. */
export const layout = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 12px; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.head, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 24px; }
main:focus { outline: none; }
section { margin: 36px 0 0; }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; }
h1 { font-size: 27px; line-height: 1.2; font-weight: 650; letter-spacing: -0.012em; text-wrap: balance; }
h2 { font-size: 17px; line-height: 1.3; font-weight: 650; margin-bottom: 10px; }
h3 { font-size: 15.5px; line-height: 1.35; font-weight: 620; }
h4 { font-size: 12.5px; line-height: 1.4; font-weight: 620; color: var(--muted); margin: 16px 0 4px; }
ul, ol { padding: 0; list-style: none; }
a { color: inherit; text-decoration-color: var(--track); text-underline-offset: 2px; text-decoration-thickness: 1px; }
a:hover { color: var(--accent); text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code, pre, .sample summary { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 12.5px; }
pre { margin: 0; white-space: pre-wrap; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 12px; background: var(--surface); padding: 8px 12px; z-index: 2; }
.patterns { position: absolute; }
svg { display: block; }
.note { color: var(--muted); font-weight: 400; } h2 .note { font-size: 13.5px; margin-left: 4px; }
.n, .pc { white-space: nowrap; }
.head { padding-top: 32px; }
.kicker { color: var(--muted); font-size: 13px; margin-bottom: 6px; }
.lede { font-size: 16.5px; line-height: 1.45; margin-top: 8px; max-width: 75ch; }
.when { color: var(--muted); margin-top: 8px; display: flex; flex-wrap: wrap; gap: 2px 20px; }
.filter { color: var(--text); }
.when strong { color: var(--warn); font-weight: 600; }
footer { color: var(--muted); font-size: 12.5px; padding-top: 40px; padding-bottom: 40px; }
.body { display: grid; grid-template-columns: minmax(0, 1fr) 340px; grid-template-rows: auto 1fr; grid-template-areas: 'main side' 'samples side'; gap: 0 40px; }
.main { grid-area: main; } .side { grid-area: side; } .samples { grid-area: samples; }
.side > h4:first-child, .main > h4:first-child { margin-top: 4px; }
@media screen and (max-width: 860px) { .body { grid-template-columns: minmax(0, 1fr); grid-template-rows: none; grid-template-areas: 'main' 'side' 'samples'; } }
@media screen and (max-width: 600px) { .head, main, footer { padding-left: 14px; padding-right: 14px; } h1 { font-size: 22px; } .lede { font-size: 15px; } section { margin-top: 28px; } }
`;
