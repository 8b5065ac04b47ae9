/** Requests of one kind that are under way at once. */
const AT_ONCE = 8

/** Does the same with each item, with so many at a time. @returns what came of each, in their order */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let index = 0; index < items.length; index += AT_ONCE)
    results.push(...(await Promise.all(items.slice(index, index + AT_ONCE).map(work))))
  return results
}
