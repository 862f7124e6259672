/** What an expectation requires of a mail: the types of the schemas in `expect.ts`. */

/**
 * A test of a text. A plain string must equal the text, except for white space at its end; `null` means that it must
 * be absent. `contains` and `matches` (RE2 syntax) ignore case, `equals` does not.
 */
export type TextTest =
  | string
  | null
  | {
      readonly equals?: string;
      readonly contains?: string | readonly string[];
      readonly matches?: string;
      readonly not?: TextTest;
    };

export type NumberTest = number | { readonly min?: number; readonly max?: number };

/** A plain string must equal the address; display name and case do not matter. */
export type AddressTest = TextTest | { readonly name?: TextTest; readonly address?: TextTest };

/** A plain text test applies to the URL. */
export interface LinkTest {
  readonly url?: TextTest;
  readonly text?: TextTest;
  /** Where the link is. By default in the HTML if the mail has HTML, and in the text otherwise. */
  readonly source?: 'html' | 'text';
}

export interface AttachmentTest {
  readonly filename?: TextTest;
  readonly contentType?: TextTest;
  readonly size?: NumberTest;
  /** The content, read as UTF-8. */
  readonly text?: TextTest;
}

/** One test, or several, each of which at least one of the values must meet; an empty list means there must be none. */
export type Some<T> = T | readonly T[];

/** Fields that are not given do not matter. */
export interface MessageTest {
  readonly subject?: TextTest;
  readonly from?: AddressTest;
  readonly to?: Some<AddressTest>;
  readonly cc?: Some<AddressTest>;
  readonly bcc?: Some<AddressTest>;
  readonly replyTo?: Some<AddressTest>;
  readonly text?: TextTest;
  readonly html?: TextTest;
  readonly preview?: TextTest;
  readonly messageId?: TextTest;
  readonly username?: TextTest;
  readonly code?: TextTest;
  readonly size?: NumberTest;
  readonly envelope?: { readonly from?: TextTest; readonly to?: Some<TextTest> };
  /** By name; if a field is repeated, at least one must meet the test. */
  readonly headers?: Readonly<Record<string, TextTest>>;
  readonly attachments?: Some<AttachmentTest>;
  readonly links?: Some<TextTest | LinkTest>;
  readonly tags?: Some<TextTest>;
}
