import { expect, test } from 'vitest';
import { parseContent } from '../../../server/message/content.ts';

/** The problem of a mail that is given with one char per octet. */
async function problemOf(raw: string): Promise<string | null> {
  return (await parseContent(Buffer.from(raw, 'latin1'))).content.problem;
}
const text = (charset: string, octets: string, type = 'text/plain') =>
  problemOf(`Content-Type: ${type}; charset=${charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${octets}`);

test.each([
  ['a stray octet', 'utf-8', 'a\xffb'],
  ['Latin-1 that calls itself UTF-8', 'UTF-8', 'Gr\xfc\xdfe'],
  ['a character that the end cuts off', 'utf-8', 'a\xe2\x82'],
  ['half of a surrogate pair', 'utf-8', '\xed\xa0\x80'],
  ['a second octet that can not be one', 'Shift_JIS', '\x83\x20'],
  ['the same, under another name', 'cp932', '\x83\x20'],
  ['a sequence without a character', 'gb18030', '\xff\xff'],
  ['a lead octet at the end', 'GBK', '\xc4'],
  ['an escape that leads nowhere', 'iso-2022-jp', '\x1b$Z'],
  ['a bare escape at the end', 'iso-2022-jp', '\x1b$B$3$s\x1b(B.\x1b'],
  ['an escape that the end cuts off', 'iso-2022-jp', '\x1b$B$3$s\x1b('],
  ['an octet without a character', 'iso-8859-7', '\xff'],
  ['half a unit', 'utf-16le', 'a\0b'],
  ['half of a Korean character', 'iso-2022-kr', '\x1b$)C\x0e0\x0f'],
])('replaced octets are a problem: %s', async (_, charset, octets) => {
  expect(await text(charset, octets)).toBe(
    `The text has octets that are not valid ${charset}; they are shown as "\ufffd" (U+FFFD).`,
  );
  expect(await text(charset, octets, 'text/html')).toMatch(/^The HTML has octets/);
});

test.each([
  ['a replacement character that was sent', 'utf-8', 'a\xef\xbf\xbdb'],
  ['the same in GB18030', 'gb18030', '\x84\x31\xa4\x37'],
  ['the same in UTF-16', 'utf-16le', '\xfd\xff'],
  ['a byte order mark', 'utf-8', '\xef\xbb\xbfa'],
  ['octets that windows-1252 leaves out', 'windows-1252', '\x81\x8d'],
  ['all octets of Latin-1', 'iso-8859-1', '\x80\xff'],
  ['Japanese', 'iso-2022-jp', '\x1b$B$3$s\x1b(B'],
  ['Korean', 'iso-2022-kr', '\x1b$)C\x0e0!\x0f'],
  ['a DOS code page', 'cp437', '\x80\x81\xff'],
  ['what nobody declared', 'us-ascii', 'Gr\xfc\xdfe'],
])('no problem: %s', async (_, charset, octets) => {
  expect(await text(charset, octets)).toBe(null);
});

test('octets are checked after transfer decoding, and the part is named', async () => {
  const part = (encoding: string, body: string) =>
    `--B\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`;
  const of = (...parts: string[]) =>
    problemOf(`Content-Type: multipart/mixed; boundary=B\r\n\r\n${parts.join('')}--B--\r\n`);
  expect(await of(part('7bit', 'fine'), part('quoted-printable', 'Gr=FC=DFe'))).toMatch(/^Part 2: the text has octets/);
  expect(await of(part('base64', '/w=='), part('quoted-printable', '=EF=BF=BD'))).toMatch(/^Part 1: the text has/);
});

test('a text cut at the limit may end inside a character', async () => {
  expect(await text('utf-8', `a${'\xc3\xbc'.repeat(2_200_000)}`)).toBe(
    'The text is longer than 4 MiB and was cut there. The mail has more than 262,144 characters of text; the rest of it is not searched, and one-time codes are not looked for in it.',
  );
});

const IN_HEADER = 'The header has octets that are not valid in their charset; they are shown as "\ufffd" (U+FFFD).';

test.each([
  ['a subject', 'Subject: =?utf-8?Q?Gr=FC=DFe?='],
  ['a name', 'From: =?Shift_JIS?B?gyA=?= <a@x.test>'],
  ['any other field', 'X-Note: =?gb18030?Q?=FF=FF?='],
  ['the name of a file', 'Content-Disposition: attachment; filename="=?utf-8?Q?=FF?="'],
  ['the same as of RFC 2231', "Content-Disposition: attachment; filename*=utf-8''%FF"],
])('in the header: %s', async (_, field) => {
  expect(await problemOf(`${field}\r\n\r\nHello\r\n`)).toBe(IN_HEADER);
});

test('in the header of a part', async () => {
  const raw = `Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Disposition: attachment; filename*=utf-8''%FF\r\n\r\nx\r\n--B--\r\n`;
  expect(await problemOf(raw)).toBe(`Part 1: the header${IN_HEADER.slice('The header'.length)}`);
});

test.each([
  ['a replacement character that was sent', 'Subject: =?utf-8?Q?=EF=BF=BD?='],
  ['a character that is cut between two words', 'Subject: =?utf-8?Q?=C3?= =?utf-8?Q?=BC?='],
  ['UTF-8 without encoding', 'Subject: \xef\xbf\xbd'],
  ['an unknown charset, which stays as it is', 'Subject: =?nosuch?Q?=FF?='],
])('no problem in the header: %s', async (_, field) => {
  expect(await problemOf(`${field}\r\n\r\nHello\r\n`)).toBe(null);
});
