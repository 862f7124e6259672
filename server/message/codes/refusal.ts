/** Right before a number, these mean a price, a phone number, a reference, or part of something longer. */
const BEFORE = new RegExp(
  [
    '\\ufffc$|[+#@/\\\\%&$€£¥₹₽₺₩₴฿₫₪]\\s?$', // signs
    "\\d[.,:'/]\\s?$",
    '(?<![a-z])(?:eur|usd|gbp|chf|jpy|cny|inr|pln|sek|nok|dkk|try|rub|uah|brl|cad|aud|vnd|idr|thb|rs|rp|kr|tl|nis)\\.?\\s?$',
    '(?:[*•·●]{3,}|x{3,})\\s?-?\\s?$|[•●]\\s?$|(?<![*])[*]$', // a masked card number
    '(?:©|\\(c\\)|copyright)\\s?$',
    '(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\\.?,?\\s?(?:\\d\\d?(?:st|nd|rd|th)?,?\\s)?$',
    '(?<![a-z])v(?:ersion)?\\.?\\s?$',
  ].join('|'),
  'i',
);

/** Right after a number, these mean part of something longer, or an amount. */
const AFTER = /^[.,:]\d|^\s?[/@%°\\€$£¥₹₽₺₩₴×]|^#/;

const TIME_STAMP = /^\[?(?:\d{4}-\d\d-\d\d[T ]|[A-Z][a-z]{2} +\d\d? )?\d\d:\d\d:\d\d/;

/** Whether the characters beside a number rule out a code, whatever the words say. */
export function isRefused(before: string, after: string): boolean {
  return AFTER.test(after.slice(0, 8)) || BEFORE.test(before.slice(-16));
}

/** Whether this is a line of a log, whose codes are not for people. */
export function isLogLine(line: string): boolean {
  return TIME_STAMP.test(line);
}
