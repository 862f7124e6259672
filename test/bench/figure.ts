/** A measurement: the value of Mailstop, and optionally a comparison and an expectation. */
export interface Figure {
  readonly name: string;
  readonly unit: 'mails/s' | 'RETR/s' | 'ms' | 'MB' | 'µs/mail';
  readonly value: number;
  /** The same for something else, measured alternately. */
  readonly against: { readonly name: string; readonly value: number; readonly ratio: number } | null;
  readonly expected: Expectation | null;
}

/** A limit for the ratio if there is one, or for the value if so stated. */
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

/** The smallest value that is at least as large as this part of all values. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  if (value === undefined) throw new Error('a percentile of nothing');
  return value;
}
