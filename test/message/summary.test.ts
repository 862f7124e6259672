import { describe, expect, test } from 'vitest';
import type { LazySummary } from '../../server/message/lazy-summary.ts';
import { decodedHeaders, readHeaders, summarize } from '../../server/message/summary.ts';
import { incoming, mail, mailFile } from './incoming.ts';

const identity = { id: 'abcdefgh', seq: 7 };

test('a whole summary', () => {
  const raw = mail(`From: "Shop, The" <no-reply@shop.test>
To: Ada <ada@example.org>, bob@example.org
Cc: carl@example.org
Reply-To: help@shop.test
Subject: Your order
 is here
Date: Sat, 21 Nov 2026 10:00:00 +0100
Message-ID: <1@shop.test>

Hello
`);
  expect(fieldsOf(summarize(incoming(raw, ['ada@example.org', 'audit@shop.test']), identity))).toEqual({
    id: 'abcdefgh',
    seq: 7,
    receivedAt: new Date('2026-11-21T09:00:01Z'),
    size: raw.length,
    from: { name: 'Shop, The', address: 'no-reply@shop.test' },
    to: [
      { name: 'Ada', address: 'ada@example.org' },
      { name: '', address: 'bob@example.org' },
    ],
    cc: [{ name: '', address: 'carl@example.org' }],
    bcc: [{ name: '', address: 'audit@shop.test' }],
    replyTo: [{ name: '', address: 'help@shop.test' }],
    subject: 'Your order is here',
    date: new Date('2026-11-21T09:00:00Z'),
    messageId: '1@shop.test',
    envelope: { from: 'bounce@shop.test', to: ['ada@example.org', 'audit@shop.test'] },
    username: 'worker-3',
    read: false,
    tags: [],
    pinned: false,
    flagged: false,
    deletedFrom: null,
    attachments: null,
    preview: null,
    warnings: [],
  });
});

describe('bcc: recipients that no header names', () => {
  test.each<[string, string, string[], string[]]>([
    ['all are named', 'To: ada@x.test\nCc: bob@x.test', ['ada@x.test', 'bob@x.test'], []],
    ['case is ignored', 'To: Ada@X.test', ['aDA@x.TEST'], []],
    ['an address with a tag is another one', 'To: ada@x.test', ['ada+tag@x.test'], ['ada+tag@x.test']],
    ['a Bcc header names nobody', 'To: ada@x.test\nBcc: bob@x.test', ['ada@x.test', 'bob@x.test'], ['bob@x.test']],
    ['each is told once', 'To: ada@x.test', ['bob@x.test', 'BOB@x.test'], ['bob@x.test']],
    ['a domain as U-label and as A-label', 'To: a@xn--bcher-kva.test', ['a@b\u00fccher.test'], []],
    ['and the other way', 'To: =?utf-8?q?x?= <a@b\xfccher.test>', ['a@XN--Bcher-KVA.test'], []],
    ['undisclosed recipients', 'To: undisclosed-recipients:;', ['ada@x.test'], ['ada@x.test']],
    ['two To headers', 'To: ada@x.test\nTo: bob@x.test', ['ada@x.test', 'bob@x.test'], []],
  ])('%s', (_, header, recipients, bcc) => {
    const summary = summarize(incoming(mail(`${header}\n\n`), recipients), identity);
    expect(summary.bcc).toEqual(bcc.map((address) => ({ name: '', address })));
    expect(summary.envelope.to).toEqual(recipients);
  });

  test('is not guessed if the header has too many addresses to read', () => {
    const raw = mail(`To: ${'a@x.test, '.repeat(2000)}last@x.test\n\n`);
    const summary = summarize(incoming(raw, ['last@x.test']), identity);
    expect(summary.to).toHaveLength(1000);
    expect(summary.bcc).toEqual([]);
  });

  test('nor if it has too many words in them', () => {
    const raw = mail(`To: ${'a b c '.repeat(20_000)}<last@x.test>\n\n`);
    expect(summarize(incoming(raw, ['last@x.test']), identity).bcc).toEqual([]);
  });
});

test('what is missing is null or empty', () => {
  expect(readHeaders(mail('Just some text\n'))).toEqual({
    from: null,
    to: [],
    cc: [],
    bccHeader: [],
    replyTo: [],
    subject: null,
    date: null,
    messageId: null,
  });
});

