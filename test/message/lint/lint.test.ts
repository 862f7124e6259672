import { describe, expect, test } from 'vitest';
import { declaredBy, lint, warningsAbout } from '../../../server/message/lint/lint.ts';
import { readHeaders } from '../../../server/message/summary.ts';
import { MAX_WARNINGS } from '../../../wire/warning.ts';
import { incoming } from '../incoming.ts';

const CLEAN = [
  'From: Ada <ada@x.test>',
  'To: bob@x.test',
  'Subject: Hello',
  'Date: Fri, 02 Jan 2026 03:04:05 +0000',
  'Message-ID: <1@x.test>',
].join('\r\n');

const mail = (header: string, body = 'Hello\r\n') => Buffer.from(`${header}\r\n\r\n${body}`, 'latin1');
const multipart = (partHeader: string, body = 'x') =>
  mail(
    `${CLEAN}\r\nContent-Type: multipart/mixed; boundary=B`,
    `--B\r\n\r\nHello\r\n--B\r\n${partHeader}\r\n\r\n${body}\r\n--B--\r\n`,
  );
const found = (raw: Buffer) => lint(raw).map(({ code, where, text }) => `${where} ${code}: ${text}`);

test('a clean mail has none', () => {
  expect(lint(mail(CLEAN))).toEqual([]);
  expect(lint(mail(`${CLEAN}\r\nReceived: a\r\nReceived: b\r\nX-Folded: a\r\n b`, ''))).toEqual([]);
  expect(lint(mail(CLEAN, `${'x'.repeat(998)}\r\n`))).toEqual([]);
});

describe('each fault gives its warning', () => {
  const table: readonly [name: string, raw: Buffer, warnings: readonly (string | RegExp)[]][] = [
    [
      'no fields at all',
      Buffer.from('\r\nHello\r\n'),
      ['From', 'Date', 'Message-ID', 'Subject'].map(
        (name) => `header missing-field: There is no ${name} field (RFC 5322 §3.6).`,
      ),
    ],
    [
      'two subjects',
      mail(`${CLEAN}\r\nsubject: Another`),
      ['header repeated-field: There are 2 Subject fields; only one is allowed (RFC 5322 §3.6).'],
    ],
    ['two message ids', mail(`${CLEAN}\r\nMessage-Id: <2@x.test>`), [/2 Message-ID fields/]],
    ['a date that is none', mail(CLEAN.replace('Fri, 02 Jan', 'yesterday')), [/^header bad-date: .*"yesterday 2026/]],
    ['Bcc', mail(`${CLEAN}\r\nBcc: audit@x.test`), [/^header bcc-field/]],
    [
      'a line that is no field',
      mail(`${CLEAN}\r\nNo field\r\nX-After: 1`),
      ['header not-a-field: Line 6, "No field", is not a header field, so the header ends before it.'],
    ],
    ['a mail without an empty line', Buffer.from(`${CLEAN}\r\n`), []],
    [
      'a field after a bare CR',
      mail(CLEAN.replace('Hello', 'Hello\rBcc: evil@x.test')),
      [
        'header injected-field: A field "Bcc" may have been injected: it follows a bare CR or LF, not a CRLF.',
        'header bare-cr: Line 3 has a bare CR; lines end in CRLF (RFC 5321 §2.3.8).',
      ],
    ],
    [
      'a field after a bare LF among CRLFs',
      mail(CLEAN.replace('Hello', 'Hello\nX-Evil: 1')),
      [/injected-field: A field "X-Evil"/, /^header bare-lf: Line 3 ends in a bare LF/],
    ],
    [
      'a field with a long name after a bare LF',
      mail(CLEAN.replace('Hello', `Hello\n${'X'.repeat(200)}: 1`)),
      [/^header injected-field: A field "X{60}…" may have been injected/, /^header bare-lf/],
    ],
    [
      'the same after a bare CR',
      mail(CLEAN.replace('Hello', `Hello\r${'X'.repeat(77)}: 1`)),
      [/^header injected-field/, /^header bare-cr/],
    ],
    [
      'a field in the header of a part, after a bare CR',
      multipart('Content-Type: text/plain; name="a\rX-Evil: 1"'),
      [/^header injected-field: A field "X-Evil" of part 2 may have been injected/, /^body bare-cr/],
    ],
    [
      'the same after a bare LF',
      multipart('Content-Disposition: attachment; filename="a\nContent-ID: <1>\r\nX: 1'),
      [/^header injected-field: A field "Content-ID" of part 2/, /^body bare-lf/],
    ],
    [
      "a mail within the mail, which is not the app's",
      multipart('Content-Type: message/rfc822', 'A: b\rC: d\r\n'),
      [/^body bare-cr/],
    ],
    ['a text that looks like it', multipart('Content-Type: text/plain', 'Note\rTo: all\r\n'), [/^body bare-cr/]],
    ['a time of day after a bare CR', mail(CLEAN.replace('Hello', 'Hello\r at noon')), [/^header bare-cr/]],
    [
      'LF everywhere',
      Buffer.from(`${CLEAN}\r\n\r\nHello\r\nagain\r\n`.replaceAll('\r', '')),
      [
        'header bare-lf: 6 lines end in a bare LF, the first in line 1; lines end in CRLF (RFC 5321 §2.3.8).',
        'body bare-lf: 2 lines end in a bare LF, the first in line 7; lines end in CRLF (RFC 5321 §2.3.8).',
      ],
    ],
    ['a bare CR in the body', mail(CLEAN, 'a\rb\r\n'), [/^body bare-cr: Line 7 has/]],
    ['a CR at the very end', mail(CLEAN, 'a\r'), [/^body bare-cr: Line 7 has/]],
    ['NUL', mail(CLEAN, 'a\0b\r\nc\0\0\r\n'), [/^body nul: 3 NUL octets, the first in line 7/]],
    ['a long line', mail(CLEAN, `a\r\n${'x'.repeat(999)}\r\n`), [/^body long-line: Line 8 is longer than 998 octets/]],
    ['a long last line', mail(CLEAN, 'x'.repeat(5000)), [/^body long-line: Line 7/]],
    ['a long header line', mail(`${CLEAN}\r\nX-Long: ${'x'.repeat(999)}`), [/^header long-line: Line 6/]],
    [
      '8-bit text',
      mail(`${CLEAN}\r\nX-Name: J\xf6rg`, 'J\xf6rg\r\n'),
      [
        'header 8bit-header: Line 6 of the header has an octet above 127; encode the text as RFC 2047 says, or send MAIL with SMTPUTF8.',
        'body 8bitmime-not-declared: Line 8 of the body has an octet above 127; MAIL did not say BODY=8BITMIME (RFC 6152).',
        'body 8bit-not-declared: The body has octets above 127, but there is no Content-Transfer-Encoding (RFC 2045 §6).',
      ],
    ],
    [
      '8-bit text that calls itself quoted-printable',
      mail(`${CLEAN}\r\nContent-Transfer-Encoding: Quoted-Printable`, '\xf6'),
      [/8bitmime/, /but Content-Transfer-Encoding is quoted-printable/],
    ],
    ['8-bit text that says so', mail(`${CLEAN}\r\nContent-Transfer-Encoding: 8bit`, '\xf6'), [/8bitmime/]],
  ];
  for (const [name, raw, warnings] of table)
    test(name, () =>
      expect(found(raw)).toEqual(warnings.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one)))),
    );
});

