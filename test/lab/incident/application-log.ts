import { gatewayRollout } from './cast.ts';

/** A line of Envoy's own log at a time of the day. */
export interface Said {
  readonly at: number;
  readonly text: string;
}

const stamp = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})\]\[\d+\]/;
const each = 66;

/**
 * What three gateway pods said when they were rolled out, one every two minutes: the lines of the recording Envoy's start, with the
 * day's time and process 1. Lines that name the lab's files, listeners or addresses are left out.
 */
export function applicationLog(envoyLog: string, day: number): readonly Said[] {
  const lines = envoyLog
    .split('\n')
    .filter((l) => stamp.test(l) && !/lab|tmp|127\.0\.0\.1|race-|rescued-|cluster_/.test(l));
  // The extension lists say little a hundred times; the tail is where Envoy becomes ready.
  const kept = [...lines.slice(0, each - 16), ...lines.slice(-16)].slice(0, each);
  const time = (line: string): number => Date.parse(`${(stamp.exec(line)?.[1] ?? '').replace(' ', 'T')}Z`);
  const start = time(kept[0] ?? '');
  return [0, 1, 2].flatMap((pod) =>
    kept.map((line) => {
      // Seconds of real time at most: a recording that was stopped minutes later must not end up there.
      const at = gatewayRollout + pod * 120_000 + Math.min(time(line) - start, 20_000);
      const said = new Date(day + at).toISOString().replace('T', ' ').replace('Z', '');
      return { at, text: line.replace(stamp, `[${said}][1]`) };
    }),
  );
}
