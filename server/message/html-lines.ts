import { scanHtml } from './html-scan.ts';
import { INLINE } from './html-text.ts';

/** Cells stand side by side. */
const CELLS: ReadonlySet<string> = new Set(['td', 'th']);

/** Fewer boxes of one char in a row are no code, more are none either. */
const BOXES = { from: 4, to: 10 };

/**
 * The text that a reader of an HTML mail sees, line by line as the layout would have it: what is a block begins a line,
 * cells of a row are parted by tabs, blanks are folded. Empty lines are left out.
 * @param limit stops at about so many chars
 */
export function linesOfHtml(html: string, limit: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let length = 0;
  const end = () => {
    const text = line
      .replace(/[^\S\t]+/g, ' ')
      .replace(/ ?\t[\t ]*/g, '\t')
      .trim();
    if (text !== '') lines.push(text);
    line = '';
  };
  for (const piece of scanHtml(html)) {
    if (length > limit) break;
    if (piece.kind === 'text') {
      // Line breaks and tabs in the source are blanks.
      line += piece.text.replace(/\s+/g, ' ');
      length += piece.text.length;
    } else if (CELLS.has(piece.name)) {
      line += '\t';
    } else if (!INLINE.has(piece.name) && piece.name !== 'img') {
      end();
    }
  }
  end();
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
