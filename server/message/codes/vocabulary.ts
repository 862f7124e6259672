import { type Phrases, phrasesIn, phrasesOf } from './phrases.ts';
import { languages } from './words/languages.ts';
import type { Words } from './words/words.ts';

/** The words of all languages, compiled. */
export interface Vocabulary {
  readonly phrases: Phrases;
  /** Between the name of a code and the code. */
  readonly introduces: RegExp;
  /** Between the name of another thing and its number. */
  readonly beforeNumber: RegExp;
  readonly adjectives: ReadonlySet<string>;
}

export function vocabularyOf(words: readonly Words[]): Vocabulary {
  const all = (list: (one: Words) => string | undefined) => words.flatMap((one) => phrasesIn(list(one)));
  return {
    phrases: phrasesOf(words),
    introduces: between(
      '[^\\p{L}\\p{N}]',
      all(({ is }) => is),
    ),
    beforeNumber: between(
      '[\\s:#.=-]',
      all(({ number }) => number),
    ),
    adjectives: new Set(all(({ adjectives }) => adjectives)),
  };
}

let known: Vocabulary | null = null;

/** For all languages. Compiled on first use: it takes a while, and many importers of this module never need it. */
export function vocabulary(): Vocabulary {
  known ??= vocabularyOf(languages);
  return known;
}

/** Matches at most one of these words, with signs around it. */
function between(sign: string, words: readonly string[]): RegExp {
  const alternatives = [...new Set(words)].map((word) => word.replaceAll('.', '\\.')).join('|');
  return new RegExp(`^${sign}*(?:(?:${alternatives})(?!\\p{L})${sign}*)?$`, 'iu');
}
