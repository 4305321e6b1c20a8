/** On paper: everything folded is open, nothing scrolls, the charts' canvases shrink to the sheet. */
export const print = `
@media print {
  @page { margin: 14mm 12mm; }
  body { background: #fff; font-size: 10.5px; }
  .head, main, footer { max-width: none; padding: 0; }
  h1 { font-size: 20px; } h2 { font-size: 14px; } h3 { font-size: 12px; } h4 { font-size: 10px; margin-top: 10px; }
  section { margin-top: 20px; }
  .lede { font-size: 12.5px; }
  table, code, pre, .sample summary { font-size: 9.5px; }
  .skip, .under, .code button, .noscript { display: none; }
  .card h3::after, .sample summary::before { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .card { break-inside: auto; } .card > summary, h2, h3, h4, caption, thead { break-after: avoid; }
  .code, .glance li, .sides, .plots, tr, .cannot { break-inside: avoid; }
  .scroll { overflow: visible; }
  .body { grid-template-columns: minmax(0, 1fr) 200px; gap: 0 20px; }
  .glance li { grid-template-columns: minmax(0, 1fr) 70px 40px 40px 200px; gap: 0 8px; padding: 4px 8px; }
  .glance a { grid-column: auto; } .glance .badge, .glance .active { margin-left: 0; grid-column: auto; }
  .sides ul, .figures { grid-template-columns: repeat(3, 1fr); }
  th, td { padding: 3px 6px; } td, tbody th, td:not(.n) { min-width: 0; }
  .plot { height: auto; } .uplot, .u-wrap { width: 100% !important; height: auto !important; } .u-wrap canvas { height: auto !important; }
  .u-over, .u-under { display: none; }
  svg, canvas { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
