/** Yields what `load` returns for each item, in order, with a limited number in progress at once. */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  ahead: number,
  load: (item: Item, index: number) => Promise<Result>,
): AsyncGenerator<Awaited<Result>> {
  const under: Promise<Result>[] = [];
  for (let next = 0; next < items.length || under.length > 0; ) {
    for (const item of items.slice(next, next + ahead - under.length)) {
      const loading = load(item, next);
      // The consumer gets the error when it awaits this; until then it must not count as unhandled.
      loading.catch(() => {});
      under.push(loading);
      next += 1;
    }
    const first = under.shift();
    if (first) yield await first;
  }
}
