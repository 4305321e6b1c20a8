import { clean } from '../report/clean.ts';
import type { Io } from './io.ts';

/** One line on a terminal's standard error that is written over; nothing at all when nobody watches. */
export function statusLine(io: Io): { readonly show: ((words: string) => void) | undefined; clear(): void } {
  if (!io.stderr.isTTY || io.env['CI']) return { show: undefined, clear: () => {} };
  let shown = false;
  return {
    show(words) {
      shown = true;
      io.stderr.write(`\r\u001b[K${clean(words).slice(0, (io.stderr.columns ?? 80) - 1)}`);
    },
    clear() {
      if (shown) io.stderr.write('\r\u001b[K');
      shown = false;
    },
  };
}
