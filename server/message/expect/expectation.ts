import type { AttachmentTest, MessageTest, Some, TextTest } from '../../../wire/tests.ts';
import type { Attachment } from '../message.ts';
import { listText, type Miss, quoted, type Whole } from '../query/explain.ts';
import { linkMisses } from './link-test.ts';
import { addressTest, addressText, isAddress, isNumber, isText, numberTest, textTest } from './value-test.ts';

/** The bytes of an attachment, for tests of what is in it. */
export type ReadAttachment = (attachment: Attachment) => Promise<Buffer | null>;

/** The tests that a mail fails; empty when it passes all. */
export async function faultsOf(
  test: MessageTest,
  whole: Whole,
  readAttachment: ReadAttachment,
): Promise<readonly Miss[]> {
  const { summary, content } = whole;
  const misses: Miss[] = [];
  const miss = (field: string, expected: string, actual: string) => misses.push({ field, expected, actual });
  const text = (field: string, wanted: TextTest | undefined, actual: string | null) => {
    if (wanted !== undefined && !isText(wanted, actual)) miss(field, textTest(wanted, actual), quoted(actual));
  };
  const some = <T, A>(
    field: string,
    wanted: Some<T> | undefined,
    actual: readonly A[],
    meets: (test: T, one: A) => boolean,
    told: Told<T, A>,
  ) => {
    if (wanted === undefined) return;
    const tests = Array.isArray(wanted) ? (wanted as readonly T[]) : [wanted as T];
    if (tests.length === 0 && actual.length > 0) miss(field, 'none', listText(actual.map(told.actual)));
    for (const one of tests) {
      if (!actual.some((value) => meets(one, value))) miss(field, told.test(one), listText(actual.map(told.actual)));
    }
  };

  text('subject', test.subject, summary.subject);
  if (test.from !== undefined && !isAddress(test.from, summary.from)) {
    miss('from', addressTest(test.from), summary.from ? quoted(addressText(summary.from)) : 'none');
  }
  for (const field of ['to', 'cc', 'bcc', 'replyTo'] as const) {
    some(field, test[field], summary[field], isAddress, { test: addressTest, actual: addressText });
  }
  text('text', test.text, content.text);
  text('html', test.html, content.html);
  text('preview', test.preview, content.preview);
  text('messageId', test.messageId, summary.messageId);
  text('username', test.username, summary.username);
  text('code', test.code, content.code);
  if (test.size !== undefined && !isNumber(test.size, summary.size))
    miss('size', numberTest(test.size), String(summary.size));
  text('envelope.from', test.envelope?.from, summary.envelope.from);
  some('envelope.to', test.envelope?.to, summary.envelope.to, isText, { test: textTest, actual: String });
  for (const [name, wanted] of Object.entries(test.headers ?? {})) {
    const values = content.headers
      .filter((header) => header.name.toLowerCase() === name.toLowerCase())
      .map(({ value }) => value);
    const met = values.length === 0 ? isText(wanted, null) : values.some((value) => isText(wanted, value));
    if (!met) miss(`headers.${name}`, textTest(wanted), listText(values));
  }
  misses.push(...linkMisses(test.links, content));
  some('tags', test.tags, summary.tags, isText, { test: textTest, actual: String });

  const files = await Promise.all(
    content.attachments.map(async (file) => ({ ...file, bytes: needsBytes(test) ? await readAttachment(file) : null })),
  );
  some('attachments', test.attachments, files, isAttachment, {
    test: attachmentTest,
    actual: attachmentText,
  });
  return misses;
}

interface Told<T, A> {
  test(test: T): string;
  actual(value: A): string;
}

type File = Attachment & { readonly bytes: Buffer | null };

function needsBytes({ attachments }: MessageTest): boolean {
  const tests = (Array.isArray(attachments) ? attachments : [attachments]) as readonly (AttachmentTest | undefined)[];
  return tests.some((test) => test?.text !== undefined);
}

function isAttachment(test: AttachmentTest, { filename, contentType, size, bytes }: File): boolean {
  return (
    (test.filename === undefined || isText(test.filename, filename)) &&
    (test.contentType === undefined || isText(test.contentType, contentType)) &&
    (test.size === undefined || isNumber(test.size, size)) &&
    (test.text === undefined || isText(test.text, bytes?.toString('utf8') ?? null))
  );
}

function attachmentTest({ filename, contentType, size, text }: AttachmentTest): string {
  return [
    ...(filename === undefined ? [] : [`filename ${textTest(filename)}`]),
    ...(contentType === undefined ? [] : [`contentType ${textTest(contentType)}`]),
    ...(size === undefined ? [] : [`size ${numberTest(size)}`]),
    ...(text === undefined ? [] : [`text ${textTest(text)}`]),
  ].join(' and ');
}

function attachmentText({ filename, contentType, size }: File): string {
  return `${filename ?? 'unnamed'} (${contentType}, ${size} octets)`;
}
