import type { Message } from '../../../client/index.ts';
import { deadLinks, findLinks } from '../../../client/mail/links.ts';
import { parseHtml } from '../../../client/node-html.ts';
import { MailstopError } from '../../../wire/errors.ts';
import { escaped } from '../../../wire/escaped.ts';
import { oneOf } from '../../config/kinds.ts';
import { FINE } from '../exit.ts';
import { jsonText } from '../output/output.ts';
import type { Context } from './verb.ts';

export const source = oneOf('html', 'text');

interface Wanted {
  /** What to find in the URL or the link's text; null for all links. */
  readonly link: string | null;
  /** Where to look; null for the default: the HTML if the mail has HTML. */
  readonly source: 'html' | 'text' | null;
  readonly json: boolean;
}

/** Prints the URLs of a mail's links, one per line, or only the wanted one. @throws {MailstopError} `part-not-found` */
export async function showLinks({ out, err }: Context, mail: Message, wanted: Wanted): Promise<number> {
  const { link, json } = wanted;
  const { links, matching, elsewhere, source } = findLinks(mail, link ?? undefined, {
    source: wanted.source ?? undefined,
  });
  const urls = [...new Set(matching.map(({ url }) => url))];
  const more = [...new Set(elsewhere.map(({ url }) => url))].filter((url) => !urls.includes(url));
  const other = source === 'html' ? 'text' : 'html';
  if (urls.length === 0) {
    const which = link === null ? '' : ` with "${link}"`;
    const lines = [
      ...more.map((url) => `only in the ${other}, see --source ${other}: ${url}`),
      ...links.map(({ url, text }) => `${escaped(url)}  "${escaped(text)}"`),
      ...(source === 'html' && mail.html !== null ? deadLinks(parseHtml(mail.html)) : []),
    ];
    throw notFound(`the mail "${mail.id}" has no link${which} in its ${source}`, lines);
  }
  if (link !== null && urls.length > 1)
    throw notFound(`the mail "${mail.id}" has ${urls.length} links with "${link}"`, urls);
  if (json) await out.line(jsonText(link === null ? matching : { id: mail.id, url: urls[0] }));
  else await out.foreign(`${urls.join('\n')}\n`);
  if (!json && link === null && wanted.source === null && more.length > 0)
    await err.line(`${more.length} more only in the ${other}: --source ${other}`);
  return FINE;
}

function notFound(reason: string, lines: readonly string[]): MailstopError {
  return new MailstopError('part-not-found', [reason, ...lines].join('\n  '));
}
