import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../client/index.ts';
import type { OpenApi } from '../../server/http/docs/openapi.ts';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';
import { startMailstop } from './stage.ts';

/**
 * A page of another origin loads every URL of Mailstop in every way that a browser has, with two different mailboxes. It
 * must see the same for both, and must not change anything.
 */

bePatient();

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const script = readFileSync(join(import.meta.dirname, 'foreign-page/probe.js'), 'utf8');

/** The question that a hostile page asks, and a mailbox for either answer. */
const QUESTION = 'q=subject%3A482913';
const mailboxes: readonly (readonly SendMailOptions[])[] = [
  [
    {
      subject: 'Your code is 482913',
      html: '<p>482913</p><img src="cid:logo@x"><iframe src="about:blank"></iframe>',
      text: '482913',
      attachments: [{ filename: 'logo.png', content: PIXEL, cid: 'logo@x' }],
    },
    { subject: 'Another', text: 'x' },
    {
      subject: 'Your code is 482913',
      text: 'again',
      html: '<p>again</p>',
      attachments: [{ filename: 'logo.png', content: PIXEL }],
    },
  ],
  [{ subject: 'Nothing of interest', text: 'x' }],
];

/** Which page requests which server. For the first two a browser sends Sec-Fetch-Site, for the last it doesn't. */
const SITES: readonly (readonly [page: string, server: string])[] = [
  ['evil.test', '127.0.0.1'],
  // The app under development, or a script injected into it: same site, but another origin.
  ['localhost', 'localhost'],
  ['evil.test', 'mailstop'],
];

async function listen(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser(['--host-resolver-rules=MAP evil.test 127.0.0.1, MAP mailstop 127.0.0.1']);
});
afterAll(() => browser.close());

