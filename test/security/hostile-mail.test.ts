import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { createApi } from '../../client/index.ts';
import { type Running, start } from '../../server/app/start.ts';
import { type Config, defaults } from '../../server/config/config.ts';
import type { OpenApi } from '../../server/http/docs/openapi.ts';
import { silent } from '../../server/log.ts';
import { CLI, start as run } from '../cli/a-command.ts';

/** Mail that has broken other tools: what it must not do outside of the page that shows it. */

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailstop-security-'));
  folders.push(folder);
  return folder;
}

function aMailstop(config: Partial<Config> = {}): Promise<Running> {
  return start({ ...defaults, smtpPort: 0, httpPort: 0, pop3Port: 0, ...config }, { log: silent, version: '0.0.0' });
}

const urlOf = ({ about: { http } }: Running) => `http://${http.host}:${http.port}`;

async function put(mailstop: Running, lines: readonly string[]): Promise<string> {
  const headers = { 'content-type': 'message/rfc822' };
  const body = lines.join('\r\n');
  const response = await fetch(`${urlOf(mailstop)}/api/messages`, { method: 'POST', headers, body });
  return ((await response.json()) as { id: string }).id;
}

/** Every response about a mail, by its path. */
async function everythingOf(mailstop: Running, id: string, attachments = 0): Promise<Map<string, Response>> {
  const url = urlOf(mailstop);
  const api = (await (await fetch(`${url}/api/openapi.json`)).json()) as OpenApi;
  const paths = Object.entries(api.paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
  const answers = new Map<string, Response>();
  for (const path of paths) {
    for (let index = 0; index < (path.includes('{index}') ? attachments : 1); index++) {
      const asked = path.replace('{id}', id).replace('{index}', String(index));
      const response = await fetch(`${url}${asked}${asked.endsWith('/wait') ? '?timeout=0' : ''}`);
      answers.set(
        asked,
        new Response(await response.arrayBuffer(), response.status < 300 ? response : { status: 500 }),
      );
    }
  }
  return answers;
}

describe('a mail full of addresses', () => {
  test('never makes the server connect anywhere, whatever is requested about it', async () => {
    let connections = 0;
    const listener = createTcp((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const [one, two, three] = ['127.0.0.1', 'localhost', '[::ffff:7f00:1]'].map((host) => `http://${host}:${port}`);
    await using mailstop = await aMailstop();
    const id = await put(mailstop, [
      `From: ada@[127.0.0.1]`,
      `To: bob@localhost`,
      'Subject: addresses',
      `List-Unsubscribe: <${one}/unsubscribe>, <mailto:x@localhost>`,
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      `Disposition-Notification-To: ada@[127.0.0.1]`,
      `BIMI-Location: v=BIMI1; l=${one}/bimi.svg`,
      `Content-Location: ${one}/base/`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      `<!DOCTYPE html SYSTEM "${one}/dtd"><base href="${one}/"><link rel=stylesheet href="${one}/css"><link rel=stylesheet href=relative.css>`,
      `<style>@import url(${two}/import.css); @font-face { font-family: x; src: url(${two}/font) }</style>`,
      `<img src="${one}/img"><img srcset="${two}/2x 2x"><script src="${three}/js"></script><iframe src="${one}/frame"></iframe>`,
      `<a href="${one}/link">${two}/text</a><a href="${three}/mapped">x</a><video src="${one}/video" poster="${one}/poster"></video>`,
      `<svg><use href="${one}/use#x"/><image href="${one}/svg"/></svg><object data="${one}/object"></object>`,
      '--b',
      `Content-Type: message/external-body; access-type=URL; URL="${one}/external"`,
      '',
      'Content-Type: image/png',
      '',
      '--b',
      'Content-Type: text/xml',
      '',
      `<!DOCTYPE x [<!ENTITY e SYSTEM "${one}/entity">]><x>&e;</x>`,
      '--b--',
      '',
    ]);
    await everythingOf(mailstop, id, 3);
    expect((await createApi(urlOf(mailstop)).message(id)).links.length).toBeGreaterThan(1);
    const api = createApi(urlOf(mailstop));
    await api.expect({ message: { links: { url: { contains: '/link' } } }, within: 0 });
    expect((await api.list('has:link')).matched).toBe(1);
    expect(connections).toBe(0);
    // Make sure that the listener records connections.
    connect(port, '127.0.0.1').on('error', () => {});
    await expect.poll(() => connections).toBe(1);
    await new Promise((resolve) => listener.close(resolve));
  });
});

describe('names that are paths', () => {
  const NAMES = [
    '../../../escaped',
    '..\\..\\escaped',
    '/etc/escaped',
    'a/../../escaped',
    '%2e%2e%2fescaped',
    'nul\0/../escaped',
    '.',
    '..',
  ];

  test('of files, parts and Content-IDs never become files', async () => {
    const parent = aFolder();
    const data = join(parent, 'data');
    mkdirSync(data);
    writeFileSync(join(parent, 'escaped'), 'untouched');
    const parts = NAMES.flatMap((name) => [
      '--b',
      `Content-Type: image/png; name="${name}"`,
      `Content-Disposition: attachment; filename="${name}"`,
      `Content-ID: <${name}>`,
      '',
      'x',
    ]);
    const mail = [
      'Subject: ../../../escaped',
      `Message-ID: <../../../escaped>`,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      ...parts,
      '--b--',
      '',
    ];
    for (let round = 0; round < 2; round++) {
      await using mailstop = await aMailstop({ data });
      const id = await put(mailstop, mail);
      for (const [path, { headers }] of await everythingOf(mailstop, id, NAMES.length)) {
        const name = /filename="(.*)"; filename\*=UTF-8''(.*)/.exec(headers.get('content-disposition') ?? '');
        if (name === null) continue;
        for (const one of name.slice(1))
          expect([path, decodeURIComponent(one)]).toEqual([path, expect.stringMatching(/^[^./\\][^/\\]*$/)]);
      }
    }
    expect(readdirSync(parent).sort()).toEqual(['data', 'escaped']);
    expect(readFileSync(join(parent, 'escaped'), 'utf8')).toBe('untouched');
    const files = readdirSync(data, { recursive: true, withFileTypes: true });
    for (const { name, parentPath } of files) {
      expect(relative(data, join(parentPath, name))).toMatch(/^[a-z0-9._/\\-]+$/);
      expect(name).not.toContain('escaped');
    }
  });

  test('of a hostile server are not used as paths by an export, either', async () => {
    const parent = aFolder();
    const id = '../../../escaped';
    const row = {
      id,
      seq: 1,
      receivedAt: '2026-01-02T03:04:05.000Z',
      size: 1,
      from: null,
      to: [],
      cc: [],
      bcc: [],
      replyTo: [],
      subject: id,
    };
    const message = {
      ...row,
      date: null,
      messageId: id,
      envelope: { from: id, to: [id] },
      username: null,
      read: true,
      tags: [id],
      pinned: false,
      preview: '',
      text: 'x',
      html: '<img src="cid:../../../escaped">',
      headers: [],
      links: [],
      codes: [],
      code: null,
      images: [],
      unsubscribe: [],
      problem: null,
      attachments: [{ index: 0, filename: id, contentType: 'image/png', size: 1, contentId: id, inline: true }],
    };
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://x');
      response.setHeader('content-type', 'application/json');
      if (pathname === '/api/messages')
        response.end(
          JSON.stringify({
            messages: [message],
            matched: 1,
            total: 1,
            cursor: null,
            counts: { total: 1, unread: 0, bytes: 1, evicted: 0 },
            seq: 1,
          }),
        );
      else if (/(raw|attachments\/0)$/.test(pathname)) response.end('x');
      else response.end(JSON.stringify(message));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const env = { MAILSTOP_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const folder = join(parent, 'a', 'b', 'c', 'd');
    mkdirSync(join(parent, 'a', 'b', 'c'), { recursive: true });
    for (const target of [folder, `${folder}.mbox`, `${folder}.maildir`]) {
      const format = /\.(\w+)$/.exec(target)?.[1];
      await run(process.execPath, [CLI, 'export', ...(format ? ['--format', format] : []), target], { env }).ended;
    }
    const written = readdirSync(parent, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(written.length).toBeGreaterThan(1);
    for (const { name, parentPath } of written) expect(join(parentPath, name).startsWith(folder)).toBe(true);
    await closed(server);
  });
});

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

test('a picture of four billion pixels is passed on, not decoded', async () => {
  const header = Buffer.from('89504e470d0a1a0a0000000d494844520000ffff0000ffff08060000', 'hex');
  await using mailstop = await aMailstop();
  const id = await put(mailstop, [
    'Content-Type: multipart/related; boundary=b',
    '',
    '--b',
    'Content-Type: text/html',
    '',
    '<img src="cid:bomb@x">',
    '--b',
    'Content-Type: image/png; name=bomb.png',
    'Content-ID: <bomb@x>',
    'Content-Transfer-Encoding: base64',
    '',
    header.toString('base64'),
    '--b--',
    '',
  ]);
  const before = process.memoryUsage().rss;
  const answers = await everythingOf(mailstop, id, 1);
  const picture = answers.get(`/api/messages/${id}/attachments/0`);
  expect(picture?.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from((await picture?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(header);
  expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
});

describe('a command with a line end in it', () => {
  const INJECTED = ['\r', '\n', '\r\n', '\0'].flatMap((end) => [
    `MAIL FROM:<ada@x.test${end}X-Injected: yes>`,
    `MAIL FROM:<"ada${end}X-Injected: yes"@x.test>`,
    `RCPT TO:<bob@x.test${end}X-Injected: yes>`,
    `RCPT TO:<"bob>${end}RCPT TO:<eve@x.test"@x.test>`,
    `RCPT TO:<bob@x.test> ORCPT=rfc822;bob${end}X-Injected: yes`,
    `EHLO app${end}X-Injected: yes`,
  ]);

  test('adds nothing to a mail, an envelope, a header or a reply', async () => {
    await using mailstop = await aMailstop();
    const { host, port } = mailstop.about.smtp;
    for (const line of INJECTED) {
      const socket = connect(port, host);
      const heard = text(socket);
      const session = ['EHLO app', 'MAIL FROM:<ada@x.test>', 'RSET', line];
      if (!line.startsWith('MAIL')) session.push('MAIL FROM:<ada@x.test>', line);
      socket.write(
        `${[...session, 'RCPT TO:<ok@x.test>', 'DATA', 'Subject: x', '', 'body', '.', 'QUIT'].join('\r\n')}\r\n`,
      );
      for (const reply of (await heard).split('\r\n').filter(Boolean)) expect(reply).toMatch(/^\d{3}[ -][^\r\n\0]*$/);
    }
    const { messages } = await createApi(urlOf(mailstop)).list('');
    expect(messages.length).toBeGreaterThan(0);
    for (const { id, envelope } of messages) {
      const answers = await everythingOf(mailstop, id);
      expect(await answers.get(`/api/messages/${id}/raw`)?.text()).toBe('Subject: x\r\n\r\nbody\r\n');
      for (const address of [envelope.from, ...envelope.to]) {
        expect(address).not.toMatch(/[\r\n\0]/);
        expect(address).not.toBe('eve@x.test');
      }
      for (const [path, { headers }] of answers) expect([path, headers.get('x-injected')]).toEqual([path, null]);
    }
  });
});

describe('a line without an end', () => {
  test.each([
    ['as a command', ''],
    ['in a mail', 'EHLO a\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n'],
    ['in AUTH', 'EHLO a\r\nAUTH LOGIN\r\n'],
  ])('%s takes no more memory than a mail may', { timeout: 120_000 }, async (_, before) => {
    await using mailstop = await aMailstop({ maxMessageSize: 1_000_000 });
    const { host, port } = mailstop.about.smtp;
    const socket = connect(port, host);
    socket.on('error', () => {});
    socket.resume();
    socket.write(before);
    const held = process.memoryUsage();
    const some = Buffer.alloc(1_000_000, 'x');
    for (let megabytes = 0; megabytes < 200 && !socket.destroyed && socket.writable; megabytes++) {
      await new Promise((resolve) => socket.write(some, resolve));
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    expect(heapUsed + arrayBuffers - held.heapUsed - held.arrayBuffers).toBeLessThan(120_000_000);
    socket.destroy();
    expect((await fetch(`${urlOf(mailstop)}/livez`)).status).toBe(200);
  });
});
