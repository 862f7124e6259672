import { shownInHtml } from './hidden.ts';
import { textOfPieces } from './text.ts';

/** How many one-char boxes in a row make a code. */
const BOXES = { from: 4, to: 10 };

/**
 * The visible text of an HTML mail, without what CSS hides, as non-empty lines. Tabs separate the cells of a row.
 * @param limit stops after about this many chars
 */
export function linesOfHtml(html: string, limit: number): readonly string[] {
  const lines = textOfPieces(shownInHtml(html), limit)
    .split('\n')
    .map((line) => line.replace(/[^\S\t]+/g, ' ').trim())
    .filter((line) => line !== '');
  return joinBoxes(lines);
}

/** Joins a code whose chars are in separate blocks into one line. */
function joinBoxes(lines: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (let at = 0; at < lines.length; ) {
    let to = at;
    while (to - at <= BOXES.to && /^[0-9A-Z]$/.test(lines[to] ?? '')) to++;
    const boxes = to - at >= BOXES.from && to - at <= BOXES.to;
    joined.push(boxes ? lines.slice(at, to).join(' ') : (lines[at] ?? ''));
    at = boxes ? to : at + 1;
  }
  return joined;
}
