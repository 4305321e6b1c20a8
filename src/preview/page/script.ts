import { formatted } from '../units.ts';

/** Draws the charts with uPlot: plain JavaScript as text, since it runs in the reader's browser. Colours are read from the style. */
export const script = `'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const formatted = ${formatted.toString()};
const charts = [];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
let palette = new Map();
const paint = (name) => { if (!palette.has(name)) palette.set(name, colour(name)); return palette.get(name); };
const font = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const two = (n) => String(n).padStart(2, '0');
const manyDays = data.times.length > 1 && data.times[data.times.length - 1] - data.times[0] > 86400;
const clock = (s, seconds) => new Date(s * 1000).toISOString().slice(11, seconds ? 19 : 16);
const stamp = (s) => (manyDays ? new Date(s * 1000).toISOString().slice(5, 10) + ' ' : '') + clock(s, true);
function labels(u, splits, at, space, incr) {
  return splits.map((s) => incr >= 86400 || (manyDays && s % 86400 === 0) ? new Date(s * 1000).toISOString().slice(5, 10) : clock(s, incr < 60));
}
for (const chart of data.charts) {
  const box = document.getElementById(chart.id);
  const readout = document.getElementById(chart.id + '-readout');
  const rows = chart.lines.map((l) => l.values);
  const sums = chart.stacked ? stack(rows) : rows;
  const axis = (more) => ({ stroke: () => paint('muted'), font, grid: { stroke: () => paint('line'), width: 1 }, ticks: { stroke: () => paint('line'), width: 1, size: 3 }, ...more });
  // Stacked areas overlay each other, the highest first.
  const order = chart.lines.map((_, i) => i);
  if (chart.stacked) order.reverse();
  const u = new uPlot({
    width: box.clientWidth,
    height: box.clientHeight,
    padding: [8, 22, 0, 0],
    legend: { show: false },
    tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), 'Etc/UTC'),
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: 'board', setSeries: false } },
    scales: { x: {}, y: { range: (u, min, max) => [Math.min(0, min ?? 0), chart.max ?? (Math.max(max ?? 0, 0) * 1.08 || 1)] } },
    series: [{}, ...order.map((i) => ({
      stroke: () => paint(chart.lines[i].look),
      width: chart.stacked ? 1 : 1.5,
      ...(chart.stacked ? { fill: () => paint(chart.lines[i].look) } : {}),
      points: { show: chart.lines[i].values.filter((v) => v !== null).length < 3 ? true : false, size: 5 },
      spanGaps: false,
    }))],
    axes: [
      axis({ values: labels, size: 26, space: 58 }),
      axis({ size: (u, values) => Math.min(96, 14 + 6.4 * Math.max(4, ...(values ?? []).map((v) => String(v ?? '').length))), space: 30, ...(chart.unit === 'switch' ? { splits: () => [0, 1] } : {}), ...(chart.unit.startsWith('bytes') ? { incrs: Array.from({ length: 44 }, (_, i) => 2 ** i) } : {}), values: (u, splits) => splits.map((v) => formatted(v, chart.unit)) }),
    ],
    hooks: {
      draw: [thresholds],
      setCursor: [(u) => {
        const i = u.cursor.idx;
        if (i === null || i === undefined || u.cursor.left < 0) { readout.textContent = ''; return; }
        const there = chart.lines.map((l) => [l.name, l.values[i]]).filter(([, v]) => v !== null && v !== undefined).sort((a, b) => b[1] - a[1]);
        readout.textContent = stamp(data.times[i]) + '  ' + there.slice(0, 6).map(([n, v]) => n + ' ' + formatted(v, chart.unit)).join('  ·  ') + (there.length > 6 ? '  and ' + (there.length - 6) + ' more' : '');
      }],
    },
  }, [data.times, ...order.map((i) => sums[i])], box);
  charts.push(u);
  new ResizeObserver(() => {
    if (box.clientWidth > 0 && (box.clientWidth !== u.width || box.clientHeight !== u.height)) u.setSize({ width: box.clientWidth, height: box.clientHeight });
  }).observe(box);
  function thresholds(u) {
    const c = u.ctx;
    const { left, top, width, height } = u.bbox;
    c.save();
    c.lineWidth = devicePixelRatio || 1;
    c.setLineDash([5 * c.lineWidth, 4 * c.lineWidth]);
    for (const t of chart.thresholds) {
      const y = Math.round(u.valToPos(t.at, 'y', true));
      if (!(y > top && y < top + height)) continue;
      c.strokeStyle = paint(t.means);
      c.beginPath();
      c.moveTo(left, y);
      c.lineTo(left + width, y);
      c.stroke();
    }
    c.restore();
  }
}
function stack(rows) {
  const below = [];
  return rows.map((row) => row.map((v, i) => {
    if (v === null && below[i] === undefined) return null;
    return (below[i] = (below[i] ?? 0) + (v ?? 0));
  }));
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  palette = new Map();
  for (const u of charts) u.redraw(false, true);
});`;
