import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodedHeaders, summarize } from '../../server/message/summary.ts';
import { incoming, mailFile } from './incoming.ts';

const identity = { id: 'abcdefgh', seq: 1 };
const CONTROLS = /[\0-\x1f\x7f-\x9f]/;

/** Any octets give a summary, with single-line values. */
function holds(octets: Uint8Array): void {
  const raw = Buffer.from(octets);
  const { from, to, cc, replyTo, subject, messageId, date, size } = summarize(incoming(raw, ['ada@x.test']), identity);
  expect(size).toBe(raw.length);
  const values = [subject, messageId, ...[from, ...to, ...cc, ...replyTo].flatMap((one) => [one?.name, one?.address])];
  for (const value of values) expect(value ?? '').not.toMatch(CONTROLS);
  for (const { name, value } of decodedHeaders(raw)) expect(name + value).not.toMatch(CONTROLS);
  if (date) expect(date.getTime()).not.toBeNaN();
}

test('random octets', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), holds), { numRuns: 500 });
});

test('random octets as the value of each header', () => {
  const name = fc.constantFrom('From', 'To', 'Cc', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'X-Any');
  const field = fc.tuple(name, fc.uint8Array({ maxLength: 200 }));
  fc.assert(
    fc.property(fc.array(field, { maxLength: 10 }), (fields) => {
      holds(Buffer.concat(fields.flatMap(([key, value]) => [Buffer.from(`${key}: `), value, Buffer.from('\r\n')])));
    }),
    { numRuns: 500 },
  );
});

test('values made of special characters', () => {
  const token = fc.constantFrom(
    ...['<', '>', '"', '\\', '(', ')', ',', ';', ':', '@', '[', ']', '=?', '?=', '?q?', '?b?', '=?utf-8?q?', '=C3'],
    ...[
      '=0D=0A',
      '=00',
      ' ',
      '\t',
      '\r\n ',
      '\r',
      '\n',
      'a',
      'x.test',
      '\xfc',
      '\xc3',
      '21 Nov 2026',
      '10:00',
      '+0100',
      'GMT',
    ],
  );
  const name = fc.constantFrom('From', 'To', 'Subject', 'Date', 'Message-ID');
  fc.assert(
    fc.property(name, fc.array(token, { maxLength: 60 }), (key, tokens) => {
      holds(Buffer.from(`${key}: ${tokens.join('')}\r\n\r\n`, 'latin1'));
    }),
    { numRuns: 2000 },
  );
});

test.each(['nodemailer-html-inline-image', 'python-attachment', 'python-iso-2022-jp', 'php-8bit-latin1', 'cron'])(
  '%s with octets changed, dropped and doubled',
  (file) => {
    const raw = mailFile(file).subarray(0, 1200);
    const change = fc.record({
      at: fc.nat(raw.length),
      length: fc.nat(20),
      by: fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom(...['\r\n', '"', '<', '=?', '(', '\0'].map((text) => Buffer.from(text))),
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        let octets: Buffer = raw;
        for (const { at, length, by } of changes) {
          octets = Buffer.concat([octets.subarray(0, at), by, octets.subarray(at + length)]);
        }
        holds(octets);
      }),
      { numRuns: 200 },
    );
  },
);
