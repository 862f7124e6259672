import type { Mail } from '../mail/mail.ts';
import { type Changing, masked } from './mask.ts';

export interface MailSnapshotOptions {
  /** What else changes with every run: shown as `<masked>`. */
  readonly mask?: readonly (string | RegExp)[] | undefined;
}

/** Message ids and ids that a provider adds; a list keeps its id (RFC 2919 §2). */
const ID_HEADER = /^(?!List-ID$)(?:.*-ID|References|In-Reply-To)$/i;
/** Added in transit, not by the app. */
const TRACE_HEADER = /^(?:Received|X-Received|Return-Path|DKIM-Signature|Authentication-Results|ARC-.*)$/i;

/**
 * A mail as text that is the same in every run: envelope, headers, texts and attachment names, with placeholders for
 * dates, ids, tokens in URLs, one-time codes, boundaries and the random part of fresh addresses. For the snapshots of
 * any framework.
 * @example
 * t.assert.snapshot(mailSnapshot(mail)); // node:test
 */
export function mailSnapshot(mail: Mail, { mask = [] }: MailSnapshotOptions = {}): string {
  const { envelope, headers, text, html, attachments } = mail;
  const changing: Changing = {
    codes: mail.codes.map(({ code }) => code),
    contentIds: attachments.map(({ contentId }) => contentId),
    mask,
  };
  const tell = (part: string) => masked(part, changing).trimEnd();
  const sections = [
    `Envelope: ${tell(`${envelope.from || '<>'} -> ${envelope.to.join(', ')}`)}`,
    ...(headers.length === 0 ? [] : [headers.map((field) => headerText(field, tell)).join('\n')]),
    ...(text === null ? [] : [`--- text ---\n${tell(text)}`]),
    ...(html === null ? [] : [`--- html ---\n${tell(html)}`]),
    ...(attachments.length === 0
      ? []
      : [`--- attachments ---\n${attachments.map((one) => tell(line(one))).join('\n')}`]),
  ];
  return sections.join('\n\n');
}

function headerText({ name, value }: Mail['headers'][number], tell: (text: string) => string): string {
  if (/^date$/i.test(name)) return `${name}: <date>`;
  if (ID_HEADER.test(name)) return `${name}: <id>`;
  if (TRACE_HEADER.test(name)) return `${name}: <trace>`;
  return `${name}: ${tell(value.replace(/\bboundary=(?:"[^"]*"|[^\s;]+)/i, 'boundary=<boundary>'))}`;
}

function line({ filename, contentType, inline }: Mail['attachments'][number]): string {
  return `${filename ?? '(no name)'}  ${contentType}${inline ? ', inline' : ''}`;
}
