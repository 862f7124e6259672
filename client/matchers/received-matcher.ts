import { DEFAULT_NONE_MS } from '../mail/mails.ts';
import type { Query } from '../query.ts';
import { refuse } from '../refusal.ts';
import type { Mails, Range, SignalOption } from '../verbs.ts';
import { kindOf, type MatcherContext, type MatcherResult } from './result.ts';

export interface ReceivedOptions extends SignalOption {
  /** Exactly this many, or a range; at least one by default. 0 means the same as `.not`. */
  readonly count?: number | Range | undefined;
  /**
   * How long to wait, in milliseconds. Defaults to the timeout of the verbs, in Playwright to that of `expect`. With
   * `.not` it always waits this long (default 200 ms), unless a mail comes.
   */
  readonly within?: number | undefined;
  /** After that, no further mail may arrive for this many milliseconds. */
  readonly quiet?: number | undefined;
}

const RECEIVED_OPTIONS = ['count', 'within', 'quiet', 'signal'];

/**
 * Asserts that mail has come, or comes in time. With `.not`: that there is none, and that none comes.
 * @param first the options, if there is no query
 */
export async function toHaveReceived(
  this: MatcherContext,
  received: Mails,
  first?: Query | ReceivedOptions,
  second?: ReceivedOptions,
): Promise<MatcherResult> {
  const [query, options] = isOptions(first) ? ['', first] : [first ?? '', second ?? {}];
  if (typeof received?.waitForCount !== 'function') {
    const please = 'give expect() what sandbox.mailbox() returns, or the sandbox';
    refuse('look for received mail', `${kindOf(received)} is not a mailbox`, please);
  }
  const { count, quiet, signal, ...given } = known(options);
  const isNot = this.isNot === true;
  const within = given.within ?? (this.timeout || undefined);
  if (isNot && (count !== undefined || quiet !== undefined)) {
    const name = count === undefined ? 'quiet' : 'count';
    const please = 'say how many are allowed, like toHaveReceived(query, { count: { min: 0, max: 1 } })';
    refuse('look for received mail', `"${name}" means nothing with .not`, please);
  }
  try {
    if (isNot || count === 0) {
      const timeout = given.within ?? DEFAULT_NONE_MS;
      await received.waitForCount({ min: 0, max: 0 }, query, { timeout, signal });
    } else if (count === undefined && quiet === undefined) {
      await received.waitFor(query, { timeout: within, signal });
    } else {
      await received.waitForCount(count ?? { min: 1 }, query, { timeout: within, quiet, signal });
    }
  } catch (error) {
    if (!isUnmet(error)) throw error;
    return { pass: isNot, message: () => error.message };
  }
  return { pass: !isNot, message: () => '' };
}

function isOptions(value: Query | ReceivedOptions | undefined): value is ReceivedOptions {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => RECEIVED_OPTIONS.includes(name));
}

function known(options: ReceivedOptions): ReceivedOptions {
  const unknown = Object.keys(options).find((name) => !RECEIVED_OPTIONS.includes(name));
  if (unknown === undefined) return options;
  refuse(
    'look for received mail',
    `"${unknown}" is not an option of toHaveReceived`,
    `use ${RECEIVED_OPTIONS.join(', ')}`,
  );
}

/** Checks the code, not the class: the error may come from another copy of this module. */
function isUnmet(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'expectation-failed';
}
