/**
 * Randomized tests are short in the suite and long on request: `npm run test:soak`. The environment sets the length and
 * the seed. The seed is in the name of each such test, so that a failure can be repeated:
 *
 *     MAILSTOP_TEST_SEED=1234 npx vitest run test/model
 */
const effort = wholeNumber('MAILSTOP_TEST_EFFORT') ?? 1;

/** @returns how often to do something in this run; `often` in the suite */
export function rounds(often: number): number {
  return often * effort;
}

/** The time limit of a test in this run, in milliseconds. */
export function patience(suite: number): number {
  return suite * effort;
}

/** Different in each run, unless given. */
export const seed = wholeNumber('MAILSTOP_TEST_SEED') ?? Math.floor(Math.random() * 2 ** 31);

function wholeNumber(variable: string): number | null {
  const text = process.env[variable];
  if (text === undefined || text === '') return null;
  if (/^\d{1,10}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`${variable} must be a whole number from 1, got "${text}"`);
}
