import type { Address } from '../../../client/index.ts';

const UNITS = ['KB', 'MB', 'GB', 'TB'] as const;

/** A readable size: `812 bytes`, `3.2 KB`, `1.4 MB`. Units are powers of 1024. */
export function formatSize(octets: number): string {
  if (octets < 1024) return octets === 1 ? '1 byte' : `${octets} bytes`;
  let value = octets / 1024;
  let unit = 0;
  // 1023.96 KB would be rounded to 1024.0 KB.
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

const SPANS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const;

/** A readable time in the largest unit that divides it: `7 days`, `90 minutes`. */
export function formatSpan(milliseconds: number): string {
  const [unit, name] = SPANS.find(([unit]) => milliseconds % unit === 0) ?? [1, 'millisecond'];
  const amount = milliseconds / unit;
  return `${amount} ${name}${amount === 1 ? '' : 's'}`;
}

/** With thousands separators: `1,204`. */
export function formatCount(count: number, locale?: string): string {
  return count.toLocaleString(locale);
}

/** `1 mail`, `1,204 mails`. */
export function mails(count: number, locale?: string): string {
  return `${formatCount(count, locale)} ${count === 1 ? 'mail' : 'mails'}`;
}

/** The name or, without one, the address. */
export function displayName({ name, address }: Address): string {
  return name.trim() || address;
}

/** `Ada Lovelace <ada@example.org>`. */
export function fullAddress({ name, address }: Address): string {
  return name.trim() === '' ? address : `${name} <${address}>`;
}
