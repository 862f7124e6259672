import type { Message } from '../../../client/index.ts';
import { MailstopError } from '../../../wire/errors.ts';
import { text, toggle } from '../../config/kinds.ts';
import { FINE, misuse } from '../exit.ts';
import { json } from '../flags/common.ts';
import { mailText } from '../output/mail-text.ts';
import { jsonText } from '../output/output.ts';
import { saveAttachments } from '../output/save-attachments.ts';
import { queryOf } from './listing.ts';
import { showLinks, source } from './show-links.ts';
import { type Context, defineVerb } from './verb.ts';

/** Mailstop's own ids; anything else is a query. */
const ID = /^[0-9a-hjkmnp-tv-z]{22}$/;

const part = (help: string) => ({ kind: toggle, fallback: false, help }) as const;

export const show = defineVerb({
  takes: '[id or query...]',
  about: `Shows a mail: the one with that id, the newest that matches the query, or simply the newest, which can also be
called latest. Without flags it prints the main headers and the text.`,
  flags: {
    text: part('its plain text'),
    html: part('its HTML, as sent'),
    raw: part('the raw mail, as received'),
    headers: part('its header fields, decoded'),
    links: part('its links, one URL per line: those in the HTML if it has HTML'),
    link: {
      kind: text('text'),
      fallback: null,
      help: 'the URL of the one link with this in its URL or link text',
    },
    source: { kind: source, fallback: null, help: 'with --link or --links: look in the html or the text' },
    code: part('its one-time code'),
    attachments: { kind: text('folder'), fallback: null, help: 'save its attachments to a folder' },
    json,
  },
  examples: [
    'mailstop show',
    'mailstop show latest to:ada@example.test',
    'mailstop show to:ada@example.test subject:reset',
    'mailstop show --code to:ada@example.test',
    'curl -fsSL "$(mailstop show --link reset to:ada@example.test)"',
    'mailstop show --raw 01m804h9bmkgzb24h40s99 > mail.eml',
    'mailstop show --attachments invoices/ has:attachment',
  ],
  async run(context, { json, attachments, link, source, ...parts }, args) {
    const { api, out } = context;
    const wanted = Object.entries(parts).flatMap(([name, given]) => (given ? [name] : []));
    if (attachments !== null) wanted.push('attachments');
    if (link !== null) wanted.push('link');
    if (wanted.length > 1) misuse(`show one thing at a time: got ${wanted.map((name) => `--${name}`).join(' and ')}`);
    if (source !== null && link === null && !parts.links) misuse('--source goes with --link or --links');
    const id = await idOf(context, args);
    if (parts.raw) {
      if (json) misuse('--raw is octets, not JSON: leave out --json');
      await out.foreign(await api.raw(id));
      return FINE;
    }
    const mail = await api.message(id);
    if (attachments !== null) return saveAttachments(context, mail, attachments, json);
    const [only = 'all'] = wanted;
    if (link !== null || parts.links) return showLinks(context, mail, { link, source, json });
    if (json) await out.line(jsonText(asJson(mail, only)));
    else if (only === 'all') await out.line(mailText(mail, out));
    else await out.foreign(partOf(mail, only));
    return FINE;
  },
});

async function idOf({ api }: Context, args: readonly string[]): Promise<string> {
  const given = queryOf(args);
  if (ID.test(given)) return given;
  // As in REST paths.
  const query = args[0] === 'latest' ? queryOf(args.slice(1)) : given;
  const { messages, total } = await api.list(query, { limit: 1 });
  const [newest] = messages;
  if (newest) return newest.id;
  throw new MailstopError(
    'message-not-found',
    total === 0 ? 'there is no mail yet' : `none of the ${total} mails matches "${query}"`,
  );
}

function asJson(mail: Message, part: string): unknown {
  switch (part) {
    case 'text':
    case 'html':
      return { id: mail.id, [part]: mail[part] };
    case 'headers':
      return mail.headers;
    case 'code':
      return { id: mail.id, code: mail.code, codes: mail.codes };
    default:
      return mail;
  }
}

function partOf(mail: Message, part: string): string {
  const { text, html, headers, code, codes } = mail;
  switch (part) {
    case 'text':
      return ended(text ?? missing(mail, 'plain text', html === null ? '' : '; --html shows its HTML'));
    case 'html':
      return ended(html ?? missing(mail, 'HTML', text === null ? '' : '; --text shows its plain text'));
    case 'headers':
      return ended(headers.map(({ name, value }) => `${name}: ${value.replaceAll(/\s*[\r\n]+\s*/g, ' ')}`).join('\n'));
    default:
      return ended(code ?? missing(mail, 'one-time code', maybe(codes)));
  }
}

function maybe(codes: Message['codes']): string {
  return codes.length === 0
    ? ''
    : ` that is certain; it may be one of:${codes.map(({ code, reason }) => `\n  ${code}  ${reason}`).join('')}`;
}

function missing({ id, problem }: Message, what: string, more: string): never {
  const why = problem === null ? '' : `; it could not be parsed: ${problem}`;
  throw new MailstopError('part-not-found', `the mail "${id}" has no ${what}${more}${why}`);
}

/** Ends the last line, if any, so that a shell prompt, or the next output, starts on its own line. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
