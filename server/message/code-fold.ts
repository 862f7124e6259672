/** Where the ten digits of a script begin. Full-width ones are among those that NFKC folds. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50];

const DIGITS: ReadonlyMap<string, string> = new Map(
  ZEROS.flatMap((zero) =>
    Array.from({ length: 10 }, (_, n): [string, string] => [String.fromCharCode(zero + n), `${n}`]),
  ),
);

const ASCII = /^[\t\x20-\x7e]*$/;
const OTHER_DIGIT = new RegExp(`[${[...DIGITS.keys()].join('')}]`, 'g');
/** Bringing so many marks into order would take quadratic time; the two ligatures would grow to eighteen letters each. */
const COSTLY = /\p{M}{10,}|[\ufdfa\ufdfb]/gu;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const HYPHENS = /[\u2010-\u2013\u2212]/g;
/** Numbers in these are for machines: a link with a code in it is clicked, not typed. */
const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>"'()]+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}/gi;
/** In all of these and in few other lines, and found sooner. */
const MAYBE_ADDRESS = /@|:\/\/|www\./i;

/**
 * One line of a mail as codes are looked for in it: ASCII digits, plain blanks and hyphens, no URLs. Letters keep their
 * case; they are composed, so that lower case has the same length. A tab parts cells.
 */
export function foldLine(line: string): string {
  const folded = ASCII.test(line) ? line : foldChars(line);
  return (
    (MAYBE_ADDRESS.test(folded) ? folded.replace(ADDRESS, '\ufffc') : folded)
      .replace(/[^\S\t]{2,}|[^\S\t ]/g, ' ')
      // A code may have a cell for each char.
      .replace(/(?<![^\s])([0-9A-Z])\t(?=[0-9A-Z](?:\s|$))/g, '$1 ')
      .trim()
  );
}

function foldChars(line: string): string {
  return (
    line
      .replace(COSTLY, '')
      // Full-width punctuation has its blank within, which folding would lose: 482913，10 is no decimal.
      .replace(/[，：；！？]/g, '$& ')
      .normalize('NFKC')
      .replace(OTHER_DIGIT, (digit) => DIGITS.get(digit) ?? digit)
      .replace(INVISIBLE, '')
      .replace(HYPHENS, '-')
      .replaceAll('—', ' - ')
      // Its lower case is longer than itself.
      .replaceAll('İ', 'I')
  );
}
