import { once } from 'node:events';
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { WorstClient } from './client.ts';
import { mails, many, namesForPop3 } from './mails.ts';
import { deleteByPop3, octetsFromPop3 } from './pop3-client.ts';
import { LONGEST, measures, ProbedServer } from './probed-server.ts';
import { expectations, queries } from './queries.ts';
import { pipeline, sendAll, TRANSACTION, transactionTo } from './smtp-client.ts';

let server: ProbedServer;
let client: WorstClient;
const table: [held: number, name: string][] = [];

beforeAll(async () => {
  server = await ProbedServer.start('--max-bytes', '1GiB');
  client = new WorstClient(server.url);
  await client.warmUp();
}, 60_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  table.sort((a, b) => b[0] - a[0]);
  if (process.env['WORST']) for (const [held, name] of table) console.log(held.toFixed(1).padStart(8), name);
});

async function expectShort(name: string, work: () => Promise<unknown>, after?: () => Promise<unknown>): Promise<void> {
  const held = await server.leastHeldBy(work, after);
  table.push([held, name]);
  expect(held, `${name} held the main thread for ${held.toFixed(0)} ms of CPU time`).toBeLessThanOrEqual(LONGEST);
}

describe.runIf(measures)('no mail holds the main thread, when it is taken, read, listed, searched or expected', () => {
  test.each(Object.keys(mails))(
    '%s',
    async (name) => {
      const mail = mails[name]?.() ?? Buffer.alloc(0);
      await expectShort(
        name,
        () => client.readAndSearch(mail),
        () => client.clear(),
      );
    },
    120_000,
  );
});

describe.runIf(measures)('no query and no expectation does, over mails that are long everywhere', () => {
  beforeAll(async () => {
    await client.storeLongMails();
  }, 60_000);

  test.each(Object.keys(queries))(
    'q: %s',
    async (name) => {
      await expectShort(`q: ${name}`, () => client.search(queries[name] ?? ''));
    },
    120_000,
  );

  test.each(Object.keys(expectations))(
    'expect: %s',
    async (name) => {
      await expectShort(`expect: ${name}`, () => client.expect(expectations[name] ?? {}));
    },
    120_000,
  );
});

describe.runIf(measures)('no saved search does', () => {
  test('one of an expression that takes long to compile', async () => {
    await expectShort('a saved search', () =>
      client.ask('/api/searches/worst', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ q: queries['classes of nearly all letters, in all expressions'] }),
      }),
    );
  }, 120_000);
});

/** What is asked of mail whose headers nobody has read yet. */
const firstReads: Readonly<Record<string, () => Promise<unknown>>> = {
  listed: () => client.ask('/api/messages?limit=500'),
  'searched for a word': () => client.search('zzz'),
  'searched for a header': () => client.search('header:To=zzz'),
  'searched for a recipient': () => client.search('to:zzz@x.test'),
  waited: () => client.ask('/api/messages/wait?q=zzz&timeout=0'),
  'expected in vain': () => client.expect({ within: 0, count: 0 }),
};

describe.runIf(measures)('no mails with headers that take long to read do together', () => {
  const names = ['encoded words of unknown charsets in names', 'angle brackets for recipients'];
  test.each(names.flatMap((name) => Object.keys(firstReads).map((read) => [name, read] as const)))(
    '30 of %s, %s',
    async (name, read) => {
      await client.clear();
      const mail = mails[name]?.() ?? Buffer.alloc(0);
      await expectShort(
        `30 of ${name}, ${read}`,
        async () => {
          for (let i = 0; i < 30; i++) await client.put(mail);
          await firstReads[read]?.();
        },
        () => client.clear(),
      );
    },
    120_000,
  );
});

describe.runIf(measures)('no mail does over POP3', () => {
  test.each(namesForPop3)(
    '%s',
    async (name) => {
      await client.clear();
      const mail = mails[name]?.() ?? Buffer.alloc(0);
      const fetched: number[] = [];
      await expectShort(
        `pop3: ${name}`,
        async () => {
          await client.put(mail);
          fetched.push(await octetsFromPop3(server.pop3));
        },
        () => client.clear(),
      );
      expect(Math.min(...fetched)).toBeGreaterThan(mail.length);
    },
    120_000,
  );
});

