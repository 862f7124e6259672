import type { Expectation } from '../../client/index.ts';
import { askedFor, asking, askingFlags, MAX_WAIT_MS } from './asking.ts';
import { misuse } from './exit.ts';
import { duration, whole } from './flags.ts';
import { jsonObject } from './json-object.ts';
import { defineVerb } from './verb.ts';

const count = whole(0, 10_000);

export const expect = defineVerb({
  takes: '[query...]',
  about: `Asserts on mail: how many match, how soon, and what each must be. Ends with 0 when it is so. If not, it ends with
1 and says what was expected, what came instead, and what came nearest. When Mailstop goes away meanwhile it ends with
3, or goes on with --retry.`,
  flags: {
    count: {
      kind: count,
      fallback: null,
      help: 'exactly so many; 0 waits the whole time, and means that none came',
      short: 'n',
    },
    min: { kind: count, fallback: null, help: 'at least so many (1, when nothing is said)' },
    max: { kind: count, fallback: null, help: 'at most so many' },
    within: { kind: duration(MAX_WAIT_MS), fallback: 5000, help: 'how long they may take', short: 't' },
    quietFor: { kind: duration(MAX_WAIT_MS), fallback: 0, help: 'after that, nothing more may come for so long' },
    message: {
      kind: jsonObject,
      fallback: null,
      help: 'what each must be, as of POST /api/expect; @file reads a file',
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
      // What may stand in it is the server's to say.
      ...(message !== null && { message: message as NonNullable<Expectation['message']> }),
    };
    return asking(context, expectation, how);
  },
});
