import { isDay } from '../../../wire/units.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours from UTC (RFC 5322 §4.3). All other names, even military letters, count as -0000. */
const ZONES: Readonly<Record<string, number>> = {
  EDT: -4,
  EST: -5,
  CDT: -5,
  CST: -6,
  MDT: -6,
  MST: -7,
  PDT: -7,
  PST: -8,
};

const TIME = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?: ?: ?(?<second>\d{2})(?:\.\d+)?)?`;
const ZONE = String.raw`(?: ?(?:GMT|UTC)?(?<offset>[+-]\d{2}:?\d{2})| ?(?<zone>[A-Za-z]{1,5}))?`;
const WEEKDAY = `(?:[A-Za-z]{3,9}(?: ?[,.] ?| ))?`;

const FORMS: readonly RegExp[] = [
  // Sat, 21 Nov 2026 10:00:00 +0100 (RFC 5322 §3.3), also with a two-digit year, without seconds, without zone (§4.3)
  new RegExp(String.raw`^${WEEKDAY}(?<day>\d{1,2})[ -](?<month>[A-Za-z]{3,9})[ -](?<year>\d{2,4}),? ${TIME}${ZONE}$`),
  // Sat Nov 21 2026 10:00:00 GMT+0100, the format of JavaScript
  new RegExp(String.raw`^${WEEKDAY}(?<month>[A-Za-z]{3,9}) (?<day>\d{1,2}),? (?<year>\d{4}),? ${TIME}${ZONE}$`),
  // Sat Nov 21 10:00:00 2026, the format of C
  new RegExp(
    String.raw`^${WEEKDAY}(?<month>[A-Za-z]{3,9}) (?<day>\d{1,2}) ${TIME}(?: (?<zone>[A-Za-z]{1,5}))? (?<year>\d{4})$`,
  ),
];
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** Longer values are not dates; this also bounds the work. In chars. */
const MAX_LENGTH = 200;

/**
 * Parses a Date header (RFC 5322 §3.3, §4.3), or one of the other forms that programs use. A time without a zone is
 * UTC.
 * @returns null for an invalid date
 */
export function parseDate(value: string): Date | null {
  if (value.length > MAX_LENGTH) return null;
  const text = withoutComments(value).replace(/\s+/g, ' ').replace(/ ?: ?/g, ':').trim();
  if (ISO.test(text)) return isDay(text) ? valid(Date.parse(text.replace(' ', 'T'))) : null;
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups;
    if (parts) return moment(parts);
  }
  return null;
}

function moment(parts: Readonly<Record<string, string | undefined>>): Date | null {
  const number = (name: string) => Number(parts[name] ?? 0);
  const [day, hour, minute, second] = [number('day'), number('hour'), number('minute'), number('second')];
  const month = MONTHS.indexOf((parts['month'] ?? '').slice(0, 3).toLowerCase());
  // 60 is a leap second (RFC 5322 §3.3).
  if (month === -1 || hour > 23 || minute > 59 || second > 60) return null;
  const midnight = new Date(0);
  midnight.setUTCFullYear(fullYear(parts['year'] ?? ''), month, day);
  // February 30 would have become March 2.
  if (midnight.getUTCDate() !== day) return null;
  return valid(midnight.getTime() + ((hour * 60 + minute - minutesFromUtc(parts)) * 60 + second) * 1000);
}

/** Years of two and three digits (RFC 5322 §4.3). */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return digits.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

function minutesFromUtc({ offset, zone }: Readonly<Record<string, string | undefined>>): number {
  if (offset === undefined) return 60 * (ZONES[(zone ?? '').toUpperCase()] ?? 0);
  const digits = offset.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return offset.startsWith('-') ? -minutes : minutes;
}

/** Comments may be anywhere and nested (RFC 5322 §3.2.2); in a date they usually name the zone. */
function withoutComments(value: string): string {
  if (!value.includes('(')) return value;
  let depth = 0;
  let text = '';
  for (const char of value) {
    if (char === '(') depth++;
    else if (char === ')' && depth > 0) depth--;
    else if (depth === 0) text += char;
  }
  return text;
}

function valid(time: number): Date | null {
  return Number.isNaN(time) ? null : new Date(time);
}
