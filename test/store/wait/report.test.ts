import { expect, test } from 'vitest';
import { Slices } from '../../../server/slices.ts';
import type { Refused, Store } from '../../../server/store/store.ts';
import { type Expectation, expectMail } from '../../../server/store/wait/expect.ts';
import { ownMailOf } from '../../../server/store/wait/own-mail.ts';
import { report } from '../../../server/store/wait/report.ts';
import { Watches } from '../../../server/store/wait/watch.ts';
import { parseQuery } from '../../../wire/query/text.ts';
import type { MessageTest } from '../../../wire/tests.ts';
import { anIncoming } from '../../message/a-summary.ts';
import { aStore } from '../a-store.ts';

const now = () => new Date('2026-01-02T03:04:06Z');

/** The report of an expectation, without what differs between runs. */
async function reportOf(
  store: Store,
  q: string,
  rest: Partial<Expectation> = {},
  refused: readonly Refused[] = [],
): Promise<string> {
  using watches = new Watches(store, now, () => {});
  const expectation: Expectation = {
    query: parseQuery(q),
    count: { min: 1, max: Number.POSITIVE_INFINITY },
    within: 0,
    quiet: 0,
    ...rest,
  };
  const outcome = await expectMail({ store, watches, slices: new Slices() }, expectation, now);
  return report(expectation, outcome, refused).replaceAll(/after \d+ ms/g, 'after 3 ms');
}

async function shop(): Promise<Store> {
  const { store } = aStore();
  const add = (to: string, subject: string, text: string) =>
    store.add(
      anIncoming({
        raw: `From: Shop <no-reply@shop.test>\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\n${text}\r\n`,
        from: 'bounce@shop.test',
        to: [to],
      }),
    );
  await add('ada@x.test', 'Welcome to the shop', 'Hello Ada, attached: terms.pdf');
  await add('bob@x.test', 'Reset your password', 'Hello Bob, your code is 123456');
  await add('ada@x.test', 'Your invoice 2026-114', 'Hello Ada, you owe us 12.50');
  return store;
}

test('nothing came at all', async () => {
  expect(await reportOf(aStore().store, 'to:ada@x.test subject:reset', { within: 0 })).toMatchInlineSnapshot(`
    "Expected at least 1 mail matching  to:ada@x.test subject:reset
    within 0 ms; none came.

    ada@x.test got no mail."
  `);
});

test('other mail came: the nearest, and why it does not match', async () => {
  expect(await reportOf(await shop(), 'to:ada@x.test subject:reset')).toMatchInlineSnapshot(`
    "Expected at least 1 mail matching  to:ada@x.test subject:reset
    within 0 ms; none came.

    ada@x.test got (2, newest first):
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop

    Nearest: "Your invoice 2026-114", id mail-0003
      subject:  expected "reset",  was "Your invoice 2026-114"

    Next: "Welcome to the shop", id mail-0001
      subject:  expected "reset",  was "Welcome to the shop"

    There is 1 mail for others."
  `);
});

test('one mail of its own and fifteen of others: its own is shown, the others are only counted', async () => {
  const { store } = aStore();
  const add = (to: string, subject: string) =>
    store.add(anIncoming({ raw: `From: shop@x.test\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nhello\r\n`, to: [to] }));
  await add('ada@x.test', 'Welcome to the shop');
  for (let i = 0; i < 15; i++) await add(`user-${i}@x.test`, `Reset your password ${i}`);
  const refused = [
    { time: now(), command: 'RCPT TO:<eve@x.test>', reply: '550 5.1.1 <eve@x.test> unknown', session: 'session1' },
  ];
  const text = await reportOf(store, 'rcpt:ada@x.test subject:reset', {}, refused);
  expect(text).toMatchInlineSnapshot(`
    "Expected at least 1 mail matching  rcpt:ada@x.test subject:reset
    within 0 ms; none came.

    ada@x.test got (1, newest first):
         03:04:05.000  shop@x.test  -> ada@x.test  Welcome to the shop

    Nearest: "Welcome to the shop", id mail-0001
      subject:  expected "reset",  was "Welcome to the shop"

    There are 15 mails for others.

    SMTP refused recently (1):
       03:04:06.000  RCPT TO:<...>  -> 550 5.1.1 <...> unknown  session session1"
  `);
  expect(text).not.toMatch(/user-|eve|Reset your/);
});

