import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { makeFolder } from '../../server/make-folder.ts';
import { aligned } from '../../wire/columns.ts';
import type { Message, Summary } from '../../wire/message.ts';
import type { Api } from '../api/api.ts';
import { quoted } from '../matchers/lines.ts';
import { mailPage } from './mail-page.ts';
import type { TestMails } from './mails.ts';

const MAX_ATTACHED = 50;
const MAX_INLINE_OCTETS = 1_000_000;

/** Attaches a test's mails to its report: a list, and for each mail a page to look at and its source. */
export async function attachMails(mails: TestMails, testInfo: TestInfo): Promise<void> {
  try {
    await attachAll(mails, testInfo);
  } catch (error) {
    // The test failed for its own reason, which should be seen first.
    const body = `The mails could not be read: ${error instanceof Error ? error.message : String(error)}`;
    await testInfo.attach('mails', { body, contentType: 'text/plain' });
  }
}

async function attachAll(mails: TestMails, testInfo: TestInfo): Promise<void> {
  const found = await mails.list(MAX_ATTACHED);
  if (found === null) return;
  const { sandbox } = found;
  const messages = found.messages.toReversed();
  await testInfo.attach('mails', {
    body: listText(mails.addresses, messages),
    contentType: 'text/plain',
  });
  const whole = new Map((await sandbox.api.mails(messages.map(({ id }) => id))).map((mail) => [mail.id, mail]));
  for (const [i, { id, subject }] of messages.entries()) {
    const name = `mail ${i + 1}, ${quoted(subject ?? '(no subject)')}`;
    const attach = async (extension: string, contentType: string, body: string | Uint8Array) => {
      // As files: a terminal reporter then prints their paths, not their content.
      const path = testInfo.outputPath('mails', `${i + 1}.${extension}`);
      await makeFolder(dirname(path));
      await writeFile(path, body);
      testInfo.attachments.push({ name: `${name}, ${extension}`, path, contentType });
    };
    const message = whole.get(id);
    if (!message) continue;
    await attach('html', 'text/html', mailPage(message, await inlineParts(sandbox.api, message)));
    await attach('eml', 'message/rfc822', await sandbox.api.raw(id));
  }
}

function listText(addresses: readonly string[], messages: readonly Summary[]): string {
  if (messages.length === 0) {
    return ['No mail came in this test.', ...addresses.map((one) => `It has ${one}.`)].join('\n');
  }
  const rows = messages.map(({ receivedAt, from, envelope, subject }, i) => [
    `  ${i + 1}`,
    receivedAt.slice(11, 23),
    from?.address || envelope.from || '<>',
    `-> ${envelope.to.join(', ')}`,
    subject ?? '(no subject)',
  ]);
  const count = messages.length === MAX_ATTACHED ? `the last ${MAX_ATTACHED}` : messages.length;
  return [`Mails of this test (${count}):`, ...aligned(rows)].join('\n');
}

/** Inline parts that the HTML shows, as `data:` URLs by Content-ID. */
async function inlineParts(api: Api, { id, html, attachments }: Message): Promise<ReadonlyMap<string, string>> {
  const shown = attachments.flatMap(({ index, contentId, contentType, size }) =>
    contentId !== null && size <= MAX_INLINE_OCTETS && html?.includes(contentId)
      ? [{ index, contentId, contentType }]
      : [],
  );
  const urls = shown.map(async ({ index, contentId, contentType }) => {
    const octets = Buffer.from(await api.attachment(id, index));
    return [contentId, `data:${contentType.replace(/[^\w/+.-]/g, '')};base64,${octets.toString('base64')}`] as const;
  });
  return new Map(await Promise.all(urls));
}
