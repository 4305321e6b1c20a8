import type { Triage } from '../../triage/triage.ts';
import { count, plural } from '../../triage/words.ts';
import { storeNotes } from '../store-words.ts';
import { type Html, html, name } from './html-escape.ts';
import { safeText } from './safe-record.ts';
import { table } from './table.ts';

const files = 20;

/** What was read, what was left out and why: whether the numbers above can be trusted. */
export function reading(t: Triage, redact: boolean): Html {
  const r = t.reading;
  const notes = [
    ...storeNotes(t, r),
    r.applicationLines > 0 && `${plural(r.applicationLines, 'line')} of Envoy's own application log, skipped`,
    r.interim > 0 &&
      `${plural(r.interim, 'entry', 'entries')} of requests still running, skipped: only the last one of a request counts`,
    r.weighted > 0 && `${plural(r.weighted, 'sampled entry', 'sampled entries')}, counted by weight`,
    r.outsideWindow > 0 && `${plural(r.outsideWindow, 'request')} outside the window`,
    r.leftOut > 0 && `${plural(r.leftOut, 'request')} left out by the conditions`,
    t.precision === 'exact' ? 'exact: every request was counted' : precisionWords[t.precision],
    redact
      ? 'redacted: no query strings, client addresses or tokens; --no-redact keeps them and adds the log lines'
      : 'not redacted: holds query strings, client addresses and whole log lines; take care where it goes',
  ].filter((n) => n !== false);
  return html`<section aria-labelledby="reading"><h2 id="reading">What was read</h2>${
    r.files.length > 0 &&
    table(
      'Files',
      ['file', 'lines', 'format'],
      r.files
        .slice(0, files)
        .map((f) => [
          html`<span class="name">${f.name === '-' ? 'standard input' : name(f.name)}</span>`,
          count(f.lines),
          f.format,
        ]),
      [2],
    )
  }${r.files.length > files && html`<p class="note">and ${r.files.length - files} more files</p>`}<ul class="notes">${notes.map((n) => html`<li>${n}</li>`)}</ul>${rejects(t, redact)}</section>`;
}

const precisionWords = {
  truncated:
    'truncated: there were too many names, and those beyond the bound were counted under (other); the counts are whole',
  approximate: 'approximate: the source counted a sample or rounded',
} as const;

function rejects(t: Triage, redact: boolean): Html {
  const { rejects: n, firstRejects } = t.reading;
  if (n === 0) return html``;
  return html`<h3>${plural(n, 'line')} could not be read</h3>${table(
    n > firstRejects.length ? `The first ${firstRejects.length}` : 'Every one',
    ['where', 'why', 'starts with'],
    firstRejects.map((f) => [
      `${f.file === '-' ? 'standard input' : name(f.file, 80)}${f.line > 0 ? `:${f.line}` : ''}`,
      f.reason,
      html`<code class="name">${safeText(f.text, redact)}</code>`,
    ]),
    [1, 2],
  )}`;
}