test('of very much own mail a readable part, and how much more there is', async () => {
  const { store } = aStore();
  for (let i = 0; i < 70; i++) await store.add(anIncoming({ raw: `Subject: ${i}\r\n\r\n`, to: ['ada@x.test'] }));
  const text = await reportOf(store, 'rcpt:ada@x.test subject:reset');
  expect(text.split('\n').filter((line) => line.includes('-> ada@x.test'))).toHaveLength(20);
  expect(text).toContain('ada@x.test got (70, newest first):');
  expect(text).toContain('... and 50 more');
});

test.each([
  ['to:ada@x.test', 'ada@x.test'],
  ['subject:x rcpt:ada@x.test to:bob@x.test', 'ada@x.test'],
  ['subject:x user:worker-3', 'the user worker-3'],
  ['to:ada@x.test OR to:bob@x.test', 'ada@x.test or bob@x.test'],
  ['(rcpt:ada@x.test subject:a OR rcpt:ada@x.test subject:b)', 'ada@x.test'],
  ['rcpt:ada@x.test rcpt:bob@x.test', 'ada@x.test and bob@x.test'],
  ['to:ada@x.test OR subject:x', null],
  ['from:ada@x.test', null],
  ['to:ada', null],
  ['-to:ada@x.test', null],
])('%s is about the mailbox %s', (q, name) => {
  expect(ownMailOf(parseQuery(q))?.name ?? null).toBe(name);
});

test('too few came', async () => {
  expect(await reportOf(await shop(), 'to:ada@x.test', { count: { min: 3, max: 3 } })).toMatchInlineSnapshot(`
    "Expected 3 mails matching  to:ada@x.test
    within 0 ms; only 2 came.

    ada@x.test got (2, newest first; * matches):
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop

    There is 1 mail for others."
  `);
});

test('too many came', async () => {
  expect(await reportOf(await shop(), 'to:ada@x.test', { count: { min: 1, max: 1 } })).toMatchInlineSnapshot(`
    "Expected 1 mail matching  to:ada@x.test
    but there are 2.

    ada@x.test got (2, newest first; * matches):
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop

    There is 1 mail for others."
  `);
});

test('a mail came although none was expected', async () => {
  expect(await reportOf(await shop(), 'subject:invoice', { count: { min: 0, max: 0 } })).toMatchInlineSnapshot(`
    "Expected no mail matching  subject:invoice
    within 0 ms; one came after 3 ms.

    All mail (3, newest first; * matches):
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
         03:04:05.000  no-reply@shop.test  -> bob@x.test  Reset your password
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop"
  `);
});

test('the mail is not as expected', async () => {
  const message: MessageTest = {
    subject: { matches: 'reset.*password$' },
    from: { name: 'Shop', address: 'shop@shop.test' },
    to: ['bob@x.test', 'carol@x.test'],
    text: { contains: ['Hello Bob', 'valid for 10 minutes'] },
    html: { contains: '<h1>' },
    headers: { 'List-Unsubscribe': { contains: 'https:' }, 'X-Debug': null },
    attachments: [{ filename: { matches: '\\.pdf$' }, size: { min: 1000 } }],
    links: [{ url: { contains: '/reset/' } }],
  };
  expect(await reportOf(await shop(), 'to:bob@x.test', { count: { min: 1, max: 1 }, message })).toMatchInlineSnapshot(`
    "Expected 1 mail matching  to:bob@x.test
    It came, but is not as expected.

    bob@x.test got (1, newest first; * matches):
      *  03:04:05.000  no-reply@shop.test  -> bob@x.test  Reset your password

    Not as expected: "Reset your password", id mail-0002
      from:                      expected name "Shop" and address "shop@shop.test",  was "Shop <no-reply@shop.test>"
      to:                        expected "carol@x.test",                          was "bob@x.test"
      text:                      expected to contain "valid for 10 minutes",       was "Hello Bob, your code is 123456"
      html:                      expected to contain "<h1>",                       was none
      headers.List-Unsubscribe:  expected to contain "https:",                     was none
      links:                     expected url to contain "/reset/",                was none
      attachments:               expected filename to match /\\.pdf$/ and size at least 1000,  was none

    There are 2 mails for others."
  `);
});

