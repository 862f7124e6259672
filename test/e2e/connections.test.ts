import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { BrowserContext, Frame, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launchWithProfile } from './browser.ts';
import { mails, type Vector } from './connection-vectors.ts';
import { bePatient } from './patience.ts';
import { startMailstop } from './stage.ts';

bePatient();

/** All its subdomains are this machine, so that each vector has a host new to the browser. */
const HERE = '--host-resolver-rules=MAP *.probe.test 127.0.0.1';

/** Listening ports, one for each vector, to see whether a mail makes the browser connect. */
interface Baits extends AsyncDisposable {
  /** The names of the ports that were connected to. */
  readonly taken: Set<string>;
  url(name: string): Promise<string>;
  /** Resolves when the port of that name is connected to. */
  connected(name: string): Promise<void>;
}

function setBaits(): Baits {
  const taken = new Set<string>();
  const servers: ReturnType<typeof createServer>[] = [];
  const waiting = new Map<string, () => void>();
  return {
    taken,
    async url(name) {
      const server = createServer((socket) => {
        taken.add(name);
        waiting.get(name)?.();
        socket.on('error', () => {}).destroy();
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://v${servers.length}.probe.test:${(server.address() as AddressInfo).port}`;
    },
    connected: (name) => new Promise((resolve) => (taken.has(name) ? resolve() : waiting.set(name, resolve))),
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** A page that is not a mail, from a separate server. */
async function servePage(html: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createHttpServer((_req, res) => res.setHeader('content-type', 'text/html; charset=utf-8').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Mailstop extends AsyncDisposable {
  readonly url: string;
  send(html: string): Promise<string>;
}

async function mailstop(): Promise<Mailstop> {
  const running = await startMailstop();
  const { smtp, http } = running.about;
  const transport = createTransport({ ...smtp, ignoreTLS: true });
  return {
    url: `http://${http.host}:${http.port}`,
    async send(html) {
      const { response } = await transport.sendMail({ from: 'app@x.test', to: 'ada@x.test', subject: 'Probe', html });
      const [, id = ''] = /queued as (\S+)/.exec(response) ?? [];
      return id;
    },
    async [Symbol.asyncDispose]() {
      transport.close();
      await running[Symbol.asyncDispose]();
    },
  };
}

/** Opens a mail in the inbox and by itself, and hovers over everything in it. */
async function lookAt(page: Page, { url }: Mailstop, id: string, remote: boolean): Promise<void> {
  await page.goto(`${url}/messages/${id}`);
  if (remote) await page.getByRole('button', { name: 'Load them' }).click();
  const address = (one: Frame) =>
    one.url().includes(`/api/messages/${id}/html`) && one.url().includes('remote') === remote;
  await expect.poll(() => page.frames().some(address)).toBe(true);
  const frame = page.frames().find(address);
  await frame?.waitForLoadState('load');
  if (frame) await pointAtAll(page, frame);
  await page.goto(`${url}/api/messages/${id}/html${remote ? '?remote=1' : ''}`);
  await pointAtAll(page, page.mainFrame());
}

async function pointAtAll(page: Page, frame: Frame): Promise<void> {
  for (const one of await frame.locator('a, area, button, input').all()) {
    await one.evaluate((element) => element.scrollIntoView());
    const box = await one.boundingBox();
    if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 2 });
    await one.focus();
  }
}

async function htmlOf(vectors: readonly Vector[], baits: Baits): Promise<string> {
  const all = vectors.map(async ({ name, html }) => html(await baits.url(name)));
  return (await Promise.all(all)).join('\n');
}

/** A browser preconnects in order: once it has connected here, it has finished all earlier ones. */
async function settle(context: BrowserContext, baits: Baits): Promise<void> {
  const name = `control ${baits.taken.size}`;
  const [hint, frame] = [await baits.url(`${name}, hint`), await baits.url(`${name}, frame`)];
  await using control = await servePage(`<link rel="preconnect" href="${hint}"><iframe src="${frame}/"></iframe>`);
  const page = await context.newPage();
  await page.goto(control.url, { waitUntil: 'commit' });
  await Promise.all([baits.connected(`${name}, hint`), baits.connected(`${name}, frame`)]);
  await page.close();
}

const names = mails.flat().map(({ name }) => name);

test('there are more than a hundred ways to connect', () => {
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(100);
});

test('with remote content off, no mail opens a connection, in the inbox or alone', { timeout: 600_000 }, async () => {
  await using baits = setBaits();
  await using server = await mailstop();
  await using context = await launchWithProfile(HERE);
  const page = await context.newPage();
  for (const vectors of mails) await lookAt(page, server, await server.send(await htmlOf(vectors, baits)), false);
  await settle(context, baits);
  expect([...baits.taken].filter((name) => names.includes(name))).toEqual([]);
});

test('nor does it cause a DNS lookup', { timeout: 600_000 }, async () => {
  const log = join(tmpdir(), `mailstop-net-log-${process.pid}.json`);
  await using server = await mailstop();
  {
    await using context = await launchWithProfile(`--log-net-log=${log}`);
    const page = await context.newPage();
    let number = 0;
    for (const vectors of mails) {
      const html = vectors.map((vector) => vector.html(`http://v${number++}.probe.invalid`));
      await lookAt(page, server, await server.send(html.join('\n')), false);
    }
    await using control = await servePage('<link rel="dns-prefetch" href="http://control.probe.invalid"><p>x');
    await page.goto(control.url, { waitUntil: 'load' });
    await expect.poll(() => readFileSync(log, 'latin1')).toContain('control.probe.invalid');
  }
  const heard = new Set(readFileSync(log, 'latin1').match(/\bv\d+(?=\.probe\.invalid)/g));
  expect([...heard].map((host) => names[Number(host.slice(1))])).toEqual([]);
});

test('with remote content on, pictures and styles load, and frames do not', { timeout: 600_000 }, async () => {
  await using baits = setBaits();
  await using server = await mailstop();
  await using context = await launchWithProfile(HERE);
  const page = await context.newPage();
  const framed = mails.filter((vectors) => vectors.some(({ name }) => /frame/.test(name)));
  const loads = ['img src', 'link rel=stylesheet', 'style @import', 'style font', 'style background'];
  const others = mails.flat().filter(({ name }) => loads.includes(name));
  for (const vectors of [...framed, others]) {
    // A picture, so that the inbox offers to load remote content. At the end, since a frameset must come first.
    const html = `${await htmlOf(vectors, baits)}<img src="${await baits.url('something to load')}/">`;
    await lookAt(page, server, await server.send(html), true);
  }
  await settle(context, baits);
  const taken = [...baits.taken].filter((name) => names.includes(name));
  // An image in a frame's `srcdoc` would be loaded if the frame were kept.
  expect(taken.filter((name) => /frame/.test(name))).toEqual([]);
  expect(taken.sort()).toEqual(loads.sort());
});

test('the same HTML does connect on an unprotected page', { timeout: 600_000 }, async () => {
  await using baits = setBaits();
  await using context = await launchWithProfile(HERE);
  const page = await context.newPage();
  for (const vectors of mails.slice(0, 6)) {
    await using bare = await servePage(await htmlOf(vectors, baits));
    await page.goto(bare.url, { waitUntil: 'domcontentloaded' });
  }
  await settle(context, baits);
  expect([...baits.taken]).toEqual(
    expect.arrayContaining([
      'iframe src',
      'iframe in svg title',
      'frame src',
      'link rel=preconnect',
      'img src',
      'style @import',
    ]),
  );
});
