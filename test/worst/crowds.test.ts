import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { mails, many } from './mails.ts';
import { measured } from './measured.ts';
import { deleteByPop3 } from './pop3-client.ts';
import { measures } from './probed-server.ts';
import { pipeline, sendAll, TRANSACTION, transactionTo } from './smtp-client.ts';

const worst = measured();

describe.runIf(measures)('no client that sends all at once does', () => {
  const all = (clients: number, talk: () => Promise<number>) => Promise.all(many(clients, talk));

  test('3,000 mails on one SMTP connection', async () => {
    const replies: number[] = [];
    await worst.expectShort(
      'pipelined mails',
      async () => {
        const mails = `${TRANSACTION}x\r\n.\r\n`.repeat(3000);
        replies.push(...(await all(1, () => pipeline(worst.server.smtp, [mails]))));
      },
      () => worst.client.clear(),
    );
    expect(Math.min(...replies)).toBe(1 + 4 * 3000);
  }, 120_000);

  test('8 mails of doubled dots', async () => {
    const dots = Buffer.from('..\r\n'.repeat(500_000));
    await worst.expectShort(
      'doubled dots',
      () => all(8, () => pipeline(worst.server.smtp, [TRANSACTION, dots, '.\r\n'])),
      () => worst.client.clear(),
    );
  }, 120_000);

  test('a mail of 45 MB, by SMTP and by HTTP', async () => {
    const raw = Buffer.from(`Subject: large\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(576_000)}`);
    const replies: number[] = [];
    await worst.expectShort(
      '45 MB by SMTP',
      async () => replies.push(await pipeline(worst.server.smtp, [TRANSACTION, raw, '.\r\n'])),
      () => worst.client.clear(),
    );
    expect(Math.min(...replies)).toBe(5);
    await worst.expectShort(
      '45 MB by HTTP',
      () => worst.client.put(raw),
      () => worst.client.clear(),
    );
    const id = await worst.client.put(raw);
    expect(raw.equals(await worst.client.ask(`/api/messages/${id}/raw`))).toBe(true);
    await worst.client.clear();
  }, 120_000);

  test('1,000 HTTP requests', async () => {
    const request = (connection: string) =>
      `GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: ${connection}\r\n\r\n`;
    await worst.expectShort('pipelined requests', () =>
      sendAll(worst.server.http, [request('keep-alive').repeat(1000), request('close')], () => {}),
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
      await worst.expectShort(`20,000 requests ${name}`, async () => {
        const heard: Buffer[] = [];
        await sendAll(worst.server.http, [(requests[name] ?? '').repeat(20_000), last], (data) => heard.push(data));
        answers.push(Buffer.concat(heard).toString('latin1').split('HTTP/1.1 ').length - 1);
      });
      expect(Math.min(...answers)).toBe(20_001);
    },
    120_000,
  );

  test('a mail in 300,000 chunks', async () => {
    const head = 'POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: message/rfc822\r\n';
    const answers: string[] = [];
    await worst.expectShort(
      'a mail in chunks',
      async () => {
        const chunks = `${'1\r\nx\r\n'.repeat(300_000)}0\r\n\r\n`;
        let answer = '';
        await sendAll(worst.server.http, [`${head}Transfer-Encoding: chunked\r\n\r\n`, chunks, last], (data) => {
          answer += data.toString('latin1');
        });
        answers.push(answer);
      },
      () => worst.client.clear(),
    );
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 201 .*HTTP\/1.1 200 /s);
  }, 120_000);

  test('20 times 10,000 commands', async () => {
    await worst.expectShort('pipelined commands', () =>
      all(20, () => pipeline(worst.server.smtp, ['NOOP\r\n'.repeat(10_000)])),
    );
  }, 120_000);
});