test('alternatives and exclusions are explained by what the nearest mail misses', async () => {
  expect(
    await reportOf(await shop(), '(subject:refund to:bob@x.test OR subject:return) -is:unread'),
  ).toMatchInlineSnapshot(`
    "Expected at least 1 mail matching  (subject:refund to:bob@x.test OR subject:return) -is:unread
    within 0 ms; none came.

    All mail (3, newest first):
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
         03:04:05.000  no-reply@shop.test  -> bob@x.test  Reset your password
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop

    Nearest: "Your invoice 2026-114", id mail-0003
      subject:  expected "return",       was "Your invoice 2026-114"
      is:       expected not is:unread,  was unread

    Next: "Reset your password", id mail-0002
      subject:  expected "refund",       was "Reset your password"
      is:       expected not is:unread,  was unread

    Next: "Welcome to the shop", id mail-0001
      subject:  expected "return",       was "Welcome to the shop"
      is:       expected not is:unread,  was unread"
  `);
});

test('SMTP refused mail meanwhile', async () => {
  const refused = [
    {
      time: now(),
      command: 'MAIL FROM:<shop@x.test> SIZE=99999999',
      reply: '552 5.3.4 Error: message exceeds fixed maximum message size 52428800',
      session: 'session1',
    },
  ];
  expect(await reportOf(aStore().store, 'to:ada@x.test', {}, refused)).toMatchInlineSnapshot(`
    "Expected at least 1 mail matching  to:ada@x.test
    within 0 ms; none came.

    ada@x.test got no mail.

    SMTP refused recently (1):
       03:04:06.000  MAIL FROM:<...> SIZE=99999999  -> 552 5.3.4 Error: message exceeds fixed maximum message size 52428800  session session1"
  `);
});

test('mail content cannot forge a line of the report or control the terminal', async () => {
  const { store } = aStore();
  await store.add(anIncoming({ raw: 'Subject: =?utf-8?B?G1szMW1yZWQKUEFTUyAxMDAl?=\r\n\r\n' }));
  const text = await reportOf(store, 'subject:x');
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).not.toMatch(/^\s*PASS/m);
});

test('controls, line separators and overrides of the text direction are escaped in every line', async () => {
  const { store } = aStore();
  const evil = 'a\u202egnp\u2028forged\u2066\u0007\u009b1m\u{e0041}';
  const word = `=?utf-8?B?${Buffer.from(evil).toString('base64')}?=`;
  await store.add(
    anIncoming({
      raw: `From: ${word} <a\u202e@x.test>\r\nTo: ada@x.test\r\nSubject: ${word}\r\n\r\n${evil}\r\n`,
      from: 'b\u2028@x.test',
      to: ['ada@x.test', 'c\u202e@x.test'],
    }),
  );
  const refused = [{ time: now(), command: `RCPT TO:<${evil}>`, reply: `550 ${evil}`, session: 'session1' }];
  for (const query of [`to:ada@x.test subject:"${evil}x"`, 'from:nobody', 'text:nothing', 'rcpt:bob']) {
    const text = await reportOf(store, query, {}, refused);
    expect(text).toContain(String.raw`\u202egnp\u2028forged`);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});
