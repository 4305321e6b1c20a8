/** What a command may say of itself: all there is, so that nothing of a log, no name of a file and nothing that was asked for can be sent. */
export interface CommandFacts {
  /** A command's name from the registry; `unknown` for anything else. */
  readonly command: string;
  /** `file`, the store's name, or `none`. */
  readonly source: string;
  /** Bytes of logs read or scanned, where the command said so. */
  readonly bytes: number | undefined;
  /** Epoch ms. */
  readonly began: number;
  readonly ended: number;
  /** The exit code and its word; `crashed` has none. */
  readonly exitCode: number | undefined;
  readonly outcome: 'ok' | 'findings' | 'misuse' | 'failed' | 'crashed';
}
