/** A copy button on every block of text to paste; it is put where the caption left room, so nothing moves. */
export const copyScript = `
for (const figure of document.querySelectorAll('.code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  const code = figure.querySelector('code');
  button.addEventListener('click', async () => {
    const done = await copied(code);
    button.textContent = done ? 'Copied' : 'Select and copy';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  figure.querySelector('figcaption').append(button);
}
async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    // Not every browser gives a file the clipboard: select the text, and try the older way.
    getSelection().selectAllChildren(element);
    return document.execCommand('copy');
  }
}`;
