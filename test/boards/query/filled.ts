import { duration } from '../../../src/boards/query/promql-text.ts';

/** A board's PromQL as Grafana sends it: every variable at "All", the windows as they would be. */
export const filled = (
  text: string,
  { view, interval }: { readonly view: number; readonly interval: number },
): string =>
  text
    .replaceAll('$__rate_interval', duration(interval))
    .replaceAll('$__range_s', String(view / 1000))
    .replaceAll('$__range', duration(view))
    .replace(/"\$[A-Za-z]\w*"/g, '".*"');
