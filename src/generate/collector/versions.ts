/**
 * How components and keys are called in a Collector of a version; what is not listed is the same from 0.155 on. Seen in the 0.155.0 binary
 * that the tests run and in a configuration that 0.162.0 took without a warning; the versions between by the project's change log:
 * `delta_to_cumulative` came with 0.158. When remote write's HTTP settings moved is not known, so they move with 0.162; older spellings are
 * aliases there. From 0.161 on OTTL's `set` clears its target when the value is nil, so no statement here relies on it doing nothing.
 */
export interface Spelling {
  readonly deltaToCumulative: 'deltatocumulative' | 'delta_to_cumulative';
  /** The remote-write exporter's HTTP settings are under `http`. */
  readonly remoteWriteUnderHttp: boolean;
}

export function spellingOf(version: string): Spelling {
  const minor = minorOf(version);
  return {
    deltaToCumulative: minor >= 158 ? 'delta_to_cumulative' : 'deltatocumulative',
    remoteWriteUnderHttp: minor >= 162,
  };
}

const minorOf = (version: string): number => Number(version.split('.')[1] ?? 0);
