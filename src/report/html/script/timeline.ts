/**
 * The timeline: requests, failures stacked by side, and a lane for each of the first verdicts, on one time axis with one cursor. Buckets are
 * joined until a bar is wide enough to see; a zoom joins fewer.
 */
export const timelineScript = `
const line = data.timeline;
if (line) {
  const end = line.start + line.buckets * line.step;
  const sides = line.sides.map((s) => s.side);
  const multiples = [1, 2, 3, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];
  const view = { from: line.start, to: end };
  const panels = [];
  let bars = join();

  function join() {
    const width = Math.max(60, (byId('plot-requests').clientWidth || 690) - 76);
    const wanted = (view.to - view.from) / line.step / Math.min(200, Math.floor(width / 4));
    const by = multiples.find((m) => m >= wanted) ?? Math.ceil(wanted);
    const step = line.step * by;
    const first = Math.floor((view.from - line.start) / step);
    const n = Math.max(1, Math.ceil((view.to - line.start) / step) - first);
    const zeros = () => new Array(n).fill(0);
    const requests = zeros();
    for (let i = Math.max(0, first * by); i < Math.min(line.buckets, (first + n) * by); i++) requests[Math.floor(i / by) - first] += line.requests[i];
    const counts = line.sides.map(({ at }) => {
      const sums = zeros();
      for (const [i, failed] of at) {
        const bar = Math.floor(i / by) - first;
        if (bar >= 0 && bar < n) sums[bar] += failed;
      }
      return sums;
    });
    // Bars overlay each other, the tallest first: each side's height is its own count and that of the sides after it.
    const heights = counts.map(zeros);
    for (let s = counts.length - 1; s >= 0; s--) for (let i = 0; i < n; i++) heights[s][i] = counts[s][i] + (heights[s + 1]?.[i] ?? 0);
    const starts = requests.map((_, i) => line.start + (first + i) * step);
    return { step, starts, xs: starts.map((t) => (t + step / 2) / 1000), requests, counts, heights };
  }

  const two = (n) => String(n).padStart(2, '0');
  const day = (t) => new Date(t).toISOString().slice(0, 10);
  const clock = (t, s) => new Date(t).toISOString().slice(11, s ? 19 : 16);
  const manyDays = day(line.start) !== day(end - 1);
  function axisLabels(u, splits, axisAt, space, incr) {
    return splits.map((s) => {
      const d = new Date(s * 1000);
      if (incr >= 86400 || (manyDays && s % 86400 === 0)) return two(d.getUTCMonth() + 1) + '-' + two(d.getUTCDate());
      return clock(s * 1000, incr < 60);
    });
  }
  const whole = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 1e8, 1e9];
  const short = (n) => (n >= 1e6 ? n / 1e6 + 'M' : n >= 1e4 ? n / 1e3 + 'k' : count(n));
  const yAxis = axis({ size: 48, incrs: whole, space: 24, values: (u, splits) => splits.map(short) });

  function panel(id, series, axes, rows, draw) {
    const box = byId(id);
    if (!box) return;
    const options = {
      width: box.clientWidth,
      height: box.clientHeight,
      padding: [6, 28, 4, 0],
      legend: { show: false },
      tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), 'Etc/UTC'),
      cursor: {
        y: false,
        points: { show: false },
        sync: { key: 'timeline', setSeries: false },
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => zoom(line.start, end) },
      },
      scales: {
        x: { range: () => [view.from / 1000, view.to / 1000] },
        y: { range: (u, min, max) => [0, Math.max(1, (max ?? 0) * 1.06)] },
      },
      series: [{}, ...series],
      axes,
      hooks: { setCursor: [tell], setSelect: [select], ...(draw ? { draw: [draw] } : {}) },
    };
    const u = new uPlot(options, rows(), box);
    panels.push({ u, rows });
    charts.push(u);
  }
  const barPaths = uPlot.paths.bars({ size: [0.92, Infinity], gap: 0 });
  const noX = axis({ show: false });
  const timeAxis = axis({ values: axisLabels, size: 30, space: 56 });
  const quiet = { fill: () => palette.track, stroke: () => palette.track, width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [1, Infinity], gap: 0 }) };
  panel('plot-requests', [quiet], [sides.length > 0 ? noX : timeAxis, { ...yAxis, space: 30 }], () => [bars.xs, bars.requests]);
  panel('plot-failures', sides.map((side) => ({ fill: () => fillOf(side), stroke: () => palette[side], width: 0, points: { show: false }, paths: barPaths })), [timeAxis, yAxis], () => [bars.xs, ...bars.heights]);
  panel('plot-lanes', [{ show: false }], [noX, axis({ size: 48, show: true, values: () => [], grid: { show: false }, ticks: { show: false } })], () => [bars.xs, bars.xs.map(() => null)], lanes);

  function lanes(u) {
    const c = u.ctx;
    const r = devicePixelRatio || 1;
    const { left, top, width, height } = u.bbox;
    const each = height / line.lanes.length;
    c.save();
    c.font = font.replace('11px', 11 * r + 'px');
    c.textBaseline = 'middle';
    line.lanes.forEach((lane, i) => {
      // The name stands above the bar, so that it hides none of it.
      const bar = top + (i + 1) * each - 5 * r;
      const y = bar - 10 * r;
      c.textAlign = 'right';
      c.fillStyle = palette.muted;
      c.fillText(lane.rank, left - 8 * r, bar - 2 * r);
      c.fillStyle = palette.line;
      c.fillRect(left, Math.round(bar - r / 2), width, r);
      c.save();
      c.beginPath();
      c.rect(left, top, width, height);
      c.clip();
      c.fillStyle = fillOf(lane.side);
      let from;
      for (const [a, b] of lane.windows) {
        const x1 = u.valToPos(a / 1000, 'x', true);
        const x2 = Math.max(x1 + 3 * r, u.valToPos(b / 1000, 'x', true));
        if (x2 < left || x1 > left + width) continue;
        c.fillRect(x1, bar - 3 * r, x2 - x1, 6 * r);
        from ??= Math.max(left, x1);
      }
      c.restore();
      if (from === undefined) return;
      c.textAlign = 'left';
      c.fillStyle = palette.text;
      c.fillText(lane.cause, Math.max(left, Math.min(from, left + width - c.measureText(lane.cause).width)), y);
    });
    c.restore();
  }

  const hint = byId('readout').textContent;
  function tell(u) {
    const i = u.cursor.idx;
    if (i === null || i === undefined || u.cursor.left < 0) {
      byId('readout').textContent = hint;
      return;
    }
    const from = bars.starts[i];
    const failed = bars.heights[0]?.[i] ?? 0;
    const parts = sides.map((side, s) => [side, bars.counts[s][i]]).filter((p) => p[1] > 0).map((p) => p[0] + ' ' + count(p[1]));
    const on = line.lanes.filter((l) => l.windows.some(([a, b]) => a < from + bars.step && b > from)).map((l) => l.rank + ' ' + l.cause);
    byId('readout').textContent =
      (manyDays ? day(from) + ' ' : '') + clock(from, bars.step < 60000) + '-' + clock(from + bars.step, bars.step < 60000) + ': ' +
      count(bars.requests[i]) + ' requests, ' + count(failed) + ' failed' + (parts.length ? ' (' + parts.join(', ') + ')' : '') +
      (on.length ? '; active: ' + on.join(', ') : '');
  }

  function select(u) {
    if (u.select.width < 6) return;
    const from = u.posToVal(u.select.left, 'x') * 1000;
    const to = u.posToVal(u.select.left + u.select.width, 'x') * 1000;
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (u === panels[0].u || !u.cursor.event || u.over.matches(':hover')) zoom(from, to);
  }
  function zoom(from, to) {
    const least = line.step * 4;
    view.from = Math.max(line.start, Math.min(from, end - least));
    view.to = Math.min(end, Math.max(to, view.from + least));
    bars = join();
    // Whole bars: none is cut at the edges.
    view.from = Math.max(line.start, bars.starts[0]);
    view.to = Math.min(end, bars.starts[bars.starts.length - 1] + bars.step);
    for (const { u, rows } of panels) u.setData(rows());
    byId('whole').disabled = view.from === line.start && view.to === end;
  }
  function redata() {
    bars = join();
    for (const { u, rows } of panels) u.setData(rows());
  }
  byId('whole').addEventListener('click', () => zoom(line.start, end));

  function point(i) {
    const at = Math.max(0, Math.min(bars.xs.length - 1, i));
    for (const { u } of panels) u.setCursor({ left: Math.max(0, Math.min(u.over.clientWidth - 1, u.valToPos(bars.xs[at], 'x'))), top: 0 });
  }
  byId('plots').addEventListener('keydown', (e) => {
    const u = panels[0].u;
    const i = u.cursor.idx ?? -1;
    const middle = i < 0 ? (view.from + view.to) / 2 : bars.xs[i] * 1000;
    const half = (view.to - view.from) / 2;
    if (e.key === 'ArrowRight') point(i + 1);
    else if (e.key === 'ArrowLeft') point(i < 0 ? bars.xs.length - 1 : i - 1);
    else if (e.key === '+' || e.key === '=') zoom(middle - half / 2, middle + half / 2);
    else if (e.key === '-') zoom(middle - half * 2, middle + half * 2);
    else if (e.key === 'Escape') zoom(line.start, end);
    else return;
    e.preventDefault();
  });
  new ResizeObserver(() => {
    fit();
    redata();
  }).observe(byId('plot-requests'));
}`;
