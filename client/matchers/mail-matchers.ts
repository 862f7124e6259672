import { aligned } from '../../wire/columns.ts';
import { escaped } from '../../wire/escaped.ts';
import type { MailAttachment } from '../mail/attachment.ts';
import { findLinks, type LinkMatch, type LinkOptions, objectionTo } from '../mail/links.ts';
import type { Mail } from '../mail/mail.ts';
import { told } from '../mail/pattern.ts';
import { refuse } from '../refusal.ts';
import { type AttachmentTest, attachmentTest, contentMiss, type Miss, missesOf, testText } from './attachment-test.ts';
import { quoted } from './lines.ts';
import { kindOf, type MatcherContext, type MatcherResult } from './result.ts';

const MAX_LISTED = 50;

/**
 * Asserts that a link's URL, or the text a reader clicks on, contains or matches the pattern. If the mail has HTML,
 * only its links count. With `.not`: that neither the HTML nor the text has one.
 * @param first the options, if any link will do
 */
export function toHaveLink(
  this: MatcherContext | undefined,
  received: Mail,
  first?: string | RegExp | LinkOptions,
  second: LinkOptions = {},
): MatcherResult {
  const doing = 'look for a link';
  const mail = aMail(received, doing);
  const [pattern, options] = isOptions(first) ? [undefined, first] : [first, second];
  const objection = objectionTo(pattern);
  if (objection !== null) refuse(doing, ...objection);
  const unknown = Object.keys(options).find((name) => name !== 'source');
  if (unknown !== undefined) refuse(doing, `"${unknown}" is not an option of toHaveLink`, 'use source');
  const { links, matching, elsewhere, source } = findLinks(mail, pattern, options);
  const isNot = this?.isNot === true;
  const unwanted = options.source === undefined ? [...matching, ...elsewhere] : matching;
  const pass = (isNot ? unwanted : matching).length > 0;
  const name = options.source === undefined ? 'link' : `link in its ${source === 'html' ? 'HTML' : 'text'}`;
  const all = pass ? [...links, ...unwanted.filter((link) => !links.includes(link))] : links;
  return {
    pass,
    message: () =>
      [
        ...headline(mail, pass, pattern === undefined ? name : `${name} with ${told(pattern)}`),
        ...listed(
          mail.html !== null && !pass ? `links in the ${source === 'html' ? 'HTML' : 'text'}` : 'links',
          all,
          (link) => unwanted.includes(link),
          (link) => [link.url, quoted(link.text), ...(link.source === source ? [] : [`in the ${link.source}`])],
        ),
        ...(pass ? [] : missingLink(mail, source, elsewhere)),
      ].join('\n'),
  };
}

/** An object without a name of its own, like a URL, is a mistake and not options. */
function isOptions(value: string | RegExp | LinkOptions | undefined): value is LinkOptions {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** What a developer needs to know if a link is missing. */
function missingLink(mail: Mail, source: 'html' | 'text', elsewhere: LinkMatch['elsewhere']): string[] {
  const [only] = elsewhere;
  const other = source === 'html' ? 'text' : 'HTML';
  return [
    ...(only
      ? ['', `Only the ${other} has it: ${escaped(only.url)}`, `To look there: { source: '${only.source}' }`]
      : []),
    ...(source === 'html' && mail.deadLinks().length > 0 ? ['', ...mail.deadLinks()] : []),
    ...(mail.links.length === 0 ? [`It begins with ${quoted(mail.preview)}`] : []),
  ];
}

/**
 * Asserts that an attachment with this name, or one that passes the test, is there; without either, any attachment
 * except inline parts. Checking `content` takes a request, so the result is then a promise.
 */
export function toHaveAttachment(
  received: Mail,
  expected?: string | RegExp | AttachmentTest,
): MatcherResult | Promise<MatcherResult> {
  const { attachments } = aMail(received, 'look for an attachment');
  const test = expected === undefined ? {} : attachmentTest(expected);
  const { content } = test;
  const judged = attachments
    .filter(({ inline }) => expected !== undefined || !inline)
    .map((attachment) => ({ attachment, misses: missesOf(test, attachment) }));
  if (content === undefined) return attachmentResult(received, test, judged);
  const read = judged.map(async ({ attachment, misses }) => {
    if (misses.length > 0) return { attachment, misses };
    const miss = contentMiss(content, await attachment.buffer());
    return { attachment, misses: miss ? [miss] : [] };
  });
  return Promise.all(read).then((all) => attachmentResult(received, test, all));
}

interface Judged {
  readonly attachment: MailAttachment;
  readonly misses: readonly Miss[];
}

function attachmentResult(mail: Mail, test: AttachmentTest, judged: readonly Judged[]): MatcherResult {
  const meant = judged.filter(({ misses }) => misses.length === 0).map(({ attachment }) => attachment);
  const asked = testText(test);
  const what = asked === '' ? 'attachment' : `attachment with ${asked}`;
  const nearest = judged.toSorted((a, b) => distance(a) - distance(b))[0];
  return {
    pass: meant.length > 0,
    message: () =>
      [
        ...headline(mail, meant.length > 0, what),
        ...listed('attachments', mail.attachments, (attachment) => meant.includes(attachment), attachmentCells),
        ...(nearest && meant.length === 0
          ? [
              '',
              `Nearest: ${quoted(nearest.attachment.filename ?? '(no name)')}`,
              ...aligned(
                nearest.misses.map(({ field, expected, actual }) => [
                  `  ${field}:`,
                  `expected ${expected},`,
                  `was ${actual}`,
                ]),
              ),
            ]
          : []),
      ].join('\n'),
  };
}

/** If the content was compared, everything else already matched. */
function distance({ misses }: Judged): number {
  return misses.some(({ field }) => field === 'content') ? 0 : misses.length;
}

function attachmentCells({ filename, contentType, size, inline }: MailAttachment): string[] {
  return [filename ?? '(no name)', contentType, `${size} octets${inline ? ', inline' : ''}`];
}

function headline({ subject }: Mail, isThere: boolean, what: string): string[] {
  const article = isThere ? 'no' : /^[aeiou]/.test(what) ? 'an' : 'a';
  return [`Expected the mail ${quoted(subject ?? '(no subject)')} to have ${article} ${what}.`, ''];
}

function listed<T>(name: string, all: readonly T[], meant: (one: T) => boolean, cells: (one: T) => string[]): string[] {
  if (all.length === 0) return [`It has no ${name}.`];
  const rows = all.slice(0, MAX_LISTED).map((one) => [meant(one) ? '  *' : '   ', ...cells(one)]);
  const more = all.length > MAX_LISTED ? [`     ... and ${all.length - MAX_LISTED} more`] : [];
  return [`Its ${name} (${all.length}${all.some(meant) ? '; * matches' : ''}):`, ...aligned(rows), ...more];
}

/** @throws {TypeError} if `expect` was not given a mail */
export function aMail(received: Mail, doing: string): Mail {
  if (Array.isArray(received?.links) && typeof received.$ === 'function') return received;
  refuse(doing, `${kindOf(received)} is not a mail`, 'give expect() what mailbox.waitFor() resolves to');
}
