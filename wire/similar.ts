const MOST_EDITS = 3;

/**
 * The known word that was probably meant, for "did you mean …?"; null if none is close. Ignores case.
 * @param most how many letters may be wrong
 */
export function similar(word: string, known: Iterable<string>, most = MOST_EDITS): string | null {
  let best: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const one of known) {
    const edits = distance(word.toLowerCase(), one.toLowerCase());
    if (edits > most || edits * 2 > Math.max(word.length, one.length) || edits >= fewest) continue;
    [best, fewest] = [one, edits];
  }
  return best;
}

/** Edit distance: letters to insert, delete, replace or swap with a neighbour. */
function distance(a: string, b: string): number {
  // Also limits the work for very long words.
  if (Math.abs(a.length - b.length) > MOST_EDITS) return Number.POSITIVE_INFINITY;
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced, swapped));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
