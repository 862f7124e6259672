/** A mail as apps send it, and what is to be found in it. */
export interface CodeMail {
  readonly name: string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  /** The one code; null when there is none or when it can't be told. */
  readonly code: string | null;
  /** All candidates, when there are more than that one or when it can't be told. */
  readonly codes?: readonly string[];
  /** The URLs of all links, in order. */
  readonly links?: readonly string[];
}
