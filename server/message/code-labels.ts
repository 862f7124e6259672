import { words } from './code-words.ts';

/** A word that tells what a number near it is: surely a one-time code, maybe one, or something else. */
export interface Label {
  readonly kind: 'strong' | 'weak' | 'other';
  /** As it stands in the text. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Letters of the scripts that part words by blanks. In the others a word may begin anywhere. */
const LETTER = 'a-z\\u00df-\\u024f\\u0370-\\u052f';
const SPACED = new RegExp(`^[${LETTER}*\\d]`);

const CODE_NOUNS = 'code[ns]?|codes|kod\\w{0,6}|koder?|koodi|token|コード|코드|कोड|代码';

const LABEL = new RegExp(
  [
    `(?<other>${anyOf(words.other)}|${boundary(`(?:${words.otherCodes.flatMap(spellings).map(source).join('|')})[ /-]?(?:${CODE_NOUNS})`)})`,
    `(?<strong>${anyOf(words.strong)})`,
    `(?<weak>${anyOf(words.weak)})`,
  ].join('|'),
  'g',
);

/** The labels of a text without line ends, in order. */
export function labelsOf(text: string): readonly Label[] {
  // Folded text keeps its length in lower case.
  return [...text.toLowerCase().matchAll(LABEL)].flatMap(({ 0: match, index, groups }) => {
    const label = { text: text.slice(index, index + match.length), start: index, end: index + match.length };
    // A TAN is written in capitals; in small letters it is a word of several languages.
    if (match === 'tan' && label.text !== 'TAN') return [];
    return [{ ...label, kind: groups?.['other'] ? 'other' : groups?.['strong'] ? 'strong' : 'weak' } as const];
  });
}

function anyOf(phrases: readonly string[]): string {
  const all = [...new Set(phrases.flatMap(spellings))].sort((a, b) => b.length - a.length);
  const spaced = all.filter((phrase) => SPACED.test(phrase)).map(source);
  const others = all.filter((phrase) => !SPACED.test(phrase)).map(source);
  return [boundary(`(?:${spaced.join('|')})`), ...others].join('|');
}

/** The phrase, and the way it is written without its accents. */
function spellings(phrase: string): readonly string[] {
  const plain = phrase
    .normalize('NFD')
    .replace(/(?<=[a-z])[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replaceAll('ı', 'i')
    .replaceAll('ł', 'l');
  return plain === phrase ? [phrase] : [phrase, plain];
}

function source(phrase: string): string {
  return phrase.replaceAll("'", "['’]?").replaceAll(' ', '[ -]{1,3}').replaceAll('*', `[${LETTER}]{0,20}`);
}

function boundary(pattern: string): string {
  return `(?<![${LETTER}0-9])(?:${pattern})(?![${LETTER}])`;
}