test.each<[string, string, object]>([
  ['an empty subject is not a missing one', 'Subject:', { subject: '' }],
  ['of two subjects the first', 'Subject: one\nSubject: two', { subject: 'one' }],
  ['a date that is none', 'Date: tomorrow', { date: null }],
  ['a message id without brackets', 'Message-ID: 1@x.test', { messageId: '1@x.test' }],
  ['an empty message id', 'Message-ID: <>', { messageId: null }],
  ['names in any case', 'SUBJECT: a\nmessage-id: <b>', { subject: 'a', messageId: 'b' }],
  ['a Bcc header', 'Bcc: ada@x.test', { bccHeader: [{ name: '', address: 'ada@x.test' }] }],
  ['a name that looks like a property', '__proto__: x\nconstructor: y\nSubject: a', { subject: 'a' }],
])('%s', (_, header, facts) => {
  expect(readHeaders(mail(`${header}\n\n`))).toMatchObject(facts);
});

test('a long subject is cut, but never inside a character', () => {
  const subject = readHeaders(Buffer.from(`Subject: x${'👋'.repeat(20_000)}\r\n\r\n`)).subject ?? '';
  expect(subject.length).toBeGreaterThan(16_000);
  expect(subject.length).toBeLessThanOrEqual(16_384);
  expect(/^x(👋)+$/u.test(subject)).toBe(true);
});

test('all headers are decoded, in order, with repeats', () => {
  const raw = mail(`Received: from a
\tby b
Received: from c
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
X-Odd:
Subject: second

body
`);
  expect(decodedHeaders(raw)).toEqual([
    { name: 'Received', value: 'from a by b' },
    { name: 'Received', value: 'from c' },
    { name: 'Subject', value: 'Grüße' },
    { name: 'X-Odd', value: '' },
    { name: 'Subject', value: 'second' },
  ]);
});

describe('mails as real programs write them', () => {
  test.each<[string, object]>([
    [
      'nodemailer-html-inline-image',
      {
        from: { name: 'Shop, The', address: 'no-reply@shop.test' },
        to: [
          { name: 'Ada Lovelace', address: 'ada@example.org' },
          { name: 'Jürgen Groß', address: 'juergen@xn--bcher-kva.example' },
        ],
        subject: 'Réinitialisez votre mot de passe 👋 — und noch viel mehr Text, damit die Zeile gefaltet wird',
      },
    ],
    [
      'python-attachment',
      {
        from: { name: 'Zoë Müller', address: 'zoe@example.org' },
        to: [
          { name: 'Ada', address: 'ada@example.org' },
          { name: 'Doe, John', address: 'john@example.org' },
        ],
        subject:
          'Grüße aus Köln mit einem sehr langen Betreff, der über mehrere Zeilen gefaltet werden muss, weil er so lang ist',
      },
    ],
    [
      'python-iso-2022-jp',
      {
        from: { name: '山田太郎', address: 'yamada@example.jp' },
        subject: 'パスワードの再設定についてのお知らせとそのほかの長い件名',
        date: new Date('2026-11-21T09:00:00Z'),
      },
    ],
    [
      'python-smtputf8',
      {
        from: { name: 'Пётр', address: 'пётр@почта.рф' },
        to: [{ name: '', address: '用户@例子.广告' }],
        subject: 'Привет 👋',
      },
    ],
    [
      'php-8bit-latin1',
      { from: { name: 'Jürgen', address: 'juergen@example.de' }, subject: 'Bestätigung für Ihre Bestellung' },
    ],
    [
      'cron',
      {
        from: { name: 'Cron Daemon', address: 'root' },
        to: [{ name: '', address: 'root' }],
        date: new Date('2026-11-21T09:00:00Z'),
        messageId: '20261121090000.1A2B3@build.example',
      },
    ],
    ['postfix-bounce', { from: { name: 'Mail Delivery System', address: 'MAILER-DAEMON@mx.example' } }],
  ])('%s', (name, facts) => {
    expect(readHeaders(mailFile(name))).toMatchObject(facts);
  });
});

function fieldsOf({ from, to, cc, bcc, replyTo, subject, date, messageId, ...known }: LazySummary) {
  return { from, to, cc, bcc, replyTo, subject, date, messageId, ...known };
}
