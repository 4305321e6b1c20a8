// Text colours have a contrast of at least 4.5 against every surface here, graphics of at least 3; test/real/html-report.test.ts measures it.
const light = `
  color-scheme: light;
  --page: #f4f5f7; --surface: #ffffff; --sunken: #f0f2f4; --line: #d9dde2; --track: #c9cfd6;
  --text: #15191e; --muted: #545d68; --accent: #0b57c4; --warn: #8a5200; --warn-surface: #fdf6e6;
  --backend: #c5352b; --gateway: #7446c9; --between: #b06a00; --client: #0c7d8c; --policy: #4f7a10; --unknown: #6a727d;
  --mark: rgba(255, 255, 255, 0.62);
`;

const dark = `
  color-scheme: dark;
  --page: #0e1115; --surface: #161a20; --sunken: #1e242b; --line: #2d343d; --track: #3d4651;
  --text: #e5e8ec; --muted: #9ba6b2; --accent: #84b4ff; --warn: #f0bf6a; --warn-surface: #2a2215;
  --backend: #f2685c; --gateway: #ac8af0; --between: #dd9d34; --client: #45b8c6; --policy: #93bf4a; --unknown: #98a2ae;
  --mark: rgba(10, 13, 17, 0.5);
`;

/** Colours by name, for light and dark; print is always light. `printing` is set by the script while the charts are redrawn for paper. */
export const theme = `
:root {${light}}
@media screen and (prefers-color-scheme: dark) { :root:not(.printing) {${dark}} }
.c-backend { fill: var(--backend); } .c-gateway { fill: var(--gateway); } .c-between { fill: var(--between); }
.c-client { fill: var(--client); } .c-policy { fill: var(--policy); } .c-unknown { fill: var(--unknown); }
.s-backend { fill: url(#p-backend); } .s-gateway { fill: url(#p-gateway); } .s-between { fill: url(#p-between); }
.s-client { fill: url(#p-client); } .s-policy { fill: url(#p-policy); } .s-unknown { fill: url(#p-unknown); }
.mark { stroke: var(--mark); stroke-width: 1.4; fill: none; }
.track { fill: var(--track); } .faint { fill: var(--line); }
`;
