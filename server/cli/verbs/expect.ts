import { ApiError, type Expectation } from '../../../client/index.ts';
import { duration, whole } from '../../config/kinds.ts';
import { misuse } from '../exit.ts';
import { jsonObject } from '../flags/json-object.ts';
import { askedFor, asking, askingFlags, MAX_WAIT_MS } from './asking.ts';
import { defineVerb } from './verb.ts';

const count = whole(0, 10_000);

export const expect = defineVerb({
  takes: '[query...]',
  about: `Asserts on mail: how many match, how soon, and what each must contain. Exits with 0 if that holds. If not, it exits
with 1 and prints what was expected, what arrived instead, and which mail came closest. If Mailstop stops meanwhile, it
exits with 3; with --retry it keeps waiting.`,
  flags: {
    count: {
      kind: count,
      fallback: null,
      help: 'exactly this many; 0 waits the whole time and expects none',
      short: 'n',
    },
    min: { kind: count, fallback: null, help: 'at least this many (1 without --count and --max)' },
    max: { kind: count, fallback: null, help: 'at most this many' },
    within: { kind: duration(MAX_WAIT_MS), fallback: 5000, help: 'how long to wait for them', short: 't' },
    quietFor: { kind: duration(MAX_WAIT_MS), fallback: 0, help: 'then expect nothing more for this long' },
    message: {
      kind: jsonObject,
      fallback: null,
      help: 'what each must contain, as in POST /api/expect; @file reads a file',
    },
    ...askingFlags,
  },
  examples: [
    "mailstop expect 'to:ada@example.test subject:reset'",
    'mailstop expect --count 1 --quiet-for 500ms to:ada@example.test',
    'mailstop expect --count 0 --within 2s to:bob@example.test',
    `mailstop expect --message '{"subject": "Welcome", "links": {"url": {"contains": "/start"}}}' to:ada@example.test`,
  ],
  run(context, { count, min, max, within, quietFor: quiet, message, after, ...how }, args) {
    if (count !== null && (min !== null || max !== null))
      misuse('--count is exact: leave out --min and --max, or --count');
    if (min !== null && max !== null && min > max) misuse(`--min ${min} is more than --max ${max}`);
    const range = { ...(min !== null && { min }), ...(max !== null && { max }) };
    const expectation: Expectation = {
      ...askedFor(args),
      within,
      quiet,
      count: count ?? (min === null && max === null ? { min: 1 } : range),
      ...(after !== null && { after }),
      // The server validates the content.
      ...(message !== null && { message: message as NonNullable<Expectation['message']> }),
    };
    return asking(context, expectation, how).catch(asOfFlag);
  },
});

/** The server checks the message test. It names the part of the body, which users gave as a flag. */
function asOfFlag(error: unknown): never {
  if (!(error instanceof ApiError) || !error.detail.startsWith('body "message')) throw error;
  misuse(error.detail.replaceAll('body "message"', '--message').replaceAll('body "message.', '--message, "'));
}
