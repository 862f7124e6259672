import { maskUrl } from './mask-url.ts';

/** What changes in one mail from run to run. */
export interface Changing {
  /** One-time codes, without separators between their characters. */
  readonly codes: readonly string[];
  /** Content-IDs, in the order of the attachments. */
  readonly contentIds: readonly (string | null)[];
  /** What the test adds. */
  readonly mask: readonly (string | RegExp)[];
}

const URL_IN_TEXT = /\b(?:https?|ftp):\/\/[^\s"'<>)\]\\]*[^\s"'<>)\]\\.,;:!?]/g;
/** The random part of addresses from `mailbox()`: see mailbox-address.ts. */
const FRESH = /-[0-9a-z]{10}(?=(?:@|%40)mailstop\.test\b)/gi;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const ULID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g;
const HEXADECIMAL = /\b[0-9a-f]{16,}\b/gi;

const MONTH =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\.?';
const WEEKDAY = '(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\\s+)?';
const DAY = '\\d{1,2}(?:st|nd|rd|th)?\\.?';
const ZONE = '(?:\\s?(?:Z|UTC|GMT|[+-]\\d{2}:?\\d{2})\\b(?:\\s\\([A-Z]{2,5}\\))?)?';
const TIME = `\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:\\s?[ap]\\.?m\\b\\.?)?${ZONE}`;
const DATE = new RegExp(
  `\\b(?:\\d{4}-\\d{2}-\\d{2}(?:[T ]${TIME})?|\\d{1,2}([/.])\\d{1,2}\\1\\d{4}|` +
    `${WEEKDAY}(?:${DAY}\\s+${MONTH},?\\s+\\d{4}|${MONTH}\\s+${DAY},?\\s+\\d{4})(?:,?\\s+(?:at\\s+)?${TIME})?)(?!\\w)`,
  'gi',
);
const COPYRIGHT = /((?:©|&copy;|\(c\)|copyright)\s*)(?:\d{4}\s*[-–]\s*)?\d{4}\b/gi;

/** Replaces what changes with placeholders: `<token>`, `<code>`, `<date>`, `<id>`, `<random>`, `<masked>`. */
export function masked(text: string, { codes, contentIds, mask }: Changing): string {
  let rest = text.replaceAll(/\r\n?/g, '\n');
  for (const one of mask) rest = rest.replaceAll(everywhere(one), '<masked>');
  for (const [i, id] of contentIds.entries())
    if (id !== null) rest = rest.replaceAll(`cid:${id}`, `cid:<part-${i + 1}>`);
  rest = rest.replaceAll(FRESH, '-<random>');
  let prose = 0;
  const parts: string[] = [];
  for (const { 0: url, index } of rest.matchAll(URL_IN_TEXT)) {
    parts.push(maskProse(rest.slice(prose, index), codes), maskUrl(url));
    prose = index + url.length;
  }
  return [...parts, maskProse(rest.slice(prose), codes)].join('');
}

function maskProse(text: string, codes: readonly string[]): string {
  return codes
    .reduce((rest, code) => rest.replaceAll(codeInText(code), '<code>'), text)
    .replaceAll(UUID, '<id>')
    .replaceAll(ULID, '<id>')
    .replaceAll(HEXADECIMAL, '<token>')
    .replaceAll(DATE, '<date>')
    .replaceAll(COPYRIGHT, '$1<year>');
}

/** Finds a code by its characters; spaces, hyphens and table cell tags may separate them. */
function codeInText(code: string): RegExp {
  const between = '(?:[\\s-]|&nbsp;|<[^<>]{0,300}>){0,8}';
  return new RegExp(`(?<![\\w#])${[...code].map(escaped).join(between)}(?!\\w)`, 'gi');
}

function everywhere(pattern: string | RegExp): string | RegExp {
  if (typeof pattern === 'string' || pattern.global) return pattern;
  return new RegExp(pattern, `${pattern.flags}g`);
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
}
