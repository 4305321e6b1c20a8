/** A link to a folded card opens it; on paper everything is open, and folds again afterwards. */
export const foldScript = `
function reveal() {
  const target = location.hash.length > 1 ? byId(location.hash.slice(1)) : null;
  for (let e = target; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
  if (target) target.scrollIntoView();
}
addEventListener('hashchange', reveal);
reveal();
let folded = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')];
  for (const e of folded) e.open = true;
  forPaper(true);
});
addEventListener('afterprint', () => {
  for (const e of folded) e.open = false;
  folded = [];
  forPaper(false);
});`;