/** A page of this site that contains the probe. */
async function hostilePage(site = 'evil.test') {
  const evil = await listen((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>evil</title><body><script>${script}</script>`);
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://${site}:${evil.port}/`);
  return {
    page,
    async [Symbol.asyncDispose]() {
      await context.close();
      await evil[Symbol.asyncDispose]();
    },
  };
}

type Seen = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a page sees, by path and way of loading; the port, which differs, is removed. */
async function look(page: Page, origin: string, paths: readonly string[], windows: boolean): Promise<Seen> {
  const seen: Record<string, Seen[string]> = {};
  // With more at once, a busy browser would be slower than the page waits.
  for (let at = 0; at < paths.length; at += 12) {
    const some = JSON.stringify(paths.slice(at, at + 12));
    const probes = `Promise.all(${some}.map(async (path) => [path, await probe(${JSON.stringify(origin)} + path, ${windows})]))`;
    Object.assign(seen, Object.fromEntries((await page.evaluate(probes)) as [string, Seen[string]][]));
  }
  const resources = (await page.evaluate('resources()')) as Record<string, string[]>;
  for (const [path, ways] of Object.entries(seen)) {
    seen[path] = { ...ways, resources: String(resources[origin + path] ?? 'none') };
  }
  return JSON.parse(JSON.stringify(seen).replaceAll(origin, 'http://here'));
}

/**
 * What the page always sees differently at the two servers, as lines. On a busy machine, a late event is sometimes
 * missed at either, so differences are checked again, and what was once the same does not count.
 */
async function differences(
  page: Page,
  origins: readonly [string, string],
  paths: readonly string[],
  windows: boolean,
  tries = 4,
): Promise<string[]> {
  const seen = new Map<string, readonly [Set<string>, Set<string>]>();
  const differing = () => [...seen].filter(([, [one, other]]) => ![...one].some((answer) => other.has(answer)));
  for (let again = 0; again < tries && paths.length > 0; again++) {
    for (const which of again % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      for (const [path, ways] of Object.entries(await look(page, origins[which], paths, windows))) {
        for (const [way, answer] of Object.entries(ways)) {
          const at = `${path} by ${way}`;
          const both = seen.get(at) ?? ([new Set(), new Set()] as const);
          both[which].add(answer);
          seen.set(at, both);
        }
      }
    }
    paths = paths.filter((path) => differing().some(([at]) => at.startsWith(`${path} by `)));
  }
  return differing().map(([at, [one, other]]) => `${at}: ${[...one].join(' ')} or ${[...other].join(' ')}`);
}

/** One Mailstop for each mailbox. */
async function mailstops() {
  const running = await Promise.all(mailboxes.map(() => startMailstop()));
  for (const [which, { about }] of running.entries()) {
    const transport = createTransport({ ...about.smtp, ignoreTLS: true });
    for (const mail of mailboxes[which] ?? []) {
      await transport.sendMail({ from: 'app@example.test', to: `ada${which}@example.test`, ...mail });
    }
    transport.close();
    // Requesting a mail has it parsed: no row changes after this.
    const api = createApi(`http://${about.http.host}:${about.http.port}`);
    for (const { id } of (await api.list('')).messages) await api.message(id);
  }
  const ports = running.map(({ about }) => about.http.port);
  return {
    ports,
    /** Their contents, to compare. */
    stock: () => Promise.all(ports.map((port) => createApi(`http://127.0.0.1:${port}`).list(''))),
    [Symbol.asyncDispose]: async () => {
      for (const one of running) await one[Symbol.asyncDispose]();
    },
  };
}

/** Every path with GET, with the query, and without it for those of a mail. Includes new routes automatically. */
async function everyPath(port: number): Promise<string[]> {
  const api = (await (await fetch(`http://127.0.0.1:${port}/api/openapi.json`)).json()) as OpenApi;
  const described = Object.entries(api.paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
  const paths = [...described, '/', '/messages/{id}', '/connect', '/api/feed', '/api/nothing'];
  return [
    ...paths.filter((path) => path.includes('{id}')),
    ...paths.map((path) => `${path}?${path.endsWith('/wait') ? 'timeout=0&' : ''}${QUESTION}`),
    `/api/messages/%6Catest/attachments/0?${QUESTION}`,
    `/API/messages/latest/RAW?${QUESTION}`,
  ].map((path) => path.replace('{id}', 'latest').replace('{index}', '0'));
}

describe('a page of another origin', () => {
  test.each(SITES)(
    'of %s sees the same at %s whatever mail is stored, and changes nothing',
    { timeout: 300_000 },
    async (site, name) => {
      await using stage = await mailstops();
      await using hostile = await hostilePage(site);
      const [one = 0, other = 0] = stage.ports;
      const paths = await everyPath(one);
      const before = await stage.stock();
      for (const windows of [false, true]) {
        // A window costs a process, so only one for each query.
        const asked = windows ? paths.filter((path) => path.includes(QUESTION)) : paths;
        const origins = [`http://${name}:${one}`, `http://${name}:${other}`] as const;
        expect(await differences(hostile.page, origins, asked, windows)).toEqual([]);
      }
      expect(await stage.stock()).toEqual(before);
    },
  );

  test('would notice whether a picture or download exists', async () => {
    const answering = (found: boolean) =>
      listen((request, response) => {
        response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
        response.setHeader('access-control-allow-credentials', 'true');
        response.statusCode = found ? 200 : 404;
        const [type, body] = request.url === '/download' ? ['application/zip', 'x'] : ['image/png', PIXEL];
        response.setHeader('content-type', found ? type : 'text/plain');
        if (found && request.url === '/download')
          response.setHeader('content-disposition', 'attachment; filename="x.zip"');
        response.end(found ? body : 'nothing');
      });
    await using found = await answering(true);
    await using missing = await answering(false);
    await using hostile = await hostilePage();
    const origins = [`http://127.0.0.1:${found.port}`, `http://127.0.0.1:${missing.port}`] as const;
    const told = async (path: string, windows: boolean) =>
      (await differences(hostile.page, origins, [path], windows, 1)).map((line) =>
        line.replace(/.* by (.*?): .*/, '$1'),
      );
    expect(await told('/picture', false)).toEqual(
      expect.arrayContaining(['img', 'img in CORS mode', 'object', 'fetch', 'XHR']),
    );
    expect(await told('/download', false)).toEqual(expect.arrayContaining(['iframe', 'object']));
    expect(await told('/download', true)).toEqual(expect.arrayContaining(['window.open']));
  });
});

test.each(['127.0.0.1', 'localhost', 'mailstop'])(
  'our own page at %s shows mail with inline pictures, and new mail',
  async (name) => {
    await using stage = await mailstops();
    const origin = `http://${name}:${stage.ports[0]}`;
    const page = await browser.newPage();
    await page.goto(origin);
    await page.getByText('Your code is 482913').last().click();
    const picture = page.frameLocator('iframe').locator('img');
    await picture.waitFor({ state: 'attached' });
    await expect
      .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBe(1);
    const body = 'Subject: It came meanwhile\r\n\r\n';
    await fetch(`http://127.0.0.1:${stage.ports[0]}/api/messages?to=ada@example.test`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body,
    });
    await page.getByRole('option', { name: 'It came meanwhile' }).waitFor();
    await page.getByRole('textbox', { name: 'Search mails' }).fill('meanwhile');
    await page.getByRole('heading', { name: '1 found' }).waitFor();
    await page.close();
  },
);
