/**
 * Unwraps `format=flowed` text (RFC 3676 §4): removes soft line breaks and space-stuffing. Quotes keep their marks.
 *
 * @param deleteSpace the parameter DelSp: the space before a soft line break is not part of the text
 */
export function unflowed(text: string, deleteSpace: boolean): string {
  const paragraphs: string[] = [];
  /** The pieces of a paragraph that continues on the next line. */
  let pieces: string[] = [];
  let quotes = 0;
  const finish = () => {
    if (pieces.length > 0) paragraphs.push(quoted(quotes, pieces.join('')));
    pieces = [];
  };

  for (const line of text.split('\n')) {
    let depth = 0;
    while (line.charAt(depth) === '>') depth++;
    const content = line.slice(line.charAt(depth) === ' ' ? depth + 1 : depth);
    // A change of depth ends a paragraph, though it should have had a hard break (§4.5). So does a signature (§4.3).
    if (depth !== quotes || content === SIGNATURE) finish();
    quotes = depth;
    const soft = content.endsWith(' ') && content !== SIGNATURE;
    pieces.push(soft && deleteSpace ? content.slice(0, -1) : content);
    if (!soft) finish();
  }
  finish();
  return paragraphs.join('\n');
}

const SIGNATURE = '-- ';

function quoted(depth: number, text: string): string {
  return depth === 0 ? text : `${'>'.repeat(depth)} ${text}`;
}
