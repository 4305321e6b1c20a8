/** How an alignment is to be printed. */
export interface AlignmentOptions {
  readonly color: boolean;
  readonly width: number;
}
