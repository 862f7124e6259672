/** Mapped to nothing (RFC 3454, table B.1). */
const IGNORED = /\u034f|\p{Variation_Selector}|\u200d|[\u00ad\u1806\u200c\u2060\ufeff]/gu;
/** Mapped to a plain space (RFC 3454, table C.1.2). */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** Controls, private use, surrogates, non-characters and everything else that is prohibited (RFC 4013 §2.3). */
const PROHIBITED =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\ufffd\u2ff0-\u2ffb\u200e\u200f\u202a-\u202e\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/u;

/**
 * Normalizes names and passwords before they are compared, so that look-alikes match (RFC 4013, as required by RFC 6856
 * §2.2). Code points that Unicode has not assigned are allowed, as in a query string (§2.5).
 * @returns null if it contains a prohibited character
 */
export function saslprep(text: string): string | null {
  const prepared = text.replace(SPACES, ' ').replace(IGNORED, '').normalize('NFKC');
  return PROHIBITED.test(prepared) ? null : prepared;
}
