/** A number that the line lacks, and one that it says is unset. */
export const NO_NUMBER: u32 = 0xffffffff;
export const UNSET_NUMBER: u32 = 0xfffffffe;

/** The caller's bucketOf (buckets.ts) as the part of a code: 0 for no number, 1 for an unset one, the bucket's index and 2. */
export function partOf(edges: usize, value: u32): u32 {
  if (value >= UNSET_NUMBER) return value == NO_NUMBER ? 0 : 1;
  let low: i32 = 0;
  let high = <i32>load<f64>(edges) - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (load<f64>(edges + (<usize>middle << 3), 8) <= <f64>value) low = middle;
    else high = middle - 1;
  }
  return <u32>(low + 2);
}
