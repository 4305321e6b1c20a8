/** The latency histogram: bins of equal width on a logarithmic axis, marks where half, nine tenths and all but a hundredth are done. */
export const latencyScript = `
const took = data.latency;
if (took) {
  const box = byId('plot-latency');
  const most = Math.max(...took.counts);
  const told = byId('latency-readout').innerText;
  const u = new uPlot({
    width: box.clientWidth,
    height: box.clientHeight,
    padding: [22, 34, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [0, took.counts.length] },
      y: { distr: 3, range: () => [0.5, Math.max(10, most * 1.5)] },
    },
    series: [{}, { fill: () => palette.track, stroke: () => palette.muted, width: 1, points: { show: false }, paths: uPlot.paths.bars({ size: [0.94, Infinity], gap: 0 }) }],
    axes: [
      axis({ size: 30, splits: () => took.ticks.map((t) => t[0]), values: () => took.ticks.map(([, ms]) => (ms < 1000 ? ms + ' ms' : ms / 1000 + ' s')), filter: (u, s) => s }),
      axis({ size: 48, splits: () => [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9].filter((n) => n <= most * 1.5), filter: (u, s) => s, values: (u, s) => s.map((n) => (n >= 1e6 ? n / 1e6 + 'M' : n >= 1e3 ? n / 1e3 + 'k' : String(n))) }),
    ],
    hooks: {
      draw: [marks],
      setCursor: [(u) => {
        const i = u.cursor.idx;
        const on = i !== null && i !== undefined && u.cursor.left >= 0;
        byId('latency-readout').textContent = on ? took.labels[i] + ': ' + count(took.counts[i]) + ' requests' : told;
      }],
    },
  }, [took.counts.map((_, i) => i + 0.5), took.counts.map((n) => (n > 0 ? n : null))], box);
  charts.push(u);
  new ResizeObserver(fit).observe(box);

  function marks(u) {
    const c = u.ctx;
    const r = devicePixelRatio || 1;
    const { left, top, width, height } = u.bbox;
    c.save();
    c.font = font.replace('11px', 11 * r + 'px');
    c.textBaseline = 'bottom';
    c.textAlign = 'left';
    // Labels from the right, each left of the one before, so that all are read however close the marks are.
    let free = left + width + 30 * r;
    for (const mark of [...took.marks].reverse()) {
      const x = Math.min(left + width, u.valToPos(mark.at, 'x', true));
      const text = mark.name + ' ' + mark.label;
      const wide = c.measureText(text).width;
      const at = Math.min(free - wide, x - wide / 2);
      c.strokeStyle = palette.accent;
      c.lineWidth = 1.5 * r;
      c.setLineDash([4 * r, 3 * r]);
      c.beginPath();
      c.moveTo(x, top);
      c.lineTo(x, top + height);
      c.stroke();
      c.fillStyle = palette.text;
      c.fillText(text, at, top - 5 * r);
      free = at - 8 * r;
    }
    c.restore();
  }
}`;
