import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailPage } from '../../client/playwright/mail-page.ts';
import { aMail } from '../client/a-mail.ts';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';
import { openInbox, type Stage } from './stage.ts';

bePatient();

/** The target of links: a server that records its requests. */
interface Shop extends AsyncDisposable {
  readonly url: string;
  readonly referrers: (string | undefined)[];
}

async function openShop(): Promise<Shop> {
  const referrers: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    if (req.url === '/opened') referrers.push(req.headers.referer);
    res.setHeader('content-type', 'text/html').end('<title>Shop</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    referrers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const outgoing = (url: string): Readonly<Record<string, string>> => ({
  'no target': `<a href="${url}">go</a>`,
  _blank: `<a target="_blank" href="${url}">go</a>`,
  _top: `<a target="_top" href="${url}">go</a>`,
  _parent: `<a href=${url} target=_parent>go</a>`,
  _self: `<A TARGET='_SELF' HREF='${url}'>go</A>`,
  'a name': `<a href="${url}" target="elsewhere">go</a>`,
  'a base of the mail': `<base target="_self"><a href="${url}">go</a>`,
  'an opener': `<a rel="opener" target="_blank" href="${url}">go</a>`,
  'an opener and a referrer policy': `<a referrerpolicy="unsafe-url" rel="opener" href="${url}">go</a>`,
  'an SVG': `<svg><a xlink:href="${url}" target="_top"><text y="20">go</text></a></svg>`,
  'an area': `<img usemap="#m" alt="go" width="50" height="50" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"><map name="m"><area shape="rect" coords="0,0,50,50" target="_top" href="${url}"></map>`,
});

let browser: Browser;
let shop: Shop;
let stage: Stage;
beforeAll(async () => {
  browser = await launchBrowser();
  shop = await openShop();
  stage = await openInbox(browser);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
  await browser.close();
});

/** Opens the mail in the inbox, or by itself. @returns where its HTML is */
async function open(id: string, where: 'in the inbox' | 'alone'): Promise<Frame> {
  const { page, url } = stage;
  if (where === 'alone') {
    await page.goto(`${url}/api/messages/${id}/html`);
    return page.mainFrame();
  }
  await page.goto(`${url}/messages/${id}`);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  if (!frame) throw new Error('The mail has no frame');
  await frame.waitForLoadState();
  return frame;
}

const click = async (frame: Frame) => {
  const picture = frame.locator('img');
  await ((await picture.count()) > 0 ? picture : frame.getByText('go', { exact: true })).click();
};

describe.each(['in the inbox', 'alone'] as const)('%s', (where) => {
  test.each(Object.keys(outgoing('')))('a link opens a tab without opener or referrer: %s', async (name) => {
    const { page } = stage;
    const id = await stage.send({ subject: name, html: outgoing(`${shop.url}/opened`)[name] ?? '' });
    const frame = await open(id, where);
    const before = [page.url(), frame.url()];
    const [tab] = await Promise.all([page.context().waitForEvent('page'), click(frame)]);
    await tab.waitForURL(`${shop.url}/opened`);
    expect(await tab.title()).toBe('Shop');
    expect(await tab.evaluate('window.opener')).toBeNull();
    expect(await tab.evaluate('document.referrer')).toBe('');
    expect(shop.referrers.splice(0)).toEqual([undefined]);
    expect([page.url(), frame.url()]).toEqual(before);
    await tab.close();
  });

  test.each<[string, string]>([
    ['an id', '<a href="#there">go</a><p style="margin-top:5000px" id="there">Here'],
    [
      'a name, with a target',
      '<a target="_top" href="#there">go</a><p style="margin-top:5000px"><a name="there">Here</a>',
    ],
    ['percent-encoded', '<a href="#Gr%C3%BC%C3%9Fe%20x">go</a><p style="margin-top:5000px" id="Grüße x">Here'],
    [
      'a base of the mail',
      '<base href="https://x.test/" target="_top"><a href="#there">go</a><p style="margin-top:5000px" id="there">Here',
    ],
    ['like a part', '<a href="#cid:there">go</a><p style="margin-top:5000px" id="cid:there">Here'],
    [
      'in an SVG',
      '<svg><a target="_blank" xlink:href="#there"><text y="20">go</text></a></svg><p style="margin-top:5000px" id="there">Here',
    ],
  ])('an anchor stays in the mail: %s', async (name, html) => {
    const { page } = stage;
    const frame = await open(await stage.send({ subject: name, html }), where);
    const tabs = page.context().pages().length;
    await click(frame);
    await seen(frame);
    expect(page.context().pages()).toHaveLength(tabs);
    expect(frame.url()).toContain('/html#');
  });

  test('a link to nowhere stays in the mail', async () => {
    const { page } = stage;
    const html = '<p id="top">Here<p style="margin-top:5000px"><a target="_top" href="">go</a>';
    const frame = await open(await stage.send({ subject: 'Dead', html }), where);
    const tabs = page.context().pages().length;
    await click(frame);
    await expect.poll(async () => (await frame.getByText('Here').boundingBox())?.y).toBeGreaterThan(0);
    expect(page.context().pages()).toHaveLength(tabs);
    expect(frame.url()).toMatch(/\/html#$/);
  });
});

/** Resolves when the target of the link is displayed. */
async function seen(frame: Frame): Promise<void> {
  const here = frame.getByText('Here', { exact: true });
  await expect.poll(async () => (await here.boundingBox())?.y).toBeLessThan(800);
}

test('a mail in a report does the same', async () => {
  const html = `<a href="#there">stay</a> <a target="_top" rel="opener" href="${shop.url}/opened">leave</a>
    <p style="margin-top:5000px" id="there">Here`;
  const { attachments: _, ...mail } = aMail({ html });
  const folder = mkdtempSync(join(tmpdir(), 'mailstop-links-'));
  const file = pathToFileURL(join(folder, 'mail.html'));
  writeFileSync(file, mailPage({ ...mail, attachments: [], code: null }, new Map()));
  const page: Page = await browser.newPage();
  await page.goto(file.href);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  if (!frame) throw new Error('The mail has no frame');
  await frame.getByText('stay').click();
  await seen(frame);
  const [tab] = await Promise.all([page.context().waitForEvent('page'), frame.getByText('leave').click()]);
  await tab.waitForURL(`${shop.url}/opened`);
  expect(await tab.evaluate('window.opener')).toBeNull();
  expect(shop.referrers.splice(0)).toEqual([undefined]);
  expect(page.url()).toBe(file.href);
  await page.close();
  rmSync(folder, { recursive: true });
});
