/** How a cost is to be printed. */
export interface CostOptions {
  readonly width: number;
}
