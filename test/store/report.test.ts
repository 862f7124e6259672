import { expect, test } from 'vitest';
import type { MessageTest } from '../../server/message/expectation.ts';
import { parseQuery } from '../../server/message/query-text.ts';
import { type Expectation, expectMail } from '../../server/store/expect.ts';
import { type Refused, report } from '../../server/store/report.ts';
import type { Store } from '../../server/store/store.ts';
import { Watches } from '../../server/store/watch.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aStore } from './a-store.ts';

const now = () => new Date('2026-01-02T03:04:06Z');

/** The report of an expectation, with what differs from run to run made equal. */
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
  const outcome = await expectMail({ store, watches }, expectation, now);
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

    No mail is there at all."
  `);
});

test('other mail came: what is nearest, and what keeps it from being it', async () => {
  expect(await reportOf(await shop(), 'to:ada@x.test subject:reset')).toMatchInlineSnapshot(`
    "Expected at least 1 mail matching  to:ada@x.test subject:reset
    within 0 ms; none came.

    What is there (3, newest first):
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
         03:04:05.000  no-reply@shop.test  -> bob@x.test  Reset your password
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop

    Nearest: "Your invoice 2026-114", id mail-0003
      subject:  expected "reset",  was "Your invoice 2026-114"

    Next: "Reset your password", id mail-0002
      to:  expected "ada@x.test",  was "bob@x.test"

    Next: "Welcome to the shop", id mail-0001
      subject:  expected "reset",  was "Welcome to the shop""
  `);
});

test('too few came', async () => {
  expect(await reportOf(await shop(), 'to:ada@x.test', { count: { min: 3, max: 3 } })).toMatchInlineSnapshot(`
    "Expected 3 mails matching  to:ada@x.test
    within 0 ms; only 2 came.

    What is there (3, newest first; * matches):
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
         03:04:05.000  no-reply@shop.test  -> bob@x.test  Reset your password
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop

    Nearest: "Reset your password", id mail-0002
      to:  expected "ada@x.test",  was "bob@x.test""
  `);
});

test('too many came', async () => {
  expect(await reportOf(await shop(), 'to:ada@x.test', { count: { min: 1, max: 1 } })).toMatchInlineSnapshot(`
    "Expected 1 mail matching  to:ada@x.test
    but there are 2.

    What is there (3, newest first; * matches):
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
         03:04:05.000  no-reply@shop.test  -> bob@x.test  Reset your password
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop"
  `);
});

test('one came where there must be none', async () => {
  expect(await reportOf(await shop(), 'subject:invoice', { count: { min: 0, max: 0 } })).toMatchInlineSnapshot(`
    "Expected no mail matching  subject:invoice
    within 0 ms; one came after 3 ms.

    What is there (3, newest first; * matches):
      *  03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
         03:04:05.000  no-reply@shop.test  -> bob@x.test  Reset your password
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop"
  `);
});

test('what came is not as expected', async () => {
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

    What is there (3, newest first; * matches):
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Your invoice 2026-114
      *  03:04:05.000  no-reply@shop.test  -> bob@x.test  Reset your password
         03:04:05.000  no-reply@shop.test  -> ada@x.test  Welcome to the shop

    Not as expected: "Reset your password", id mail-0002
      from:                      expected name "Shop" and address "shop@shop.test",  was "Shop <no-reply@shop.test>"
      to:                        expected "carol@x.test",                          was "bob@x.test"
      text:                      expected to contain "valid for 10 minutes",       was "Hello Bob, your code is 123456"
      html:                      expected to contain "<h1>",                       was none
      headers.List-Unsubscribe:  expected to contain "https:",                     was none
      links:                     expected url to contain "/reset/",                was none
      attachments:               expected filename to match /\\.pdf$/ and size at least 1000,  was none"
  `);
});

test('alternatives and exclusions are explained by what the nearest one misses', async () => {
  expect(
    await reportOf(await shop(), '(subject:refund to:bob@x.test OR subject:return) -is:unread'),
  ).toMatchInlineSnapshot(`
    "Expected at least 1 mail matching  (subject:refund to:bob@x.test OR subject:return) -is:unread
    within 0 ms; none came.

    What is there (3, newest first):
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
    },
  ];
  expect(await reportOf(aStore().store, 'to:ada@x.test', {}, refused)).toMatchInlineSnapshot(`
    "Expected at least 1 mail matching  to:ada@x.test
    within 0 ms; none came.

    No mail is there at all.

    SMTP refused lately (1):
       03:04:06.000  MAIL FROM:<shop@x.test> SIZE=99999999  -> 552 5.3.4 Error: message exceeds fixed maximum message size 52428800"
  `);
});

test('what a mail says cannot forge a line of the report or act on a terminal', async () => {
  const { store } = aStore();
  await store.add(anIncoming({ raw: 'Subject: =?utf-8?B?G1szMW1yZWQKUEFTUyAxMDAl?=\r\n\r\n' }));
  const text = await reportOf(store, 'subject:x');
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).not.toMatch(/^\s*PASS/m);
});
