import { duration, whole } from '../../config/kinds.ts';
import { askedFor, asking, askingFlags, MAX_WAIT_MS } from './asking.ts';
import { defineVerb } from './verb.ts';

export const wait = defineVerb({
  takes: '[query...]',
  about: `Waits until mail matches, and prints it, newest first. Mail that is already there counts. If too little arrives
in time, it prints what did arrive and exits with 1. If Mailstop stops meanwhile, it exits with 3; with --retry it keeps waiting.`,
  flags: {
    count: { kind: whole(1, 10_000), fallback: 1, help: 'wait until at least this many match', short: 'n' },
    timeout: { kind: duration(MAX_WAIT_MS), fallback: 5000, help: 'how long to wait', short: 't' },
    ...askingFlags,
  },
  examples: [
    'mailstop wait to:ada@example.test',
    "mailstop wait --timeout 30s --count 2 'from:shop subject:invoice'",
    'mailstop wait --retry --timeout 2m to:ada@example.test',
    'mailstop show --code "$(mailstop wait --ids to:ada@example.test has:code)"',
  ],
  run(context, { count, timeout, after, ...how }, args) {
    const expectation = { count: { min: count }, within: timeout, ...(after !== null && { after }) };
    return asking(context, { ...askedFor(args), ...expectation }, how);
  },
});
