import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createApi } from '../../client/index.ts';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';
import { startMailstop } from './stage.ts';

bePatient();

const QUERY = 'subject:482913 from:shop';
const raw = 'From: shop@x.test\r\nTo: ada@x.test\r\nSubject: Your code is 482913\r\n\r\n482913\r\n';

async function aMailstop() {
  const running = await startMailstop();
  const url = `http://127.0.0.1:${running.about.http.port}`;
  return { url, api: createApi(url), [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

/** A page of another port of this machine with one link, which is followed. */
async function follow(page: Page, href: string): Promise<Page> {
  const site = createServer((_, res) =>
    res.setHeader('content-type', 'text/html').end(`<a href="${href.replaceAll('&', '&amp;')}" target="_blank">go</a>`),
  );
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  try {
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
    const [opened] = await Promise.all([page.waitForEvent('popup'), page.getByText('go').click()]);
    return opened;
  } finally {
    site.close();
    site.closeAllConnections();
  }
}

test('a search in a link of another site is shown, and runs only when the user presses Enter', async () => {
  await using mailstop = await aMailstop();
  await using browser = await launchBrowser();
  await using context = await browser.newContext();
  await mailstop.api.deliver(raw);
  const asked: string[] = [];
  await context.route('**/api/**', async (route) => {
    asked.push(new URL(route.request().url()).searchParams.get('q') ?? '');
    await route.fallback();
  });
  for (const q of [QUERY, 'nothing here matches']) {
    await using page = await context.newPage();
    asked.length = 0;
    await using opened = await follow(page, `${mailstop.url}/?q=${encodeURIComponent(q)}`);
    await opened.getByText('This search came with a link').waitFor();
    await opened.getByRole('option').first().waitFor();
    expect(asked.filter((asked) => asked !== '')).toEqual([]);
    const box = opened.getByRole('textbox', { name: 'Search mails' });
    expect(await box.inputValue()).toBe(q);
    expect(await box.evaluate((element) => element.matches(':focus'))).toBe(true);
    await opened.keyboard.press('Enter');
    await opened.waitForURL(`${mailstop.url}/?${new URLSearchParams({ q })}`);
    await expect.poll(() => asked, { timeout: 60_000 }).toContain(q);
  }
});

test('a search in the address itself runs, but counts what its parts find only when asked to', async () => {
  await using mailstop = await aMailstop();
  await using browser = await launchBrowser();
  await using page = await browser.newPage();
  await mailstop.api.deliver(raw);
  const asked: string[] = [];
  await page.route('**/api/messages?**', async (route) => {
    asked.push(new URL(route.request().url()).searchParams.get('q') ?? '');
    await route.fallback();
  });
  await page.goto(`${mailstop.url}/?q=nothing+matches`);
  await page.getByText('No mail matches').waitFor();
  expect(new Set(asked)).toEqual(new Set(['nothing matches']));
  await page.getByRole('button', { name: 'Count what each part finds' }).click();
  await page.getByRole('definition').first().waitFor();
  expect(new Set(asked)).toEqual(new Set(['nothing matches', 'nothing', 'matches']));
});

test('a mail that another site opens is shown, but stays unread', async () => {
  await using mailstop = await aMailstop();
  await using browser = await launchBrowser();
  await using page = await browser.newPage();
  const { id } = await mailstop.api.deliver(raw);
  const { id: other } = await mailstop.api.deliver(raw.replace('482913', 'another'));
  await using opened = await follow(page, `${mailstop.url}/messages/${id}`);
  await opened.getByRole('heading', { name: 'Your code is 482913' }).waitFor();
  // A mail that is opened here is marked as read: by then the first one would be, too.
  await opened.getByRole('option', { name: /another/ }).click();
  await expect.poll(async () => (await mailstop.api.message(other)).read, { timeout: 60_000 }).toBe(true);
  expect((await mailstop.api.message(id)).read).toBe(false);
});
