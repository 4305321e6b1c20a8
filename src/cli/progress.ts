import { duration } from '../triage/words.ts';
import type { Io } from './io.ts';

/** One line on a terminal's standard error: how far, how fast, how long yet. Nothing at all when nobody watches. */
export function progressLine(io: Io): {
  readonly update: ((done: number, total: number | undefined) => void) | undefined;
  clear(): void;
} {
  if (!io.stderr.isTTY || io.env['CI']) return { update: undefined, clear: () => {} };
  const started = io.now();
  let shown = 0;
  return {
    update(done, total) {
      const now = io.now();
      if (now - started < 500 || now - shown < 100) return;
      shown = now;
      const rate = done / Math.max(1, now - started);
      const left = total === undefined || rate === 0 ? '' : `, ${duration((total - done) / rate)} left`;
      const share =
        total === undefined ? '' : ` of ${size(total)} (${Math.floor((100 * done) / Math.max(1, total))} %)`;
      io.stderr.write(`\r\u001b[Kreading ${size(done)}${share}, ${size(rate * 1000)}/s${left}`);
    },
    clear() {
      if (shown > 0) io.stderr.write('\r\u001b[K');
    },
  };
}

const size = (bytes: number): string =>
  bytes < 1e6
    ? `${Math.round(bytes / 1e3)} kB`
    : bytes < 1e9
      ? `${Math.round(bytes / 1e6)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`;
