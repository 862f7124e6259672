/** Something measured: a value of Mailstop's, and maybe what it is compared with and what is expected of it. */
export interface Figure {
  readonly name: string;
  readonly unit: 'mails/s' | 'RETR/s' | 'ms' | 'MB' | 'µs/mail';
  readonly value: number;
  /** The same of something else, measured in turns with it. */
  readonly against: { readonly name: string; readonly value: number; readonly ratio: number } | null;
  readonly expected: Expectation | null;
}

/** A limit for the ratio where there is one, unless it is said to be of the value. */
export interface Expectation {
  readonly at: 'least' | 'most';
  readonly limit: number;
  readonly of?: 'value';
}

/** @returns the ratio that the expectation is about; null when it is about the value */
export function expectedRatio({ against, expected }: Figure): number | null {
  return expected?.of === 'value' ? null : (against?.ratio ?? null);
}

/** @returns null when nothing is expected */
export function isMet(figure: Figure): boolean | null {
  const { value, expected } = figure;
  if (expected === null) return null;
  const measured = expectedRatio(figure) ?? value;
  return expected.at === 'least' ? measured >= expected.limit : measured <= expected.limit;
}

/** The middle value; of an even number of them, the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('the median of nothing');
  return middle;
}

/** The value that such a part of the values is not above. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  if (value === undefined) throw new Error('a percentile of nothing');
  return value;
}
