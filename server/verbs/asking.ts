import { type Expectation, ExpectationError } from '../../client/index.ts';
import { FINE, UNMET } from './exit.ts';
import { json, quiet, toggle, whole } from './flags.ts';
import { printMails } from './mail-table.ts';
import { jsonText } from './output.ts';
import type { Context } from './verb.ts';

/** Node's `fetch` gives up on an answer after five minutes. */
export const MAX_WAIT_MS = 240_000;

/** The flags of both verbs that ask. */
export const askingFlags = {
  after: {
    kind: whole(0, Number.MAX_SAFE_INTEGER),
    fallback: null,
    help: 'only mail behind this cursor, as --json gives it',
  },
  ids: { kind: toggle, fallback: false, help: 'print only the ids' },
  json,
  quiet,
};

interface How {
  readonly ids: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * Asks the server for mail that is to come, and prints what came. As JSON, what was not met is a result, too; otherwise
 * it is an error, with the server's report.
 * @throws {ExpectationError}
 */
export async function asking(
  { api, out, now }: Context,
  expectation: Expectation,
  { ids, json, quiet }: How,
): Promise<number> {
  try {
    const met = await api.expect(expectation);
    if (json) await out.line(jsonText(met));
    else if (quiet) return FINE;
    else if (ids) for (const { id } of met.messages) await out.line(id);
    else await printMails(out, met.messages, now());
    return FINE;
  } catch (error) {
    if (!(error instanceof ExpectationError && json)) throw error;
    const { message: reason, arrived, closest, messages } = error;
    await out.line(jsonText({ pass: false, reason, messages, arrived, closest }));
    return UNMET;
  }
}
