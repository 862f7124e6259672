/** Code points. */
const PREVIEW_LENGTH = 160;

/**
 * How many chars to read: few first, more if needed. Mails pad their preview text with hundreds of invisible chars, so
 * it may take far more than is shown.
 */
const LOOKED_AT = [1024, 16_384];

/**
 * Invisible characters: soft hyphens, zero-width spaces, and text direction controls, which could reorder what is next
 * to the preview. Joiners are for the next rule; variation selectors and tags are parts of emoji.
 */
const INVISIBLE =
  /(?!\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0020}-\u{e007f}])\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]/gu;

/** Joiners mean something between letters (Persian) and between emoji (families); anywhere else they are padding. */
const PADDING_JOINERS = new RegExp(
  String.raw`(?<!\p{L}|\p{M}|\p{Extended_Pictographic}|\p{Emoji_Modifier})[\u200c\u200d]` +
    String.raw`|[\u200c\u200d](?!\p{L}|\p{M}|\p{Extended_Pictographic})`,
  'gu',
);

/** The beginning of a text on one line, without what can't be seen. */
export function previewOf(text: string): string {
  let folded = '';
  for (const length of LOOKED_AT) {
    const visible = text.slice(0, length).replace(INVISIBLE, '').replace(PADDING_JOINERS, '');
    folded = foldWhiteSpace(visible.replace(/[\0-\x1f\x7f-\x9f]+/g, ' '));
    // A code point takes at most two chars, so this only cuts text that is not shown.
    if (folded.length > 2 * PREVIEW_LENGTH) break;
  }
  return folded.length <= PREVIEW_LENGTH ? folded : Array.from(folded).slice(0, PREVIEW_LENGTH).join('').trimEnd();
}

/** Leaves single spaces alone: replacing each of them would cost more than everything else. */
export function foldWhiteSpace(text: string): string {
  return text.replace(/\s{2,}|[^\S ]/g, ' ').trim();
}
