import { type Expectation, ExpectationError, expectAcrossRestarts } from '../../../client/index.ts';
import { toggle, whole } from '../../config/kinds.ts';
import { FINE, misuse, UNMET } from '../exit.ts';
import { json, quiet } from '../flags/common.ts';
import { printMails } from '../output/mail-table.ts';
import { jsonText } from '../output/output.ts';
import { queryOf } from './listing.ts';
import type { Context } from './verb.ts';

/** Node's `fetch` gives up on a response after five minutes. */
export const MAX_WAIT_MS = 240_000;

/** The flags shared by `wait` and `expect`. */
export const askingFlags = {
  after: {
    kind: whole(0, Number.MAX_SAFE_INTEGER),
    fallback: null,
    help: 'only mail that arrived after this cursor, which --json prints',
  },
  retry: {
    kind: toggle,
    fallback: false,
    help: 'keep waiting if Mailstop is restarted; the time limit stays the same',
  },
  ids: { kind: toggle, fallback: false, help: 'print ids only' },
  json,
  quiet,
} as const;

interface How {
  readonly retry: boolean;
  readonly ids: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * The query in the given words, if there are any.
 * @throws {MailstopError} `bad-config` if the words are empty: with an unset variable in a script, any mail would pass
 */
export function askedFor(words: readonly string[]): Pick<Expectation, 'q'> {
  const q = queryOf(words);
  if (q !== '') return { q };
  return words.length === 0 ? {} : misuse('the query is empty: leave it out if any mail will do');
}

/**
 * Asks the server to wait for mail, and prints what came. With JSON, a failed expectation is printed as a result too;
 * otherwise it is thrown, with the server's report.
 * @throws {ExpectationError}
 */
export async function asking(
  { api, out, now }: Context,
  expectation: Expectation,
  { retry, ids, json, quiet }: How,
): Promise<number> {
  try {
    const met = await (retry ? expectAcrossRestarts(api, expectation) : api.expect(expectation));
    if (json) await out.line(jsonText(met));
    else if (quiet) return FINE;
    else if (ids) for (const { id } of met.messages) await out.line(id);
    else await printMails(out, met.messages, now());
    return FINE;
  } catch (error) {
    if (!(error instanceof ExpectationError && json)) throw error;
    const { message: reason, arrived, others, undecided, closest, messages } = error;
    await out.line(jsonText({ pass: false, reason, messages, arrived, others, undecided, closest }));
    return UNMET;
  }
}
