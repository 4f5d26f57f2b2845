/**
 * Items worked through in order, so many at a time. All of a page at once would fill the queue of requests with work of one
 * kind, which leaves the target or this thread idle in turns, and what waits longer survives collections of garbage.
 */

export type WorkedThrough<Result> = {
  /** Of the items that went well, in their order. */
  readonly results: readonly Result[];
  /** Why the first item in order failed that did; after a failure nothing more is begun, and what is under way ends first. */
  readonly failure?: { readonly reason: unknown };
};

/** What came of `work` on each of `items`; it is never thrown. */
export async function workThrough<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<WorkedThrough<Result>> {
  const settled: PromiseSettledResult<Result>[] = [];
  const remaining = items.entries();
  let failed = false;
  const next = async (): Promise<void> => {
    for (const [index, item] of remaining) {
      try {
        settled[index] = { status: 'fulfilled', value: await work(item, index) };
      } catch (reason) {
        failed = true;
        settled[index] = { status: 'rejected', reason };
      }
      if (failed) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, next));
  const results: Result[] = [];
  let failure: WorkedThrough<Result>['failure'];
  for (const one of settled) {
    if (one.status === 'fulfilled') results.push(one.value);
    else failure ??= one;
  }
  return failure === undefined ? { results } : { results, failure };
}
