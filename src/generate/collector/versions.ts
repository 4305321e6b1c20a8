/**
 * How components and keys are called in a Collector of a version. A name that is not listed is the same in all that vigia writes for (0.155
 * and newer). Seen in the 0.155.0 binary that the tests run and, for what is newer, in the configuration that 0.162.0 accepted without a
 * warning; where between the two a name changed is not known, so the newer one is written from 0.162 on only: the old stays accepted there.
 */
export interface Spelling {
  readonly deltaToCumulative: 'deltatocumulative' | 'delta_to_cumulative';
  /** The remote-write exporter's HTTP settings are under `http`. */
  readonly remoteWriteUnderHttp: boolean;
}

export function spellingOf(version: string): Spelling {
  const newer = minorOf(version) >= 162;
  return {
    deltaToCumulative: newer ? 'delta_to_cumulative' : 'deltatocumulative',
    remoteWriteUnderHttp: newer,
  };
}

const minorOf = (version: string): number => Number(version.split('.')[1] ?? 0);
