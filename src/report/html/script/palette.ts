/** Colours for the canvases, read from the style so that they are written once; redrawn when the scheme changes or for paper. */
export const paletteScript = `
const charts = [];
let palette = {};
let fills = {};
const strokes = {
  gateway: [[-1, 7, 7, -1], [-1, 1, 1, -1], [5, 7, 7, 5]],
  between: [[0, 3, 6, 3]],
  client: [[3, 0, 3, 6]],
  policy: [[-1, -1, 7, 7], [-1, 5, 1, 7], [5, -1, 7, 1]],
  unknown: [[0, 3, 6, 3], [3, 0, 3, 6]],
};
function readPalette() {
  const style = getComputedStyle(document.documentElement);
  palette = {};
  for (const name of ['text', 'muted', 'line', 'surface', 'track', 'accent', 'mark', 'backend', 'gateway', 'between', 'client', 'policy', 'unknown'])
    palette[name] = style.getPropertyValue('--' + name).trim();
  fills = {};
}
function fillOf(side) {
  if (fills[side]) return fills[side];
  if (!strokes[side]) return palette[side];
  const ratio = devicePixelRatio || 1;
  const tile = document.createElement('canvas');
  tile.width = tile.height = Math.round(6 * ratio);
  const c = tile.getContext('2d');
  c.scale(tile.width / 6, tile.height / 6);
  c.fillStyle = palette[side];
  c.fillRect(0, 0, 6, 6);
  c.strokeStyle = palette.mark;
  c.lineWidth = 1.4;
  for (const [x1, y1, x2, y2] of strokes[side]) {
    c.beginPath();
    c.moveTo(x1, y1);
    c.lineTo(x2, y2);
    c.stroke();
  }
  return (fills[side] = c.createPattern(tile, 'repeat'));
}
readPalette();
function repaint() {
  readPalette();
  for (const u of charts) u.redraw(false, true);
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
matchMedia('print').addEventListener('change', repaint);
function fit() {
  for (const u of charts) {
    const box = u.root.parentElement;
    if (box.clientWidth > 0 && box.clientWidth !== u.width) u.setSize({ width: box.clientWidth, height: u.height });
  }
}
// A chart for paper is as wide as a sheet, so that its letters keep their size.
function forPaper(on) {
  document.documentElement.classList.toggle('printing', on);
  readPalette();
  for (const u of charts) u.setSize({ width: on ? 905 : u.root.parentElement.clientWidth, height: u.height });
  repaint();
}
const font = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const axis = (more) => ({ stroke: () => palette.muted, font, grid: { stroke: () => palette.line, width: 1 }, ticks: { stroke: () => palette.line, width: 1, size: 4 }, ...more });`;
