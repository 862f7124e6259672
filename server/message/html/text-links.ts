/** A URL and its visible text. */
export interface FoundUrl {
  readonly url: string;
  readonly text: string;
}

/** Longest URL listed, in chars. */
export const MAX_URL = 8192;

const START = /https?:\/\/|mailto:/gi;

/**
 * Characters that always end a URL. Includes scripts that are written without spaces: in a Japanese sentence the text
 * continues right after the URL, and URLs that apps generate are ASCII.
 */
const NOT_IN_URL = new RegExp(
  `[\\s<>"\`|\\\\^\\0-\\x1f\\x7f«»‹›“”„‟‘’…\\u3000-\\u303f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65` +
    `\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}]`,
  'u',
);

/** At the end, these belong to the sentence or an emphasis, not to the URL. */
const TRAILING = new Set(".,;:!?'*([{");

/** A URL in angle brackets. It ends at the next bracket, so the search takes linear time. */
const BRACKETED = /[^<>]+>/y;

const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Finds http, https and mailto URLs of any length in plain text, in order and with repeats. Takes linear time.
 */
export function* urlsOfText(text: string): Generator<FoundUrl> {
  const start = new RegExp(START);
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    const { index } = match;
    if (/[A-Za-z0-9]/.test(text.charAt(index - 1))) continue;
    const found = inBrackets(text, index) ?? bare(text, index);
    start.lastIndex = Math.max(found.end, start.lastIndex);
    const url = found.url;
    if (leadsSomewhere(url)) yield { url, text: markdownText(text, index) ?? url };
  }
}

/** False for a scheme alone, which is just talk about URLs. */
export function leadsSomewhere(url: string): boolean {
  return /^https?:\/\/[^\s/?#]/i.test(url) || /^mailto:[^\s@?]*[@?]/i.test(url);
}

interface Stretch {
  readonly url: string;
  readonly end: number;
}

/** `<https://...>` and `<URL:https://...>`; line breaks in it were put there by the mail (RFC 3986, appendix C). */
function inBrackets(text: string, index: number): Stretch | null {
  const opened = text.charAt(index - 1) === '<' || text.slice(Math.max(0, index - 5), index).toUpperCase() === '<URL:';
  if (!opened) return null;
  BRACKETED.lastIndex = index;
  const content = BRACKETED.exec(text)?.[0].slice(0, -1);
  if (content === undefined || /\n[ \t\r]*\n/.test(content)) return null;
  const url = content
    .split(/\r?\n/)
    .map((line) => line.trim())
    .join('');
  return /\s/.test(url) ? null : { url, end: index + content.length + 1 };
}

/** A closing bracket belongs to the URL only when it was opened in it: `(see https://x.test/a_(b))`. */
function bare(text: string, index: number): Stretch {
  const opened: string[] = [];
  let end = index;
  for (; end < text.length; end++) {
    const char = text.charAt(end);
    if (NOT_IN_URL.test(char)) break;
    if ('([{'.includes(char)) opened.push(char);
    const opening = CLOSES[char];
    if (opening === undefined) continue;
    const at = opened.lastIndexOf(opening);
    if (at === -1) break;
    opened.length = at;
  }
  let last = end;
  while (last > index && TRAILING.has(text.charAt(last - 1))) last--;
  return { url: text.slice(index, last), end };
}

/** The text of `[text](url)`; null for any other URL. */
function markdownText(text: string, index: number): string | null {
  if (text.slice(Math.max(0, index - 2), index) !== '](') return null;
  const before = text.slice(Math.max(0, index - 302), index - 2);
  const label = before.slice(before.lastIndexOf('[') + 1).trim();
  return before.includes('[') && label !== '' && !label.includes('\n') ? label : null;
}