test('no warning for what MAIL declared', () => {
  const raw = mail(`${CLEAN}\r\nX-Name: J\xf6rg\r\nContent-Transfer-Encoding: 8bit`, 'J\xf6rg\r\n');
  const received = incoming(raw);
  const said = (parameters: Record<string, string | true>, protocol = 'ESMTP') =>
    warningsAbout(
      [],
      lint(raw),
      declaredBy({
        peer: { ...received.peer, protocol },
        envelope: { ...received.envelope, from: { address: 'a@x.test', parameters } },
      }),
    ).map(({ code }) => code);
  expect(said({})).toEqual(['8bit-header', '8bitmime-not-declared']);
  expect(said({ BODY: '7BIT' })).toEqual(['8bit-header', '8bitmime-not-declared']);
  expect(said({ BODY: '8bitmime' })).toEqual(['8bit-header']);
  expect(said({ BODY: '8BITMIME', SMTPUTF8: true })).toEqual([]);
  expect(said({}, 'HTTP')).toEqual(['8bit-header']);
});

test('mail content stays on its line, and the number of warnings is limited', () => {
  const names = Array.from({ length: 200 }, (_, n) => `X-${n}: a\r\nX-${n}: b`).join('\r\n');
  const hostile = mail(`${CLEAN}\r\n${names}\r\n\x1b[2J\x07\xe2\x80\xae not a field ${'y'.repeat(500)}\r\nFrom\x00: b`);
  const warnings = lint(hostile);
  expect(warnings.length).toBeLessThanOrEqual(MAX_WARNINGS);
  for (const { text } of warnings) {
    expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(text.length).toBeLessThan(402);
  }
});

test.each<[string, readonly string[]]>([
  ['"q s"@d.test', ['"q s"@d.test']],
  ['"a\\"b"@d.test', ['"a\\"b"@d.test']],
  ['Ada <ada@[127.0.0.1]>', ['ada@[127.0.0.1]']],
  ['Ada <ada@[IPv6:::1]>, bob@x.test', ['ada@[IPv6:::1]', 'bob@x.test']],
  ['ada@x.test (Ada, the first)', ['ada@x.test']],
  ['Ada (of (all)) <ada(here)@x.test>', ['ada@x.test']],
  ['Team: ada@x.test, Bob <bob@x.test>;', ['ada@x.test', 'bob@x.test']],
  ['Ada <@relay.test,@b.test:ada@x.test>', ['ada@x.test']],
  ['undisclosed-recipients:;', []],
])('an address in the header that RFC 5322 allows gives no warning: %s', (value, addresses) => {
  const raw = mail(CLEAN.replace('To: bob@x.test', `To: ${value}`));
  expect(lint(raw)).toEqual([]);
  expect(readHeaders(raw).to.map(({ address }) => address)).toEqual(addresses);
});
