/**
 * How components and keys are called in a Collector of a version; what is not here is the same from 0.155 to 0.165. Each row was read in the
 * source of its module at the version named and at the one before it (Go module proxy), and the settings' types at 0.155.0 and 0.165.0 were
 * compared. The tests start 0.155.0 and 0.161.0 (scripts/tools/), the newest that can be built from what the proxy serves. From 0.161 on OTTL's `set` clears its target when the value is nil, so no statement here relies on it doing nothing.
 */
export interface Spelling {
  /** processor/deltatocumulativeprocessor, internal/metadata/generated_status.go: the long name came with 0.158.0, the old is an alias there. */
  readonly deltaToCumulative: 'deltatocumulative' | 'delta_to_cumulative';
  /** exporter/prometheusremotewriteexporter, config.go: HTTP settings have a block `http` since 0.159.0; beside it they are deprecated there. */
  readonly remoteWriteUnderHttp: boolean;
}

export function spellingOf(version: string): Spelling {
  const minor = minorOf(version);
  return {
    deltaToCumulative: minor >= 158 ? 'delta_to_cumulative' : 'deltatocumulative',
    remoteWriteUnderHttp: minor >= 159,
  };
}

const minorOf = (version: string): number => Number(version.split('.')[1] ?? 0);
