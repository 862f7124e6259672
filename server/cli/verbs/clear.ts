import { toggle } from '../../config/kinds.ts';
import { FINE, misuse } from '../exit.ts';
import { json, quiet } from '../flags/common.ts';
import { jsonText } from '../output/output.ts';
import { queryOf } from './listing.ts';
import { defineVerb } from './verb.ts';

export const clear = defineVerb({
  takes: '[query...]',
  about: 'Deletes the mails that match. Without a query it deletes nothing, unless you say --all.',
  flags: { all: { kind: toggle, fallback: false, help: 'delete every mail' }, json, quiet },
  examples: ['mailstop clear to:ada@example.test', 'mailstop clear older:1d', 'mailstop clear --all'],
  async run({ api, out }, { all, json, quiet }, args) {
    const q = queryOf(args);
    if (q === '' && !all) misuse('clear needs a query, or --all to delete every mail');
    if (q !== '' && all) misuse(`clear takes a query or --all, not both: got "${q}" and --all`);
    const deleted = await api.deleteAll(all ? { all } : { q });
    if (json) await out.line(jsonText({ deleted }));
    else if (!quiet) await out.line(`deleted ${deleted} ${deleted === 1 ? 'mail' : 'mails'}`);
    return FINE;
  },
});
