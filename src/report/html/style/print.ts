/** On paper: everything folded is open, nothing scrolls, the charts' canvases shrink to the sheet, sample lines run in columns. */
export const print = `
@media print {
  @page { margin: 13mm 12mm; }
  body { background: #fff; zoom: 0.76; }
  .head, main, footer { max-width: none; padding: 0; }
  section { margin-top: 26px; }
  .skip, .under, .code button, .noscript { display: none; }
  .card h3::after, .sample summary::before { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .card > summary, .sample > summary, h2, h3, h4, caption, thead { break-after: avoid; }
  .code { background: none; border: 1px solid var(--line); }
  .code, .glance li, .sides, .plots, tr, .cannot { break-inside: avoid; }
  .scroll { overflow: visible; }
  .body { grid-template-columns: minmax(0, 1fr) 250px; gap: 0 28px; }
  .glance li { grid-template-columns: minmax(0, 1fr) 80px 44px 48px 230px; gap: 0 10px; padding: 4px 10px; }
  .sides ul { grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); }
  .sample summary { grid-template-columns: 94px minmax(0, 1fr) auto 66px; }
  .plot { height: auto; } .uplot, .u-wrap { width: 100% !important; height: auto !important; } .u-wrap canvas { height: auto !important; }
  .u-over, .u-under { display: none; }
  .decoded, .decoded tbody { display: block; } .decoded tbody { columns: 2; column-gap: 20px; }
  .decoded caption, .decoded tr { display: block; } .decoded th, .decoded td { display: inline; border: 0; padding: 0; font-size: 12px; } .decoded th { margin-right: 8px; }
  .decoded tr { border-top: 1px solid var(--line); padding: 2px 0; }
  svg, canvas { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
