/**
 * Does the work for every item, at most so many at once; results in the items' order. The first failure lets no further work begin and is
 * told at once, so that what runs can be ended; it is thrown when everything has ended.
 */
export async function atMost<T, R>(
  count: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
  failed: (error: unknown) => void = () => {},
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const errors: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (errors.length === 0 && next < items.length) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T);
      } catch (error) {
        if (errors.push(error) === 1) failed(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
