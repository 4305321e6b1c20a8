import type { Condition } from '../../logs/question.ts';
import type { Tail } from '../../logs/sources/file/tail.ts';
import { verdictSignals, watchSignals } from '../../signals/verdicts.ts';
import { systemClock } from '../../watch/clock.ts';
import { pageOf } from '../../watch/pages.ts';
import { exposition } from '../../watch/publish/prometheus.ts';
import { Totals } from '../../watch/totals.ts';
import { type Watched, Watcher } from '../../watch/watcher.ts';
import type { Io } from '../io.ts';
import { listen } from '../listen.ts';
import { Misuse } from '../misuse.ts';
import { startPushing } from './push.ts';
import type { Settings } from './settings.ts';
import { type StateFile, Taken } from './state-file.ts';

export interface Run {
  readonly settings: Settings;
  readonly where: readonly Condition[];
  readonly source: Watched;
  /** The source, where it is a followed file, whose place is part of the state. */
  readonly tail?: Tail;
  /** The first window to answer, epoch ms. */
  readonly next: number;
  readonly state: StateFile;
  readonly io: Io;
  readonly log: (message: string) => void;
  /** What is watched, in words. */
  readonly what: string;
}

/** A window under way when the watch is to stop has so long, ms; a Collector as long again for the last push. */
const grace = 5000;

/** Watches and publishes until the user or the system asks to stop. */
export async function watchAndPublish(run: Run): Promise<void> {
  const { settings, where, source, tail, next, state, io, log } = run;
  const stop = new AbortController();
  let taken: Taken | undefined;
  const signals = [...Object.values(verdictSignals), ...Object.values(watchSignals)];
  const save = (upTo: number, verdicts: Totals): void => {
    try {
      state.save({ next: upTo, totals: verdicts.stored() as never, files: tail?.state(upTo) as never });
    } catch (error) {
      if (error instanceof Taken) {
        taken = error;
        stop.abort();
      }
      throw error;
    }
    tail?.settle(upTo);
  };
  const verdicts = new Totals(settings.maxSeries, Object.values(verdictSignals), state.kept?.totals as never);
  // At once: the file is ours from now on, and one that can't be written is told before anything is counted.
  save(next, verdicts);
  const watcher: Watcher = new Watcher({
    ...{ source, where, next, verdicts, grace, save, log, cut: settings.cut, timeout: settings.timeout },
    clock: systemClock,
    stop: stop.signal,
    changed: () => push?.flush(),
  });
  const families = () => watcher.families();
  const push = await startPushing({
    settings,
    instance: state.instance,
    families,
    io,
    log,
    failed: () => watcher.pushFailed(),
  });
  if (!push && !settings.listen) throw new Misuse('nothing to publish to', '--listen HOST:PORT, --otlp URL, or both');
  const shown = await exposition(signals, settings.identity, families);
  const pages = {
    contentType: shown.contentType,
    metrics: () => shown.text(),
    alive: () => watcher.alive(),
    behind: () => watcher.behind(),
  };
  const server =
    settings.listen && (await listen(settings.listen.host, settings.listen.port, (m, p) => pageOf(m, p, pages), log));
  const begins = new Date(next).toISOString();
  log(
    `watching ${run.what} from ${begins} on, a window each ${settings.cut.every / 1000} s${server ? `; http://${server.address}/metrics` : ''}${push ? `; pushes to ${push.to}` : ''}`,
  );
  void io.stopped.then(() => stop.abort());
  try {
    await watcher.run();
  } finally {
    await push?.end(grace);
    await server?.close();
  }
  if (taken) throw taken;
  log(`stopped; the next window would have begun ${new Date(watcher.next).toISOString()}`);
}
