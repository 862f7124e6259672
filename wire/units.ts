/** How sizes, time spans and days are written in queries, flags, variables and links. */

const OCTETS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Parses octets: `500`, `100k`, `1.5m`, `50MiB` or `1g`; units are powers of 1024. Null for any other text. */
export function octetsOf(text: string): number | null {
  const [, digits, unit = ''] = /^(\d{1,12}|\d{1,9}\.\d{1,3}(?=\s*[kmg]))\s*(?:([kmg])i?)?b?$/i.exec(text) ?? [];
  return digits === undefined ? null : Math.round(Number(digits) * (OCTETS[unit.toLowerCase()] ?? 1));
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Parses milliseconds: `500ms`, `1.5s`, `10m`, `2h`, `3d` or `1w`. Null for any other text, or without a unit. */
export function millisecondsOf(text: string): number | null {
  const [, digits, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|[smhdw])$/i.exec(text) ?? [];
  return digits === undefined ? null : Math.round(Number(digits) * (MILLISECONDS[unit.toLowerCase()] ?? 0));
}

/** Whether an ISO 8601 text begins with a day that exists. `Date.parse` turns February 30 into March 2. */
export function isDay(text: string): boolean {
  const day = text.slice(0, 10);
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
