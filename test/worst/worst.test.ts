import { existsSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { MARKS, mails, many } from './mails.ts';
import { octetsFromPop3 } from './pop3-client.ts';
import { ProbedServer } from './probed-server.ts';
import { expectations, queries } from './queries.ts';

/**
 * Each input is made to cost as much as it can, on a path of its own. No turn of the event loop may hold the main thread
 * longer than this, in milliseconds of CPU time: what else the machine does makes no difference.
 */
const LONGEST = 50;
/** A first time compiles, and garbage is collected at any time: the best of these counts. */
const ATTEMPTS = 3;

/** Only Linux tells what a thread has worked. */
const measures = existsSync('/proc/thread-self/schedstat');
let server: ProbedServer;
const table: [held: number, name: string][] = [];

beforeAll(async () => {
  server = await ProbedServer.start('--max-bytes', '1GiB');
  // What everybody pays once, such as loading what is only loaded when it is wanted.
  for (let i = 0; i < 3; i++) await readAndSearch(Buffer.from('Subject: a\r\n\r\nhello\r\n'));
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  table.sort((a, b) => b[0] - a[0]);
  if (process.env['WORST']) for (const [held, name] of table) console.log(held.toFixed(1).padStart(8), name);
});

async function ask(path: string, init?: RequestInit): Promise<Buffer> {
  const response = await fetch(server.url + path, init);
  // An input that is refused before it costs anything would measure nothing.
  expect([response.status, path.slice(0, 100)]).toEqual([expect.toSatisfy(isAnswer), path.slice(0, 100)]);
  return Buffer.from(await response.arrayBuffer());
}

/**
 * 408 and 417 say that an expectation was not met, 400 that a query takes too much work, 404 that there is no HTML.
 */
const isAnswer = (status: number) => [200, 201, 400, 404, 408, 417].includes(status);

const postJson = (path: string, body: object) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

async function put(mail: Buffer): Promise<string> {
  const headers = { 'content-type': 'message/rfc822' };
  const body = new Uint8Array(mail);
  const { id } = JSON.parse(String(await ask('/api/messages?to=b@x.test', { method: 'POST', headers, body })));
  return id;
}

const clear = () => ask('/api/messages?all=true', { method: 'DELETE' });
const search = (q: string) => ask(`/api/messages?q=${encodeURIComponent(q)}`);

async function readAndSearch(mail: Buffer): Promise<void> {
  const id = await put(mail);
  await ask('/api/messages');
  await ask(`/api/messages/${id}`);
  await ask(`/api/messages/${id}/html`);
  for (const q of ['zzz', 'html:zzz', 'header:X-Long=zzz', 'text:/zz+/', 'filename:zzz', 'to:a']) await search(q);
  await postJson('/api/expect', { within: 0, q: 'zzz', message: { text: 'x' } });
  await postJson('/api/expect', { within: 0, message: { html: { contains: 'zzz' }, headers: { 'X-Long': 'zzz' } } });
}

async function expectShort(name: string, work: () => Promise<unknown>, after?: () => Promise<unknown>): Promise<void> {
  let held = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && held > LONGEST; attempt++) {
    held = Math.min(held, await server.heldBy(work));
    await after?.();
  }
  table.push([held, name]);
  expect(held, `${name} held the main thread for ${held.toFixed(0)} ms of CPU time`).toBeLessThanOrEqual(LONGEST);
}

describe.runIf(measures)('no mail holds the main thread, when it is taken, read, listed, searched or expected', () => {
  test.each(Object.keys(mails))(
    '%s',
    async (name) => {
      const mail = mails[name]?.() ?? Buffer.alloc(0);
      await expectShort(name, () => readAndSearch(mail), clear);
    },
    120_000,
  );
});

describe.runIf(measures)('no query and no expectation does, over mails that are long everywhere', () => {
  beforeAll(async () => {
    await clear();
    const from = many(1000, (i) => `a${i}@x.test`).join(', ');
    const ab = many(250_000, (i) => ((i * 7919) % 13 > 6 ? 'a' : 'b')).join('');
    for (const body of ['a'.repeat(262_144), ab, 'Привет мир '.repeat(20_000), `a${MARKS.repeat(9)}`.repeat(9000)]) {
      const head = `To: ${from}\r\nX-Long: ${'a'.repeat(200_000)}\r\nContent-Type: multipart/mixed; boundary=b`;
      const parts = ['text/plain', 'text/html'].map(
        (type) => `--b\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${body}\r\n`,
      );
      await put(Buffer.from(`${head}\r\n\r\n${parts.join('').repeat(3)}--b--\r\n`));
    }
    const file = '--c\r\nContent-Disposition: attachment; filename=aaaaaa.txt\r\n\r\nx\r\n'.repeat(1000);
    for (let i = 0; i < 5; i++) await put(Buffer.from(`Content-Type: multipart/mixed; boundary=c\r\n\r\n${file}--c--`));
    await search('text:zzz');
  }, 60_000);

  test.each(Object.keys(queries))(
    'q: %s',
    async (name) => {
      await expectShort(`q: ${name}`, () => search(queries[name] ?? ''));
    },
    120_000,
  );

  test.each(Object.keys(expectations))(
    'expect: %s',
    async (name) => {
      await expectShort(`expect: ${name}`, () => postJson('/api/expect', expectations[name] ?? {}));
    },
    120_000,
  );
});

