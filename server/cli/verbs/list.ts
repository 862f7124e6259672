import type { Summary } from '../../../client/index.ts';
import { toggle, whole } from '../../config/kinds.ts';
import { FINE } from '../exit.ts';
import { json } from '../flags/common.ts';
import { printMails } from '../output/mail-table.ts';
import { jsonText, type Output } from '../output/output.ts';
import { pages, queryOf } from './listing.ts';
import { defineVerb } from './verb.ts';

export const list = defineVerb({
  takes: '[query...]',
  about: `Lists mails, newest first: all, or those that match a query. On a terminal it prints a table. In a pipe it
prints one line per mail, with id, time, sender, recipients and subject separated by tabs.`,
  flags: {
    limit: { kind: whole(1, 1_000_000), fallback: 50, help: 'list at most this many', short: 'n' },
    ids: { kind: toggle, fallback: false, help: 'print ids only' },
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
    for await (const { messages, matched } of pages(api, queryOf(args), limit)) {
      if (json) await printJson(out, messages, shown);
      else if (ids) for (const { id } of messages) await out.line(id);
      else await printMails(out, messages, now());
      shown += messages.length;
      inAll = matched;
    }
    if (json) await out.line(shown === 0 ? '[]' : ']');
    else if (!ids && out.width !== null) {
      if (shown === 0) await err.line(args.length > 0 ? 'No mail matches.' : 'There is no mail yet.');
      else if (inAll > shown) await err.line(`${shown} of ${inAll} mails; --limit shows more`);
    }
    return FINE;
  },
});

/** Prints one JSON list across all pages, one mail per line. @param before how many were already printed */
async function printJson(out: Output, mails: readonly Summary[], before: number): Promise<void> {
  for (const [i, mail] of mails.entries()) await out.line(`${before + i === 0 ? '[' : ','}${jsonText(mail)}`);
}
