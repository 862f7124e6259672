import type { TestInfo } from '@playwright/test';
import { expect, test } from 'vitest';
import { TestMails } from '../../../client/playwright/mails.ts';
import { attachMails } from '../../../client/playwright/report.ts';
import { startSandbox } from '../../../server/index.ts';

test('if mails cannot be written anywhere, the report says so and ends', {
  skip: process.platform !== 'linux',
}, async () => {
  await using sandbox = await startSandbox();
  const mails = new TestMails();
  const watched = await mails.watch(sandbox, false);
  await watched.deliver('Subject: Welcome\r\n\r\n');
  const attached: string[] = [];
  const testInfo = {
    attachments: [],
    attach: async (_name: string, { body }: { body: string }) => void attached.push(body),
    // No folder can be created there.
    outputPath: (...names: readonly string[]) => ['/proc/none', ...names].join('/'),
  };
  await attachMails(mails, testInfo as unknown as TestInfo);
  expect(attached).toEqual([
    expect.stringContaining('Welcome'),
    expect.stringMatching(/^The mails could not be read: /),
  ]);
});
