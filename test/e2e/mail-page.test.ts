import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { mailPage } from '../../client/playwright/mail-page.ts';
import { aMail } from '../client/a-mail.ts';
import { needs } from '../needs.ts';
import { launchBrowser } from './browser.ts';

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

needs('chromium')('the page of a mail shows it, runs nothing, and makes no requests', async () => {
  const asked: (string | undefined)[] = [];
  const listener = createServer((req, res) => {
    asked.push(req.url);
    res.end();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const evil = `top.document.title='ran';fetch('${elsewhere}/script')`;
  const html = `<h1 style="width: 123px">Hello "Ada" &amp; Bob</h1><img id="logo" src="cid:logo@x">
    <script>${evil}</script><img src="${elsewhere}/img" onerror="${evil}"><svg onload="${evil}"></svg>
    <link rel="stylesheet" href="${elsewhere}/css"><style>@import url(${elsewhere}/import);</style>
    <iframe src="${elsewhere}/frame"></iframe><iframe srcdoc="<script>${evil}</script>"></iframe>
    <object data="${elsewhere}/object"></object><meta http-equiv="refresh" content="0;url=${elsewhere}/refresh">
    <form id="form" action="${elsewhere}/form"><button>Send</button></form>"></iframe><script>${evil}</script>`;
  const mail = aMail({ subject: `</title><script>${evil}</script>`, html, text: `<script>${evil}</script>` });
  const { attachments: _, ...rest } = mail;
  const folder = mkdtempSync(join(tmpdir(), 'mailstop-page-'));
  const file = join(folder, 'mail.html');
  writeFileSync(file, mailPage({ ...rest, attachments: [], code: null }, new Map([['logo@x', PIXEL]])));

  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  const shown = page.frameLocator('iframe');
  expect(await shown.locator('h1').textContent()).toBe('Hello "Ada" & Bob');
  expect(await shown.locator('h1').boundingBox()).toMatchObject({ width: 123 });
  expect(await shown.locator('#logo').boundingBox()).toMatchObject({ width: 1, height: 1 });
  await shown.getByRole('button').click();
  expect(await page.title()).toBe(mail.subject);
  expect(await page.locator('pre').textContent()).toBe(mail.text);
  expect(asked).toEqual([]);

  listener.closeAllConnections();
  listener.close();
  rmSync(folder, { recursive: true });
});
