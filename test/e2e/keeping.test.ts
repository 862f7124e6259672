import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttp } from '../../server/http/server.ts';
import { silent } from '../../server/log.ts';
import { aServer } from '../http/a-server.ts';
import { anIncoming } from '../message/a-summary.ts';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';
import { openInbox } from './stage.ts';

bePatient();

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test('a mail is pinned by key and by button, and the limits do not remove it', async () => {
  await using stage = await openInbox(browser, {
    config: { maxMessages: 3 },
    before: async ({ send }) => {
      for (const subject of ['first', 'second', 'third']) await send({ subject, text: 'x' });
    },
  });
  const { page, api, send } = stage;
  const row = (subject: string) => page.getByRole('option', { name: subject });
  await row('first').click();
  await page.getByRole('button', { name: 'Pin (limits never remove pinned mail)' }).waitFor();
  await page.keyboard.press('p');
  await row('first').getByText('Pinned').waitFor({ state: 'attached' });
  expect((await api.list('is:pinned')).messages.map(({ subject }) => subject)).toEqual(['first']);

  await send({ subject: 'fourth', text: 'x' });
  await send({ subject: 'fifth', text: 'x' });
  await row('fifth').waitFor();
  await expect.poll(() => page.getByRole('option').allTextContents()).toHaveLength(3);
  const shown = await page.locator('.row-subject').allTextContents();
  expect(shown).toEqual(['fifth', 'fourth', 'first']);
  await page.getByText('2 mails were dropped by the limit of 3 (--max-messages)').waitFor();

  await page.getByRole('button', { name: 'Unpin' }).click();
  await row('first').getByText('Pinned').waitFor({ state: 'detached' });
});

test('a search is saved under a name, appears in another window, and is removed', async () => {
  await using stage = await openInbox(browser, {
    before: async ({ send }) => {
      await send({ subject: 'Reset your password', text: 'x' });
      await send({ subject: 'Invoice', text: 'x' });
    },
  });
  const { page, url } = stage;
  await using other = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await other.goto(url);
  for (const leave of [async () => {}, () => page.getByRole('option', { name: 'Invoice' }).focus()]) {
    await leave();
    await page.keyboard.press('s');
    await page.getByText('No searches are saved yet').waitFor();
    await page.keyboard.press('Escape');
    // The keys of the list work again.
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
  }

  await page.getByRole('textbox', { name: 'Search mails' }).fill('subject:reset');
  await page.getByText('1 found').waitFor();
  await page.getByRole('button', { name: 'Saved searches' }).click();
  const name = page.getByLabel('Save this search as');
  expect(await name.inputValue()).toBe('subject:reset');
  await name.fill('Resets');
  await name.press('Enter');
  await page.getByText('This search is saved as “Resets”.').waitFor();

  await other.getByRole('navigation', { name: 'Mailboxes' }).getByRole('button', { name: 'Resets' }).click();
  await other.getByText('1 found').waitFor();
  expect(new URL(other.url()).searchParams.get('q')).toBe('subject:reset');

  await page.getByRole('button', { name: 'Remove “Resets”' }).click();
  await other.getByRole('button', { name: 'Resets' }).waitFor({ state: 'detached' });
  await page.getByLabel('Save this search as').waitFor();
});

test('a full disk is shown for as long as it is full', async () => {
  await using server = await aServer();
  const page = await browser.newPage();
  const folder = '/var/mail/mailstop';
  const disk = { folder, free: 12 * 1024 ** 2, floor: 64 * 1024 ** 2, low: true };
  await server.store.add(anIncoming());
  await page.goto(`http://127.0.0.1:${server.port}`);
  await page.getByText('Live', { exact: true }).waitFor();
  await server.store.announceDisk(disk);
  server.disk.now = { state: disk, refusal: 'full' };
  await page.getByText('Disk full', { exact: true }).waitFor();
  const notice = page.getByText(`New mail is refused: the disk of ${folder} has 12 MB free, less than the 64 MB`);
  await notice.waitFor();
  await page.reload();
  await notice.waitFor();
  await server.store.announceDisk({ ...disk, free: 1e9, low: false });
  await notice.waitFor({ state: 'detached' });
  await page.getByText('Live', { exact: true }).waitFor();
  await page.close();
});

test('an inbox opened during the start shows its progress, and continues by itself', async () => {
  await using server = await aServer();
  await server.store.add(anIncoming({ raw: 'Subject: there all along\r\n\r\n' }));
  let done = 43_000;
  const options = { host: '127.0.0.1', port: 0, log: silent, allowedHosts: [], allowedOrigins: [] };
  await using http = await startHttp({ ...options, progress: () => ({ done, total: 100_000 }) });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${http.port}`);
  await page.getByText('43 % of 100000 files so far').waitFor();
  await page.getByText('Starting', { exact: true }).waitFor();
  done = 99_000;
  await page.getByText('99 % of 100000 files so far').waitFor();
  http.serve(server.backend);
  await page.getByRole('option', { name: 'there all along' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.close();
});
