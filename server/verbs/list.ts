import { FINE } from './exit.ts';
import { json, toggle, whole } from './flags.ts';
import { pages, queryOf } from './listing.ts';
import { printMails } from './mail-table.ts';
import { defineVerb } from './verb.ts';

export const list = defineVerb({
  takes: '[query...]',
  about: `Lists mails, newest first: all, or those that match a query. On a terminal it is a table; in a pipe a line
each of id, time, sender, recipients and subject, with tabs between them.`,
  flags: {
    limit: { kind: whole(1, 1_000_000), fallback: 50, help: 'at most so many', short: 'n' },
    ids: { kind: toggle, fallback: false, help: 'print only the ids' },
    json,
  },
  examples: [
    'mailstop list',
    "mailstop list 'to:ada@example.test is:unread'",
    'mailstop list --limit 500 --json from:shop',
    'mailstop list --ids newer:10m | while read -r id; do mailstop show "$id"; done',
  ],
  async run({ api, out, err, now }, { limit, ids, json }, args) {
    let [shown, inAll] = [0, 0];
    if (json) await out.line('[');
    for await (const { messages, matched } of pages(api, queryOf(args), limit)) {
      if (json) {
        for (const [i, mail] of messages.entries()) {
          await out.line(JSON.stringify(mail) + (i < messages.length - 1 ? ',' : ''));
        }
      } else if (ids) for (const { id } of messages) await out.line(id);
      else await printMails(out, messages, now());
      shown += messages.length;
      inAll = matched;
    }
    if (json) await out.line(']');
    else if (!ids && out.width !== null) {
      if (shown === 0) await err.line(args.length > 0 ? 'No mail matches.' : 'There is no mail yet.');
      else if (inAll > shown) await err.line(`${shown} of ${inAll}; more with --limit`);
    }
    return FINE;
  },
});
