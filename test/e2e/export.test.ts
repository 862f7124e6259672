import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aMailstop } from '../cli/a-command.ts';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';

bePatient();

const folder = mkdtempSync(join(tmpdir(), 'mailstop-export-'));
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Tries to run a script, or to report that it was opened. */
const evil = (url: string) => {
  const act = `document.title='owned';try{top.document.title='owned'}catch{};new Image().src='${url}/ran'`;
  return `"'></iframe></title></style><script>${act}</script><img src=x onerror="${act}"><svg onload="${act}"></svg>
<img src="${url}/pixel.gif"><link rel="stylesheet" href="${url}/sheet.css"><style>@import url(${url}/import.css);p{background:url(${url}/bg.gif)}</style>
<meta http-equiv="refresh" content="0;url=${url}/refresh"><base href="${url}/"><iframe src="${url}/frame"></iframe><iframe srcdoc="<script>${act}</script>"></iframe>
<object data="${url}/object"></object><embed src="${url}/embed"><form action="${url}/form"><input autofocus onfocus="${act}"></form>
<a href="javascript:${act}">click me</a><video src="${url}/video.mp4" autoplay></video><img src="cid:fake@x">`;
};

test('an exported folder opens without a server, and hostile content in it stays text', async () => {
  const hits: string[] = [];
  const listener = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const evilUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;

  await using mailstop = await aMailstop();
  const words = evil(evilUrl);
  const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
  const part = (head: string, body: string) =>
    `--b\r\n${head}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n`;
  await mailstop.put(
    [
      `From: ${encoded(words)} <evil@x.test>`,
      'To: ada@x.test',
      `Subject: Evil ${encoded(words)}`,
      'Content-Type: multipart/related; boundary=b',
      '',
      part(
        'Content-Type: text/html; charset=utf-8',
        `<p>The mail begins</p><img src="cid:logo@x" alt="logo">${words}<p>The mail ends</p>`,
      ) +
        `--b\r\nContent-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n${PNG}\r\n` +
        part('Content-Type: image/png\r\nContent-ID: <fake@x>', words) +
        part(
          `Content-Type: text/html\r\nContent-Disposition: attachment; filename="${encoded('<script>alert(1)</script>.html')}"`,
          words,
        ),
      '--b--',
      '',
    ].join('\r\n'),
  );
  await mailstop.put(`From: a@x.test\nTo: ada@x.test\nSubject: plain\n\n<b>text</b> ${words}`);
  expect(await mailstop.run(['export', folder])).toMatchObject({ code: 0 });
  await mailstop[Symbol.asyncDispose]();

  const page = await browser.newPage();
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  await page.goto(pathToFileURL(join(folder, 'index.html')).href);
  expect(await page.getByRole('link').count()).toBe(2);
  await page.getByRole('link', { name: /^Evil/ }).click();
  const mail = page.frameLocator('iframe');
  await mail.getByText('The mail begins').waitFor();
  await page.waitForLoadState('networkidle');
  expect(await page.title()).toMatch(/^Evil "'><\/iframe>/);
  const logo = mail.getByAltText('logo');
  expect(await logo.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(1);
  await page.getByRole('link', { name: 'All mails' }).click();
  await page.getByRole('link', { name: 'plain' }).click();
  await page.getByText('<b>text</b>').waitFor();
  expect(await page.locator('iframe').count()).toBe(0);
  await page.waitForLoadState('networkidle');

  expect(hits).toEqual([]);
  expect(await page.title()).toBe('plain');
  const answered = requests.filter((request) => request.failure() === null).map((request) => request.url());
  expect(answered.filter((url) => !/^(file|data):|^about:srcdoc/.test(url))).toEqual([]);
  listener.close();
  for (const name of readdirSync(join(folder, 'mails')).filter((file) => file.endsWith('.html'))) {
    expect(readFileSync(join(folder, 'mails', name), 'utf8')).not.toMatch(/<script|<img|<svg|<object/i);
  }
});