describe.runIf(measures)('no crowd does', () => {
  beforeAll(async () => {
    await client.clear();
    const words = many(400, (i) => `word${i}`).join(' ');
    for (let i = 0; i < 100; i++) {
      await Promise.all(many(30, (j) => client.put(Buffer.from(`Subject: mail ${i}-${j}\r\n\r\n${words}\r\n`))));
    }
    await client.search('text:nothing');
  }, 120_000);

  test('1,500 clients whose searches wait, and that leave at the same moment', async () => {
    await expectShort('1,500 that leave', async () => {
      const sockets = await Promise.all(
        many(1500, async (i) => {
          const socket = connect(server.http, '127.0.0.1');
          await once(socket, 'connect');
          const q = encodeURIComponent(`/word\\d+ nothing${i}/`);
          socket.write(`GET /api/messages?q=${q} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
          return socket;
        }),
      );
      await client.ask('/api/server');
      const closed = sockets.map((socket) => once(socket, 'close'));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
      // Its turn comes when that of all who left has been.
      await client.search('/nothing/');
    });
  }, 300_000);

  test('50 clients that read the same long mail', async () => {
    const html = Buffer.from(`Content-Type: text/html\r\n\r\n${'<p>hello'.repeat(100_000)}`);
    const id = await client.put(html);
    for (const what of ['', '/html']) {
      const path = `/api/messages/${id}${what}`;
      await client.ask(path);
      await expectShort(`50 times ${what} of a long mail`, () => Promise.all(many(50, () => client.ask(path))));
    }
    await client.clear();
  }, 120_000);

  test('25 clients that loop an expression over 3,000 mails, while mail comes', async () => {
    await expectShort('25 clients', async () => {
      const clients = many(25, async (i) => {
        for (let round = 0; round < 2; round++) await client.search(`/word\\d+ nothing${i}/`);
      });
      let searching = true;
      const mail = Buffer.from('Subject: meanwhile\r\n\r\nx\r\n');
      const sender = (async () => {
        while (searching) await client.put(mail);
      })();
      await Promise.all(clients);
      searching = false;
      await sender;
    });
  }, 300_000);
});

describe.runIf(measures)('no client that sends all at once does', () => {
  const all = (clients: number, talk: () => Promise<number>) => Promise.all(many(clients, talk));

  test('3,000 mails on one SMTP connection', async () => {
    const replies: number[] = [];
    await expectShort(
      'pipelined mails',
      async () => {
        const mails = `${TRANSACTION}x\r\n.\r\n`.repeat(3000);
        replies.push(...(await all(1, () => pipeline(server.smtp, [mails]))));
      },
      () => client.clear(),
    );
    expect(Math.min(...replies)).toBe(1 + 4 * 3000);
  }, 120_000);

  test('8 mails of doubled dots', async () => {
    const dots = Buffer.from('..\r\n'.repeat(500_000));
    await expectShort(
      'doubled dots',
      () => all(8, () => pipeline(server.smtp, [TRANSACTION, dots, '.\r\n'])),
      () => client.clear(),
    );
  }, 120_000);

  test('a mail of 45 MB, by SMTP and by HTTP', async () => {
    const raw = Buffer.from(`Subject: large\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(576_000)}`);
    const replies: number[] = [];
    await expectShort(
      '45 MB by SMTP',
      async () => replies.push(await pipeline(server.smtp, [TRANSACTION, raw, '.\r\n'])),
      () => client.clear(),
    );
    expect(Math.min(...replies)).toBe(5);
    await expectShort(
      '45 MB by HTTP',
      () => client.put(raw),
      () => client.clear(),
    );
    const id = await client.put(raw);
    expect(raw.equals(await client.ask(`/api/messages/${id}/raw`))).toBe(true);
    await client.clear();
  }, 120_000);

  test('1,000 HTTP requests', async () => {
    const request = (connection: string) =>
      `GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: ${connection}\r\n\r\n`;
    await expectShort('pipelined requests', () =>
      sendAll(server.http, [request('keep-alive').repeat(1000), request('close')], () => {}),
    );
  }, 120_000);

  const requests: Readonly<Record<string, string>> = {
    'for the inbox': 'GET / HTTP/1.1\r\nHost:x\r\n\r\n',
    'for /livez': 'GET /livez HTTP/1.1\r\nHost:x\r\n\r\n',
    'with a Host that is refused': 'GET / HTTP/1.1\r\nHost:a.b\r\n\r\n',
    'for *': 'OPTIONS * HTTP/1.1\r\nHost:x\r\n\r\n',
    'with an expectation': 'GET / HTTP/1.1\r\nHost:x\r\nExpect:x\r\n\r\n',
  };
  const last = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

  test.each(Object.keys(requests))(
    '20,000 HTTP requests %s',
    async (name) => {
      const answers: number[] = [];
      await expectShort(`20,000 requests ${name}`, async () => {
        const heard: Buffer[] = [];
        await sendAll(server.http, [(requests[name] ?? '').repeat(20_000), last], (data) => heard.push(data));
        answers.push(Buffer.concat(heard).toString('latin1').split('HTTP/1.1 ').length - 1);
      });
      expect(Math.min(...answers)).toBe(20_001);
    },
    120_000,
  );

  test('a mail in 300,000 chunks', async () => {
    const head = 'POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: message/rfc822\r\n';
    const answers: string[] = [];
    await expectShort(
      'a mail in chunks',
      async () => {
        const chunks = `${'1\r\nx\r\n'.repeat(300_000)}0\r\n\r\n`;
        let answer = '';
        await sendAll(server.http, [`${head}Transfer-Encoding: chunked\r\n\r\n`, chunks, last], (data) => {
          answer += data.toString('latin1');
        });
        answers.push(answer);
      },
      () => client.clear(),
    );
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 201 .*HTTP\/1.1 200 /s);
  }, 120_000);

  test('20 times 10,000 commands', async () => {
    await expectShort('pipelined commands', () => all(20, () => pipeline(server.smtp, ['NOOP\r\n'.repeat(10_000)])));
  }, 120_000);
});

describe.runIf(measures)('no list does', () => {
  const recipients = many(10_000, (i) => `recipient-${i}@x.test`);
  const submit = async (to: readonly string[], raw: string) => {
    const transport = createTransport({ host: '127.0.0.1', port: server.smtp, ignoreTLS: true });
    await transport.sendMail({ envelope: { from: 'a@x.test', to: [...to] }, raw });
    transport.close();
  };

  test('10,000 recipients, taken and listed', async () => {
    await client.clear();
    await expectShort('10,000 recipients', async () => {
      await submit(recipients, 'Subject: to all\r\n\r\nx\r\n');
      await client.ask('/api/messages');
      await client.search('rcpt:recipient-9999@x.test');
    });
    const terms = many(400, (i) => `-recipienz${i}`).join(' ');
    await expectShort('400 terms over 10,000 recipients', () => client.search(terms));
    await expectShort('400 terms waited for', () => client.ask(`/api/messages/wait?timeout=0&q=${encodeURI(terms)}`));
    await expectShort('400 terms expected', () => client.expect({ q: terms, within: 0, count: 5 }));
    const { messages } = JSON.parse(String(await client.ask('/api/messages?limit=1')));
    expect(JSON.stringify(messages[0]).length).toBeLessThan(5000);
    expect(messages[0].omitted.rcpt).toBe(9980);
  }, 120_000);

  test('10,000 recipients of 250 chars, taken, listed, searched, expected', async () => {
    await client.clear();
    const [local, label] = ['l'.repeat(58), 'd'.repeat(59)];
    const long = many(10_000, (i) => `${local}${i + 10_000}@${label}.${label}.${label}.test`);
    const ask = async () => {
      await pipeline(server.smtp, [transactionTo(long), 'Subject: to all\r\n\r\nx\r\n.\r\n']);
      await client.ask('/api/messages');
      for (const q of ['zzz', 'rcpt:zzz', 'to:/zz+/', `rcpt:${local}`]) await client.search(q);
      await client.expect({ within: 0, q: 'zzz', count: 5 });
    };
    await expectShort('10,000 long recipients', ask, () => client.clear());
    await ask();
    for (const q of [`rcpt:${long[9999]}`, `bcc:${local}19999`, `${local}19999`]) {
      const { matched } = JSON.parse(String(await client.search(q)));
      expect([q, matched]).toEqual([q, 1]);
    }
  }, 120_000);

  test('60 mails with 10,000 recipients, deleted from one mailbox and then from all', async () => {
    const each = many(10_000, (i) => `r${i}@x.test`);
    const fill = async () => {
      await client.clear();
      for (let i = 0; i < 60; i++) await pipeline(server.smtp, [transactionTo(each), 'Subject: x\r\n\r\nx\r\n.\r\n']);
    };
    await fill();
    const deleted: number[] = [];
    await expectShort(
      'deleted by POP3',
      async () => {
        for (const mailbox of ['r5@x.test', 'r6', 'all']) deleted.push(await deleteByPop3(server.pop3, mailbox, 60));
      },
      fill,
    );
    expect(deleted.slice(0, 3)).toEqual([61, 61, 61]);
  }, 240_000);

  test('the mailboxes of 10 times 10,000 recipients', async () => {
    await client.clear();
    for (let i = 0; i < 10; i++)
      await submit(
        many(10_000, (j) => `r${j}-${i}@x.test`),
        'Subject: x\r\n\r\nx\r\n',
      );
    await expectShort('mailboxes', () => client.ask('/api/mailboxes'));
    const { addresses } = JSON.parse(String(await client.ask('/api/mailboxes')));
    const names = addresses.map(({ name }: { name: string }) => name);
    expect(new Set(names).size).toBe(100_000);
    expect(names).toEqual(names.toSorted());
  }, 120_000);

  test('a page of 500 mails with 1,000 recipients and long headers each', async () => {
    await client.clear();
    const raw = `Subject: ${'s'.repeat(16_000)}\r\nFrom: ${'f'.repeat(16_000)} <a@x.test>\r\n\r\nx\r\n`;
    for (let i = 0; i < 100; i++) await Promise.all(many(5, () => client.put(Buffer.from(raw))));
    await expectShort('a page of 500', () => client.ask('/api/messages?limit=500'));
  }, 120_000);

  test('a mail of control characters, in JSON and as text', async () => {
    await client.clear();
    const controls = '\x01'.repeat(4_000_000);
    const parts = ['text/plain', 'text/html'].map((type) => `--b\r\nContent-Type: ${type}\r\n\r\n${controls}\r\n`);
    const id = await client.put(
      Buffer.from(`Content-Type: multipart/alternative; boundary=b\r\n\r\n${parts.join('')}--b--\r\n`),
    );
    await client.ask(`/api/messages/${id}`);
    await expectShort('controls in JSON', () => client.ask(`/api/messages/${id}`));
    await expectShort('controls in full=1', () => client.ask('/api/messages?full=1'));
    await expectShort('controls as text', () => client.ask(`/api/messages/${id}/text`));
  }, 120_000);

  test('an unmet expectation with 1,000 mails', async () => {
    await client.clear();
    const raw = Buffer.from(`Subject: ${'s'.repeat(2000)}\r\n\r\nx\r\n`);
    for (let i = 0; i < 40; i++) await Promise.all(many(25, () => client.put(raw)));
    await expectShort('1,000 mails that are too few', () => client.expect({ count: { min: 1001 }, within: 0 }));
  }, 120_000);

  test('a feed that comes back to 900 mails whose headers nobody has read', async () => {
    const mail = mails['encoded words in 300 names']?.() ?? Buffer.alloc(0);
    const fill = async () => {
      await client.clear();
      const { seq } = JSON.parse(String(await client.ask('/api/server'))) as { seq: number };
      for (let i = 0; i < 90; i++) await Promise.all(many(10, () => client.put(mail)));
      return seq;
    };
    let after = await fill();
    await expectShort(
      'the feed, resumed',
      () =>
        new Promise<void>((resolve) => {
          const feed = new WebSocket(`ws://127.0.0.1:${server.http}/api/feed?after=${after}`);
          let left = 900;
          feed.onmessage = ({ data }) => {
            if (JSON.parse(String(data)).type === 'added') left -= 1;
            if (left > 0) return;
            feed.onclose = () => resolve();
            feed.close();
          };
        }),
      async () => {
        after = await fill();
      },
    );
  }, 120_000);

  test('a feed that hears of mails with 1,000 attachments', async () => {
    await client.clear();
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
      for (let i = 0; i < 5; i++) await client.ask(`/api/messages/${await client.put(mail)}`);
    });
    feed.close();
    expect(longest).toBeGreaterThan(1000);
    expect(longest).toBeLessThan(10_000);
  }, 120_000);
});
