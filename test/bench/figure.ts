/** Something measured: a value of Mailstop's, and maybe what it is compared with and what is expected of it. */
export interface Figure {
  readonly name: string;
  readonly unit: 'mails/s' | 'RETR/s' | 'ms' | 'MB' | 'µs/mail';
  readonly value: number;
  /** The same of something else, measured in turns with it. */
  readonly against: { readonly name: string; readonly value: number; readonly ratio: number } | null;
  readonly expected: Expectation | null;
}

/** A limit for the ratio where there is one, else for the value. */
export interface Expectation {
  readonly at: 'least' | 'most';
  readonly limit: number;
}

/** @returns null when nothing is expected */
export function isMet({ value, against, expected }: Figure): boolean | null {
  if (expected === null) return null;
  const measured = against?.ratio ?? value;
  return expected.at === 'least' ? measured >= expected.limit : measured <= expected.limit;
}

/** The middle value; of an even number of them, the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('the median of nothing');
  return middle;
}