describe.runIf(measures)('no mail does over POP3', () => {
  const lines = [
    'empty lines',
    'lines of one char',
    'lines of a dot',
    'one line of 8 MB',
    '1,000 headers',
    'a mail in a mail in a mail',
  ];
  test.each(lines)(
    '%s',
    async (name) => {
      await clear();
      const mail = mails[name]?.() ?? Buffer.alloc(0);
      const fetched: number[] = [];
      await expectShort(
        `pop3: ${name}`,
        async () => {
          await put(mail);
          fetched.push(await octetsFromPop3(server.pop3));
        },
        clear,
      );
      expect(Math.min(...fetched)).toBeGreaterThan(mail.length);
    },
    120_000,
  );
});

describe.runIf(measures)('no crowd does', () => {
  test('25 clients that loop an expression over 3,000 mails, while mail comes', async () => {
    await clear();
    const words = many(400, (i) => `word${i}`).join(' ');
    for (let i = 0; i < 100; i++) {
      await Promise.all(many(30, (j) => put(Buffer.from(`Subject: mail ${i}-${j}\r\n\r\n${words}\r\n`))));
    }
    await search('text:nothing');
    await expectShort('25 clients', async () => {
      const clients = many(25, async (i) => {
        for (let round = 0; round < 2; round++) await search(`/word\\d+ nothing${i}/`);
      });
      let searching = true;
      const mail = Buffer.from('Subject: meanwhile\r\n\r\nx\r\n');
      const sender = (async () => {
        while (searching) await put(mail);
      })();
      await Promise.all(clients);
      searching = false;
      await sender;
    });
  }, 300_000);
});

describe.runIf(measures)('no list does', () => {
  const recipients = many(10_000, (i) => `recipient-${i}@x.test`);
  const submit = async (to: readonly string[], raw: string) => {
    const transport = createTransport({ host: '127.0.0.1', port: server.smtp, ignoreTLS: true });
    await transport.sendMail({ envelope: { from: 'a@x.test', to: [...to] }, raw });
    transport.close();
  };

  test('10,000 recipients, taken and listed', async () => {
    await clear();
    await expectShort('10,000 recipients', async () => {
      await submit(recipients, 'Subject: to all\r\n\r\nx\r\n');
      await ask('/api/messages');
      await search('rcpt:recipient-9999@x.test');
    });
    const { messages } = JSON.parse(String(await ask('/api/messages?limit=1')));
    expect(JSON.stringify(messages[0]).length).toBeLessThan(5000);
    expect(messages[0].omitted.rcpt).toBe(9980);
  }, 120_000);

  test('a page of 500 mails with 1,000 recipients and long headers each', async () => {
    await clear();
    const raw = `Subject: ${'s'.repeat(16_000)}\r\nFrom: ${'f'.repeat(16_000)} <a@x.test>\r\n\r\nx\r\n`;
    for (let i = 0; i < 100; i++) await Promise.all(many(5, () => put(Buffer.from(raw))));
    await expectShort('a page of 500', () => ask('/api/messages?limit=500'));
  }, 120_000);

  test('a feed that hears of mails with 1,000 attachments', async () => {
    await clear();
    const feed = new WebSocket(`ws://127.0.0.1:${server.http}/api/feed`);
    let longest = 0;
    feed.onmessage = ({ data }) => {
      longest = Math.max(longest, String(data).length);
    };
    await new Promise((resolve) => {
      feed.onopen = resolve;
    });
    const mail = mails['1,000 attachments']?.() ?? Buffer.alloc(0);
    await expectShort('the feed', async () => {
      for (let i = 0; i < 5; i++) await ask(`/api/messages/${await put(mail)}`);
    });
    feed.close();
    expect(longest).toBeGreaterThan(1000);
    expect(longest).toBeLessThan(10_000);
  }, 120_000);
});
