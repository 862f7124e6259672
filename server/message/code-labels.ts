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
const UNSPACED = /[^\0-\u052f\u2000-\u206f\ufffc]/;

const CODE_NOUNS = 'code[ns]?|codes|kod\\w{0,6}|koder?|koodi|token|コード|코드|कोड|代码';

const inWords = labelPattern(true, (pattern) => `(?<![${LETTER}0-9])(?:${pattern})(?![${LETTER}])`);
const anywhere = labelPattern(false, (pattern) => pattern);

/** The labels of a folded text, in order. */
export function labelsOf(text: string): readonly Label[] {
  // Folded text keeps its length in lower case.
  const lower = text.toLowerCase();
  const labels = find(inWords, lower, text);
  // The second search costs as much as the first, and most mails are in one script.
  if (!UNSPACED.test(text)) return labels;
  return [...labels, ...find(anywhere, lower, text)].sort((a, b) => a.start - b.start);
}

function find(pattern: RegExp, lower: string, text: string): readonly Label[] {
  const labels: Label[] = [];
  pattern.lastIndex = 0;
  // matchAll would copy the pattern, which takes longer than all the rest.
  for (let match = pattern.exec(lower); match !== null; match = pattern.exec(lower)) {
    const { index, groups } = match;
    const label = { text: text.slice(index, pattern.lastIndex), start: index, end: pattern.lastIndex };
    // A TAN is written in capitals; in small letters it is a word of several languages.
    if (match[0] === 'tan' && label.text !== 'TAN') continue;
    const strong = groups?.['strong'] !== undefined || match[0] === 'tan';
    labels.push({ ...label, kind: groups?.['other'] ? 'other' : strong ? 'strong' : 'weak' });
  }
  return labels;
}

function labelPattern(spaced: boolean, within: (pattern: string) => string): RegExp {
  const anyOf = (phrases: readonly string[]) =>
    byFirstLetter([...new Set(phrases.flatMap(spellings))].filter((phrase) => SPACED.test(phrase) === spaced));
  // With its adjective before the adjective alone: `tracking code` is no code, `tracking` says that a number has a name.
  const otherCode = `(?:${anyOf(words.otherCodes)})[ /-]?(?:${CODE_NOUNS})`;
  return new RegExp(
    within(
      `(?<other>${otherCode}|${anyOf(words.other)})|(?<strong>${anyOf(words.strong)})|(?<weak>${anyOf(words.weak)})`,
    ),
    'g',
  );
}

/** An alternation of hundreds of phrases that looks only at those with the right beginning; the longest first. */
function byFirstLetter(phrases: readonly string[]): string {
  const heads = new Map<string, string[]>();
  for (const phrase of phrases.toSorted((a, b) => b.length - a.length)) {
    const head = phrase.startsWith('*') ? '' : phrase.charAt(0);
    heads.set(head, [...(heads.get(head) ?? []), source(phrase.slice(head.length))]);
  }
  return [...heads].map(([head, tails]) => `${head}(?:${tails.join('|')})`).join('|');
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
