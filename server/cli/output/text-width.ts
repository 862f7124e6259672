/** East Asian characters and emoji, which take two columns of a terminal (UAX #11, emoji as UTS #51). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const PLAIN = /^[\x20-\x7e]*$/;

const graphemes = (text: string) => Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
const widthOfGrapheme = (grapheme: string) => (WIDE.test(grapheme) ? 2 : 1);

/** How many terminal columns a line takes. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return graphemes(text).reduce((sum, grapheme) => sum + widthOfGrapheme(grapheme), 0);
}

/** Makes a line exactly this wide: padded with spaces, or cut with an ellipsis. */
export function fitTo(text: string, width: number): string {
  const missing = width - widthOf(text);
  if (missing >= 0) return text + ' '.repeat(missing);
  let [cut, used] = ['', 0];
  for (const grapheme of graphemes(text)) {
    const next = used + widthOfGrapheme(grapheme);
    if (next > width - 1) break;
    [cut, used] = [cut + grapheme, next];
  }
  return `${cut}…${' '.repeat(Math.max(0, width - used - 1))}`;
}
