import type { MailAttachment } from './attachment.ts';
import { type AttachmentTest, attachmentTest, contentMiss, type Miss, missesOf, testText } from './attachment-test.ts';
import { aligned, oneLine, quoted } from './lines.ts';
import type { Mail } from './mail.ts';
import { kindOf, type MatcherResult } from './matcher-result.ts';
import { hasPattern, told } from './pattern.ts';
import { refuse } from './refusal.ts';

const MAX_LISTED = 50;

/** That a link, by its URL or by what a reader clicks on, has the text in it, or matches. */
export function toHaveLink(received: Mail, pattern: string | RegExp = ''): MatcherResult {
  const { links } = aMail(received, 'look for a link');
  const meant = links.filter(({ url, text }) => hasPattern(url, pattern) || hasPattern(text, pattern));
  const what = pattern === '' ? 'link' : `link with ${told(pattern)}`;
  return {
    pass: meant.length > 0,
    message: () =>
      [
        ...headline(received, meant.length > 0, what),
        ...listed(
          'links',
          links,
          (link) => meant.includes(link),
          ({ url, text }) => [url, quoted(oneLine(text))],
        ),
        ...(links.length === 0 ? [`It begins with ${quoted(oneLine(received.preview))}`] : []),
      ].join('\n'),
  };
}

/**
 * That an attachment is there: one of that name, or one that is all that is expected; without either any, inline parts
 * apart. Whether its content is the expected one takes a request, so with `content` the result is a promise.
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

/** Whose content was looked at, is all else that is expected. */
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

/** @throws {TypeError} when what `expect` was given is none */
export function aMail(received: Mail, doing: string): Mail {
  if (Array.isArray(received?.links) && typeof received.$ === 'function') return received;
  refuse(doing, `${kindOf(received)} is no mail`, 'give expect() what mailbox.waitFor() resolves to');
}
