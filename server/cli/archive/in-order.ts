/** What `load` makes of each item, in order, with up to so many under way at once. */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  ahead: number,
  load: (item: Item, index: number) => Promise<Result>,
): AsyncGenerator<Awaited<Result>> {
  const under: Promise<Result>[] = [];
  for (let next = 0; next < items.length || under.length > 0; ) {
    for (const item of items.slice(next, next + ahead - under.length)) {
      const loading = load(item, next);
      // Whoever reads it is told; that it failed before is no news to the process.
      loading.catch(() => {});
      under.push(loading);
      next += 1;
    }
    const first = under.shift();
    if (first) yield await first;
  }
}