describe.runIf(measures)('no list does', () => {
  const recipients = many(10_000, (i) => `recipient-${i}@x.test`);
  const submit = async (to: readonly string[], raw: string) => {
    const transport = createTransport({ host: '127.0.0.1', port: worst.server.smtp, ignoreTLS: true });
    await transport.sendMail({ envelope: { from: 'a@x.test', to: [...to] }, raw });
    transport.close();
  };

  test('10,000 recipients, taken and listed', async () => {
    await worst.client.clear();
    await worst.expectShort('10,000 recipients', async () => {
      await submit(recipients, 'Subject: to all\r\n\r\nx\r\n');
      await worst.client.ask('/api/messages');
      await worst.client.search('rcpt:recipient-9999@x.test');
    });
    const terms = many(400, (i) => `-recipienz${i}`).join(' ');
    await worst.expectShort('400 terms over 10,000 recipients', () => worst.client.search(terms));
    await worst.expectShort('400 terms waited for', () =>
      worst.client.ask(`/api/messages/wait?timeout=0&q=${encodeURI(terms)}`),
    );
    await worst.expectShort('400 terms expected', () => worst.client.expect({ q: terms, within: 0, count: 5 }));
    const { messages } = JSON.parse(String(await worst.client.ask('/api/messages?limit=1')));
    expect(JSON.stringify(messages[0]).length).toBeLessThan(5000);
    expect(messages[0].omitted.rcpt).toBe(9980);
  }, 120_000);

  test('10,000 recipients of 250 chars, taken, listed, searched, expected', async () => {
    await worst.client.clear();
    const [local, label] = ['l'.repeat(58), 'd'.repeat(59)];
    const long = many(10_000, (i) => `${local}${i + 10_000}@${label}.${label}.${label}.test`);
    const ask = async () => {
      await pipeline(worst.server.smtp, [transactionTo(long), 'Subject: to all\r\n\r\nx\r\n.\r\n']);
      await worst.client.ask('/api/messages');
      for (const q of ['zzz', 'rcpt:zzz', 'to:/zz+/', `rcpt:${local}`]) await worst.client.search(q);
      await worst.client.expect({ within: 0, q: 'zzz', count: 5 });
    };
    await worst.expectShort('10,000 long recipients', ask, () => worst.client.clear());
    await ask();
    for (const q of [`rcpt:${long[9999]}`, `bcc:${local}19999`, `${local}19999`]) {
      const { matched } = JSON.parse(String(await worst.client.search(q)));
      expect([q, matched]).toEqual([q, 1]);
    }
  }, 120_000);

  test('60 mails with 10,000 recipients, deleted from one mailbox and then from all', async () => {
    const each = many(10_000, (i) => `r${i}@x.test`);
    const fill = async () => {
      await worst.client.clear();
      for (let i = 0; i < 60; i++)
        await pipeline(worst.server.smtp, [transactionTo(each), 'Subject: x\r\n\r\nx\r\n.\r\n']);
    };
    await fill();
    const deleted: number[] = [];
    await worst.expectShort(
      'deleted by POP3',
      async () => {
        for (const mailbox of ['r5@x.test', 'r6', 'all'])
          deleted.push(await deleteByPop3(worst.server.pop3, mailbox, 60));
      },
      fill,
    );
    expect(deleted.slice(0, 3)).toEqual([61, 61, 61]);
  }, 240_000);

  test.each([
    ['10,000 long recipients', many(10_000, (i) => `${'ü'.repeat(100)}${i}@${'d'.repeat(60)}.test`)],
    ['10,000 recipients that are numbers', many(10_000, (i) => i)],
    ['10,000 recipients that are wrong', many(10_000, (i) => `<${i}`)],
  ])(
    'an envelope of %s in front of a mail',
    async (name, to) => {
      await worst.client.clear();
      await worst.expectShort(
        name,
        () => worst.client.putEnveloped({ from: 'a@x.test', to }),
        () => worst.client.clear(),
      );
    },
    120_000,
  );

  test('40 waits that run out at the same moment, over 12 mails with 10,000 long recipients', async () => {
    await worst.client.clear();
    const to = many(10_000, (i) => `${i + 10_000}${'a'.repeat(250)}@b.test`);
    for (let i = 0; i < 12; i++) await worst.client.putEnveloped({ from: 'a@b.test', to });
    await worst.expectShort('40 waits that run out', () =>
      Promise.all(many(40, (i) => worst.client.ask(`/api/messages/wait?timeout=500&q=to:nobody${i}`))),
    );
  }, 240_000);

  test('the mailboxes of 10 times 10,000 recipients', async () => {
    await worst.client.clear();
    for (let i = 0; i < 10; i++)
      await submit(
        many(10_000, (j) => `r${j}-${i}@x.test`),
        'Subject: x\r\n\r\nx\r\n',
      );
    await worst.expectShort('mailboxes', () => worst.client.ask('/api/mailboxes'));
    const { addresses } = JSON.parse(String(await worst.client.ask('/api/mailboxes')));
    const names = addresses.map(({ name }: { name: string }) => name);
    expect(new Set(names).size).toBe(100_000);
    expect(names).toEqual(names.toSorted());
  }, 120_000);

  test('a page of 500 mails with 1,000 recipients and long headers each', async () => {
    await worst.client.clear();
    const raw = `Subject: ${'s'.repeat(16_000)}\r\nFrom: ${'f'.repeat(16_000)} <a@x.test>\r\n\r\nx\r\n`;
    for (let i = 0; i < 100; i++) await Promise.all(many(5, () => worst.client.put(Buffer.from(raw))));
    await worst.expectShort('a page of 500', () => worst.client.ask('/api/messages?limit=500'));
  }, 120_000);

  test('a mail of control characters, in JSON and as text', async () => {
    await worst.client.clear();
    const controls = '\x01'.repeat(4_000_000);
    const parts = ['text/plain', 'text/html'].map((type) => `--b\r\nContent-Type: ${type}\r\n\r\n${controls}\r\n`);
    const id = await worst.client.put(
      Buffer.from(`Content-Type: multipart/alternative; boundary=b\r\n\r\n${parts.join('')}--b--\r\n`),
    );
    await worst.client.ask(`/api/messages/${id}`);
    await worst.expectShort('controls in JSON', () => worst.client.ask(`/api/messages/${id}`));
    await worst.expectShort('controls in full=1', () => worst.client.ask('/api/messages?full=1'));
    await worst.expectShort('controls as text', () => worst.client.ask(`/api/messages/${id}/text`));
  }, 120_000);

  test('an unmet expectation with 1,000 mails', async () => {
    await worst.client.clear();
    const raw = Buffer.from(`Subject: ${'s'.repeat(2000)}\r\n\r\nx\r\n`);
    for (let i = 0; i < 40; i++) await Promise.all(many(25, () => worst.client.put(raw)));
    await worst.expectShort('1,000 mails that are too few', () =>
      worst.client.expect({ count: { min: 1001 }, within: 0 }),
    );
  }, 120_000);

  test('a feed that comes back to 900 mails whose headers nobody has read', async () => {
    const mail = mails['encoded words in 300 names']?.() ?? Buffer.alloc(0);
    const fill = async () => {
      await worst.client.clear();
      const { seq } = JSON.parse(String(await worst.client.ask('/api/server'))) as { seq: number };
      for (let i = 0; i < 90; i++) await Promise.all(many(10, () => worst.client.put(mail)));
      return seq;
    };
    let after = await fill();
    await worst.expectShort(
      'the feed, resumed',
      () =>
        new Promise<void>((resolve) => {
          const feed = new WebSocket(`ws://127.0.0.1:${worst.server.http}/api/feed?after=${after}`);
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
    await worst.client.clear();
    const feed = new WebSocket(`ws://127.0.0.1:${worst.server.http}/api/feed`);
    let longest = 0;
    feed.onmessage = ({ data }) => {
      longest = Math.max(longest, String(data).length);
    };
    await new Promise((resolve) => {
      feed.onopen = resolve;
    });
    const mail = mails['1,000 attachments']?.() ?? Buffer.alloc(0);
    await worst.expectShort('the feed', async () => {
      for (let i = 0; i < 5; i++) await worst.client.ask(`/api/messages/${await worst.client.put(mail)}`);
    });
    feed.close();
    expect(longest).toBeGreaterThan(1000);
    expect(longest).toBeLessThan(10_000);
  }, 120_000);
});
