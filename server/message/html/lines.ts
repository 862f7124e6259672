import { shownInHtml } from './hidden.ts';
import { textOfPieces } from './text.ts';

/** Fewer boxes of one char in a row are no code, and neither are more. */
const BOXES = { from: 4, to: 10 };

/**
 * The text that a reader of an HTML mail sees, without what CSS hides, as lines, without the empty ones. Cells of a row are parted by tabs.
 * @param limit stops after about this many chars
 */
export function linesOfHtml(html: string, limit: number): readonly string[] {
  const lines = textOfPieces(shownInHtml(html), limit)
    .split('\n')
    .map((line) => line.replace(/[^\S\t]+/g, ' ').trim())
    .filter((line) => line !== '');
  return joinBoxes(lines);
}

/** A code with each char in a block of its own is one line. */
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
