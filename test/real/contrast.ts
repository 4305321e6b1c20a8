/**
 * Runs in the page: the contrast (WCAG 2) of every text against the ground it stands on (4.5 wanted), and of the sides' colours against
 * theirs (3). Gives how many texts there were and what is too low, each kind once.
 */
export const contrasts = `(() => {
  const low = new Set();
  let texts = 0;
  const channels = (css) => (css.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [x, y] = [luminance(channels(a)), luminance(channels(b))].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((channels(colour)[3] ?? 1) > 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === '' || e.closest('script, .skip') || e.getClientRects().length === 0) continue;
    texts++;
    const found = ratio(getComputedStyle(e).color, ground(e));
    if (found < 4.5) low.add(e.tagName + '.' + e.className + ': ' + found.toFixed(2));
  }
  for (const e of document.querySelectorAll('.strip rect:not(.track), .share rect:not(.faint), .legend rect, .dot rect, .bars rect:not(.faint)')) {
    const found = ratio(getComputedStyle(e).fill, ground(e.parentElement));
    if (found < 3) low.add(e.getAttribute('class') + ': ' + found.toFixed(2));
  }
  return { texts, low: [...low] };
})()`;
