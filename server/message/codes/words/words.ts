/**
 * The words of one language that distinguish a one-time code from other numbers.
 *
 * Each list is one string, its phrases separated by commas, in lower case. A space also matches a hyphen, a star matches
 * up to 20 more letters (at the start of a one-word phrase: `*nummer`, or at the end of a word: `kod* dostępu`).
 * Phrases with accents are also found without them. A phrase in capitals matches only capitals: `TAN`.
 */
export interface Words {
  /** Names of one-time codes that mean nothing else: `verification code`. */
  readonly oneTime: string;
  /** Words that may mean a one-time code; the rest of the mail decides: `code`, `pin`. */
  readonly maybe: string;
  /** Words that say that a `noun` after them is something else: `promo`, `postal`. */
  readonly otherKinds?: string;
  /** The nouns that `otherKinds` are combined with, in one word or two: `code`. */
  readonly nouns?: string;
  /** Whole names of other codes, and things that have a number: `código postal`, `order`, `invoice`. */
  readonly otherNames?: string;
  /** Near a word of `maybe`, these mean the code of a discount or of an error: `coupon`, `checkout`, `error:`. */
  readonly elsewhere?: string;
  /** In a mail with one of these, words of `maybe` refer to a meeting: `meeting id`. */
  readonly meeting?: string;
  /** Right after a number, these mean an amount: `minutes`, `euros`. */
  readonly units?: string;
  /** Right before a number, these mean that it isn't the code: `is not 111111`. */
  readonly not?: string;
  /** Right after a number, these mean that it is no longer the code: `has expired`. */
  readonly past?: string;
  /** Between the name of a code and the code: `is`. */
  readonly is?: string;
  /** Between the name of another thing and its number: `number`. */
  readonly number?: string;
  /** Before a code without a name: `enter` in `enter 123456 to log in`. */
  readonly enter?: string;
  /** After such a code: `to log in`. */
  readonly purpose?: string;
  /** Last parts of hyphenated adjectives that look like a code of words: `sensitive` in `case-sensitive`. */
  readonly adjectives?: string;
}
