import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, test } from 'vitest';
import { many } from './mails.ts';
import { measured } from './measured.ts';
import { measures } from './probed-server.ts';
import { expectations, queries } from './queries.ts';

const worst = measured();

describe.runIf(measures)('no query and no expectation does, over mails that are long everywhere', () => {
  beforeAll(async () => {
    await worst.client.storeLongMails();
  }, 60_000);

  test.each(Object.keys(queries))(
    'q: %s',
    async (name) => {
      await worst.expectShort(`q: ${name}`, () => worst.client.search(queries[name] ?? ''));
    },
    120_000,
  );

  test.each(Object.keys(expectations))(
    'expect: %s',
    async (name) => {
      await worst.expectShort(`expect: ${name}`, () => worst.client.expect(expectations[name] ?? {}));
    },
    120_000,
  );
});

describe.runIf(measures)('no saved search does', () => {
  test('one of an expression that takes long to compile', async () => {
    await worst.expectShort('a saved search', () =>
      worst.client.ask('/api/searches/worst', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ q: queries['classes of nearly all letters, in all expressions'] }),
      }),
    );
  }, 120_000);
});

/** What is asked of mail whose headers nobody has read yet. */

describe.runIf(measures)('no crowd does', () => {
  beforeAll(async () => {
    await worst.client.clear();
    const words = many(400, (i) => `word${i}`).join(' ');
    for (let i = 0; i < 100; i++) {
      await Promise.all(many(30, (j) => worst.client.put(Buffer.from(`Subject: mail ${i}-${j}\r\n\r\n${words}\r\n`))));
    }
    await worst.client.search('text:nothing');
  }, 120_000);

  test('1,500 clients whose searches wait, and that leave at the same moment', async () => {
    await worst.expectShort('1,500 that leave', async () => {
      const sockets = await Promise.all(
        many(1500, async (i) => {
          const socket = connect(worst.server.http, '127.0.0.1');
          await once(socket, 'connect');
          const q = encodeURIComponent(`/word\\d+ nothing${i}/`);
          socket.write(`GET /api/messages?q=${q} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
          return socket;
        }),
      );
      await worst.client.ask('/api/server');
      const closed = sockets.map((socket) => once(socket, 'close'));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
      // Its turn comes when that of all who left has been.
      await worst.client.search('/nothing/');
    });
  }, 300_000);

  test('50 clients that read the same long mail', async () => {
    const html = Buffer.from(`Content-Type: text/html\r\n\r\n${'<p>hello'.repeat(100_000)}`);
    const id = await worst.client.put(html);
    for (const what of ['', '/html']) {
      const path = `/api/messages/${id}${what}`;
      await worst.client.ask(path);
      await worst.expectShort(`50 times ${what} of a long mail`, () =>
        Promise.all(many(50, () => worst.client.ask(path))),
      );
    }
    await worst.client.clear();
  }, 120_000);

  test('25 clients that loop an expression over 3,000 mails, while mail comes', async () => {
    await worst.expectShort('25 clients', async () => {
      const clients = many(25, async (i) => {
        for (let round = 0; round < 2; round++) await worst.client.search(`/word\\d+ nothing${i}/`);
      });
      let searching = true;
      const mail = Buffer.from('Subject: meanwhile\r\n\r\nx\r\n');
      const sender = (async () => {
        while (searching) await worst.client.put(mail);
      })();
      await Promise.all(clients);
      searching = false;
      await sender;
    });
  }, 300_000);
});
