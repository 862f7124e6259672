import { ApiError, type EnvelopeOf } from '../../../client/index.ts';
import { escaped } from '../../../wire/escaped.ts';
import { changedFlags } from '../../../wire/flags.ts';
import { oneOf, text, toggle } from '../../config/kinds.ts';
import { mailsIn, type Source, type Unreadable } from '../archive/sources.ts';
import { exitCodeOf, FINE, misuse, UNMET, USAGE } from '../exit.ts';
import { json, quiet } from '../flags/common.ts';
import { harmless, jsonText } from '../output/output.ts';
import { type Context, defineVerb } from './verb.ts';

export const importMail = defineVerb({
  takes: '<file, folder or - ...>',
  about: `Imports mail without SMTP, unchanged and in order: .eml files, mbox files, Maildirs, folders with any of these,
and stdin as -. The envelope is taken from --from and --to, otherwise from what an exported folder or the "From " line of
an mbox recorded, otherwise from the headers. What can't be imported is reported, and the rest is imported.`,
  flags: {
    format: {
      kind: oneOf('auto', 'eml', 'mbox', 'mboxo', 'maildir'),
      fallback: 'auto',
      help: 'mbox means mboxrd; mboxo is the older variant',
    },
    from: { kind: text('address'), fallback: null, help: 'envelope sender; empty for the null sender' },
    to: { kind: text('address'), fallback: null, help: 'envelope recipient', repeats: true },
    ids: { kind: toggle, fallback: false, help: 'print the ids only' },
    json,
    quiet,
  },
  examples: [
    'mailstop import invoice.eml',
    'mailstop import --to ada@example.test fixtures/*.eml',
    'mailstop import ~/Maildir archive.mbox exported/',
    'curl -s https://lists.example.test/2026-01.mbox | mailstop import -',
  ],
  async run(context, { format, from, to, ids, json, quiet }, paths) {
    const { api, out, err, stdin } = context;
    if (paths.length === 0) misuse('import needs a file, a folder or - for stdin');
    if (to.includes('')) misuse('--to must be an address, got ""');
    if (paths.filter((path) => path === '-').length > 1) misuse('import can read stdin (-) only once');
    const { counts: before, limits } = await api.server();
    const reading = { format, stdin, maxOctets: limits.messageBytes };
    const envelope = { ...(from !== null && { from }), ...(to.length > 0 && { to }) };
    let [imported, refused] = [0, 0];
    for (const path of paths) {
      for await (const source of mailsIn(path, reading)) {
        const id = await put(context, source, envelope);
        if (id === null) refused += 1;
        else imported += 1;
        if (id !== null && ids) await out.line(id);
      }
    }
    const { counts: after } = await api.server();
    const evicted = after.evicted - before.evicted;
    if (json) await out.line(jsonText({ imported, refused, evicted }));
    else if (!quiet && !ids) await out.line(`imported ${imported} ${imported === 1 ? 'mail' : 'mails'}`);
    if (evicted > 0 && !quiet) {
      const held = `it holds ${limits.messages} mails and ${limits.bytes} octets (--max-messages, --max-bytes)`;
      await err.line(`mailstop: the ${evicted} oldest mails were dropped: ${held}`);
    }
    return refused > 0 ? UNMET : FINE;
  },
});

/** @returns the id; null if the mail is rejected, which is reported and must not stop the others */
async function put({ api, err }: Context, source: Source | Unreadable, envelope: EnvelopeOf): Promise<string | null> {
  const refuse = async (reason: string) => {
    await err.line(`mailstop: ${escaped(source.name)}: ${harmless(reason)}`);
    return null;
  };
  if ('reason' in source) return refuse(source.reason);
  const { raw, from, to, tags = [] } = source;
  const flags = changedFlags(source);
  try {
    // A view of the same octets, with a type that says they are not shared with another thread.
    const octets = new Uint8Array(raw.buffer as ArrayBuffer, raw.byteOffset, raw.length);
    const { id } = await api.deliver(octets, { from, to, ...envelope });
    if (Object.values(flags).includes(true) || tags.length > 0) await api.patch(id, { ...flags, tags: [...tags] });
    return id;
  } catch (error) {
    if (!(error instanceof ApiError) || !isAboutTheMail(error, envelope)) throw error;
    return refuse(error.message);
  }
}

/** Whether to go on with the others: an invalid envelope or tag is wrong usage only if the user typed it. */
function isAboutTheMail(error: ApiError, { from, to }: EnvelopeOf): boolean {
  const code = exitCodeOf(error);
  return code === UNMET || (code === USAGE && from === undefined && to === undefined);
}
