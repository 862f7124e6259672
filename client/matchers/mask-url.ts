/**
 * Masks the parts of a URL that change with every run: tokens, ids and ports of test servers. Only their form tells
 * them from words, so the same kind of token is masked in every run.
 */

const TOKEN = '<token>';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Parameters with these names change with every run, even if their values are short. */
const SECRET_NAME =
  /(?:token|code|key|signature|hash|hmac|nonce|otp|secret|session|ticket|jwt|expires?|timestamp|uuid|guid)$|(?:^|[_-])(?:id|uid|sig|exp|ts|pin)$|[a-z]Id$/i;
const LONG_NUMBER_DIGITS = 9;

/** `&amp;` in HTML stays as it is. */
export function maskUrl(url: string): string {
  const [, origin = '', path = '', query = '', fragment = ''] =
    /^(\w+:\/\/[^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/.exec(url) ?? [];
  if (origin === '') return url;
  const inner = fragment.indexOf('?');
  const [place, rest] = inner < 0 ? [fragment, ''] : [fragment.slice(0, inner), fragment.slice(inner)];
  // In a single-page app the fragment can be a path with a query, or a query alone.
  const hash = /^#[^/]*=/.test(place) ? maskQuery(place) : maskPath(place);
  return `${maskPort(origin)}${maskPath(path)}${maskQuery(query)}${hash}${maskQuery(rest)}`;
}

function maskPort(origin: string): string {
  return origin.replace(/(\/\/(?:localhost|127\.0\.0\.1|\[::1\])):\d+$/, '$1:<port>');
}

function maskPath(path: string): string {
  return path.replaceAll(/[^/#]+/g, (segment) => (/^\d+$/.test(segment) || isRandom(segment) ? TOKEN : segment));
}

function maskQuery(query: string): string {
  return query.replaceAll(/([^?#&;=]+)=([^&;]+)/g, (pair, name: string, value: string) => {
    // `&amp;token=`: the name begins after the entity.
    const long = value.length >= LONG_NUMBER_DIGITS && /^\d+$/.test(value);
    return SECRET_NAME.test(name) || long || isRandom(value) ? `${name}=${TOKEN}` : pair;
  });
}

/** Whether any part of it does not look like a word, number or name written by a person. */
function isRandom(text: string): boolean {
  return decoded(text)
    .split(/[\s/.,:@|~!()]+/)
    .some((piece) => UUID.test(piece) || isRandomPiece(piece));
}

function isRandomPiece(piece: string): boolean {
  const words = piece.split(/[-_+=]+/);
  if (words.every((word) => /^(?:[A-Z]?[a-z]*|\d{0,8})$/.test(word))) return words.some((word) => word.length >= 20);
  // Base64 has hyphens too: the whole may show a mix that its parts do not.
  const isMixed = /[A-Z]/.test(piece) && /[a-z]/.test(piece) && (/\d/.test(piece) || humps(piece) >= 3);
  return (piece.length >= 20 && isMixed) || words.some(isRandomWord);
}

function isRandomWord(word: string): boolean {
  if (!/^[A-Za-z0-9]{6,}$/.test(word)) return false;
  const letters = word.replaceAll(/\d/g, '');
  if (letters === '') return word.length >= LONG_NUMBER_DIGITS;
  if (letters === word) {
    return word.length >= 20 || (word.length >= 16 && humps(word) >= 3);
  }
  // Like oauth2, product2024 and 2fa.
  const isNumbered = /^[A-Za-z]+\d{1,4}$|^\d{1,4}[A-Za-z]+$/.test(word);
  return !isNumbered || word.length >= 16;
}

/** CamelCase humps; random text has more of them than people write. */
function humps(word: string): number {
  return word.match(/[a-z][A-Z]/g)?.length ?? 0;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
