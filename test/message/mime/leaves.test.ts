import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContent } from '../../../server/message/content.ts';
import { unflowed } from '../../../server/message/mime/flowed.ts';
import { cpuMs, least } from '../../cpu.ts';

const parse = (raw: string) => parseContent(Buffer.from(raw, 'latin1'));
const contentOf = async (raw: string) => (await parse(raw)).content;
const mixed = (...parts: string[]) =>
  `Content-Type: multipart/mixed; boundary=B\n\n${parts.map((part) => `--B\n${part}\n`).join('')}--B--\n`;

describe('format=flowed (RFC 3676)', () => {
  test.each<[string, string, string]>([
    ['soft and hard line breaks', 'one \ntwo\nthree', 'one two\nthree'],
    ['space-stuffing', ' From me\n >no quote\n  two spaces', 'From me\n>no quote\n two spaces'],
    ['quotes', '> one \n> two\n>> three \n>> four\nfive', '> one two\n>> three four\nfive'],
    ['a change of depth ends a paragraph', '> one \ntwo', '> one \ntwo'],
    ['a signature is never joined', 'one \n-- \nAda \nBob', 'one \n-- \nAda Bob'],
    ['a quoted signature', '> one\n> -- \n> Ada', '> one\n> -- \n> Ada'],
    ['a soft break at the end', 'one \n', 'one '],
  ])('%s', (_, flowed, text) => {
    expect(unflowed(flowed, false)).toBe(text);
  });

  test('DelSp=yes: the space is not part of the text', async () => {
    const type = 'Content-Type: text/plain; format=Flowed; delsp=Yes; charset=utf-8';
    expect((await contentOf(`${type}\n\nTele \nfon\n`)).text).toBe('Telefon\n');
  });

  test('only for plain text', async () => {
    expect((await contentOf('Content-Type: text/html; format=flowed\n\na \nb')).html).toBe('a \nb');
  });
});

describe('uuencode', () => {
  const lines = 'begin 644 hi.txt\n%2&5L;&\\\n`\nend\n';

  test('a file in a text is taken out', async () => {
    const { content, parts } = await parse(`Subject: x\n\nBefore\n${lines}After\n`);
    expect(content).toMatchObject({
      text: 'Before\nAfter\n',
      attachments: [{ filename: 'hi.txt', size: 5, contentType: 'application/octet-stream', contentId: null }],
      problem: null,
    });
    expect(parts.map(String)).toEqual(['Hello']);
  });

  test('two of them, and one in quoted-printable', async () => {
    const encoded = lines.replaceAll('`', '=60').replaceAll('\n', '\r\n');
    const { content, parts } = await parse(`Content-Transfer-Encoding: quoted-printable\r\n\r\n${encoded}${encoded}`);
    expect(content).toMatchObject({ text: '', attachments: [{ index: 0 }, { index: 1 }] });
    expect(parts.map(String)).toEqual(['Hello', 'Hello']);
  });

  test.each([
    ['no end', lines.replace('end', 'END')],
    ['a line that is no uuencode', lines.replace('%2', 'Hello')],
    ['a line that is too long', lines.replace('%2', '%22222')],
    ['no mode', lines.replace('644 ', '')],
    ['prose', 'begin 644 things\nand end them\n'],
  ])('%s: it stays text', async (_, text) => {
    expect(await contentOf(`Subject: x\n\n${text}`)).toMatchObject({ text, attachments: [] });
  });

  test('at most 1,000 parts and files in texts are read; others stay text', async () => {
    const { content, parts } = await parse(`Subject: x\n\n${lines.repeat(60_000)}`);
    expect(parts).toHaveLength(999);
    expect(content.attachments).toHaveLength(999);
    expect(content.text).toHaveLength(lines.length * 59_001);
    expect(content.problem).toBe(
      'The mail has more than 1,000 parts and uuencoded files; the rest of the files stay in the text. The mail has more than 262,144 characters of text; the rest of it is not searched, and one-time codes are not looked for in it.',
    );
    const all = await contentOf(`Subject: x\n\n${lines.repeat(999)}`);
    expect(all).toMatchObject({ text: '', problem: null });
    const beside = await contentOf(mixed(`\n${lines.repeat(998)}`, `\n${lines}`));
    expect(beside.attachments).toHaveLength(997);
    expect(beside.text).toBe(`${lines}\n${lines}`);
    expect(beside.problem).toContain('Parts 1 and 2: the mail has');
  });

  test('as the encoding of a part', async () => {
    const part = `Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n\n${lines}`;
    const { content, parts } = await parse(mixed(part));
    expect(content).toMatchObject({ attachments: [{ filename: 'hi.txt', contentType: 'text/plain' }], problem: null });
    expect(parts.map(String)).toEqual(['Hello']);
    const broken = await contentOf(mixed(part.replace('end\n', '')));
    expect(broken.problem).toBe('Part 1: the uuencoded text is broken; what could be read of it is shown.');
  });
});

test.each<[string, string, string | null]>([
  ['an invitation', 'Content-Type: text/calendar; method=REQUEST', 'invite.ics'],
  ['a picture', 'Content-Type: image/jpeg', 'image.jpg'],
  ['a mail without a subject', 'Content-Type: message/rfc822', 'message.eml'],
  ['a name of the type', 'Content-Type: application/pdf; name=a.pdf', 'a.pdf'],
  ['the disposition first', 'Content-Type: a/b; name=a\nContent-Disposition: attachment; filename=b', 'b'],
  ['a description that is a file name', 'Content-Type: a/b\nContent-Description: report 2026.xlsx', 'report 2026.xlsx'],
  ['a description that is none', 'Content-Type: a/b\nContent-Description: Our report. See you', null],
  ['a location', 'Content-Type: image/gif\nContent-Location: https://x.test/img/logo.gif?v=1', 'logo.gif'],
  ['a location that is only a host', 'Content-Type: a/b\nContent-Location: https://x.test', null],
])('the name of %s', async (_, header, filename) => {
  expect((await contentOf(mixed(`${header}\n\n.`))).attachments).toMatchObject([{ filename }]);
});

describe('charsets', () => {
  test('UTF-7 is read as text', async () => {
    const { text, html, links } = await contentOf(
      'Content-Type: text/plain; charset=utf-7\n\nGr+APw-+AN8-e +ADw-a href+AD0-+ACI-http://x.test+ACI-+AD4-',
    );
    expect([text, html]).toEqual(['Grüße <a href="http://x.test">', null]);
    expect(links).toMatchObject([{ source: 'text' }]);
  });

  test.each([
    ['iso-2022-jp', '\x1b$BF|K\\\x1b(B', '日本'],
    ['iso-2022-kr', '\x1b$)C\x0eGQ1[\x0f', '한글'],
    ['gb18030', '\xd6\xd0\xce\xc4', '中文'],
    ['big5', '\xa4\xa4\xa4\xe5', '中文'],
    ['euc-kr', '\xc7\xd1\xb1\xdb', '한글'],
    ['ks_c_5601-1987', '\x8c\x63\xb9\xe6\xb0\xa2\xc7\xcf', '똠방각하'],
    ['iso-2022-kr', '\x1b$)C\x0eGQ\x0fA', '한A'],
    ['big5-hkscs', '\x87\x40', '䏰'],
    ['euc-jp', '\xc6\xfc\x8e\xb1', '日ｱ'],
    ['koi8-u', '\xf0\xd2\xc9\xd7\xa6\xd4', 'Привіт'],
    ['windows-1257', '\xe0', 'ą'],
    ['macintosh', '\x8a', 'ä'],
    ['cp850', '\x84', 'ä'],
    ["'UTF-8'", '\xc3\xa4', 'ä'],
  ])('%s is the same in a header and in a body', async (charset, octets, text) => {
    const word = `=?${charset.replaceAll("'", '')}?B?${Buffer.from(octets, 'latin1').toString('base64')}?=`;
    const content = await contentOf(`Subject: ${word}\nContent-Type: text/plain; charset="${charset}"\n\n${octets}`);
    expect([content.text, content.headers[0]?.value]).toEqual([text, text]);
    expect(content.problem).toBeNull();
  });

  test.each([
    ['big5', 'a\x80b', 'a\ufffdb'],
    ['euc-kr', 'a\x80b', 'a\ufffdb'],
    ['euc-jp', 'a\x80b', 'a\ufffdb'],
    ['utf-32le', 'a\0\0\0\0\xd8\0\0b\0\0\0', 'a\ufffdb'],
    ['utf-7', 'a+2AA-b', 'a\ufffdb'],
  ])('octets that are invalid in %s', async (charset, octets, text) => {
    const content = await contentOf(`Content-Type: text/plain; charset=${charset}\n\n${octets}`);
    expect(content.text).toBe(text);
    expect(content.problem).toBe(
      `The text has octets that are not valid ${charset}; they are shown as "\ufffd" (U+FFFD).`,
    );
  });
});

test.each<[string, string, string | null]>([
  ['a clean mail', mixed('Content-Transfer-Encoding: base64\n\nSGVsbG8=', '\nHi'), null],
  ['a preamble and an epilogue', `${mixed('\nHi').replace('--B', 'Preamble\n--B')}Epilogue\n`, null],
  [
    'characters in base64',
    mixed('Content-Transfer-Encoding: base64\n\nSGV*sbG8='),
    'Part 1: the base64 has characters that do not belong there; they were skipped.',
  ],
  [
    'base64 that was cut off',
    'Content-Transfer-Encoding: base64\n\nSGVsbG8',
    'The base64 is incomplete; the end may be missing.',
  ],
  [
    'what a mailing list adds to base64',
    'Content-Transfer-Encoding: base64\n\nSGVsbG8=\n-- \nThe list\n',
    'The base64 has characters that do not belong there; they were skipped.',
  ],
  ['base64 that was padded twice', 'Content-Transfer-Encoding: base64\n\nSGVsbG8=IHdvcmxk', null],
  [
    'a lone = in quoted-printable',
    'Content-Transfer-Encoding: quoted-printable\n\n1 + 1 = 2',
    'The quoted-printable has a "=" that escapes nothing; it was kept as it is.',
  ],
  ['a padded soft break', 'Content-Transfer-Encoding: quoted-printable\n\nsoft= \nbreak=\n', null],
  [
    'an unknown charset',
    'Content-Type: text/plain; charset=x-klingon\n\nHi',
    'The charset "x-klingon" is unknown, so the characters were guessed.',
  ],
  [
    'an unknown encoding',
    'Content-Transfer-Encoding: x-zip\n\nHi',
    'The Content-Transfer-Encoding is unknown; the octets are shown as received.',
  ],
  [
    'the same in several parts',
    mixed(...Array(5).fill('Content-Transfer-Encoding: x-zip\n\nHi')),
    'Parts 1, 2, 3 and 2 more: the Content-Transfer-Encoding is unknown; the octets are shown as received.',
  ],
  [
    'an inner multipart that is not closed',
    mixed('Content-Type: multipart/alternative; boundary=I\n\n--I\n\nHi'),
    'Part 1: the final boundary is missing; the part was ended at the boundary of an outer multipart.',
  ],
  ['an empty line first', '\nSubject: x\n\nHi', 'There are empty lines before the header block; they were skipped.'],
])('the problem of %s', async (_, raw, problem) => {
  expect((await contentOf(raw)).problem).toBe(problem);
});

test('the structure says where each part is and how it was used', async () => {
  const raw = mixed(
    'Content-Type: text/plain; charset=UTF-8; format=flowed\n\nHi',
    'Content-Type: image/png\nContent-ID: <logo@x>\nContent-Disposition: inline; filename="logo.png"\nContent-Transfer-Encoding: BASE64\n\nSGVsbG8=',
    'Content-Type: message/rfc822\n\nSubject: inner\n\nInner',
  );
  const { structure } = await contentOf(raw);
  expect(structure).toMatchObject({
    path: 'TEXT',
    contentType: 'multipart/mixed',
    parameters: { boundary: 'B' },
    headerAt: 0,
    end: raw.length,
    size: null,
    shownAs: null,
    attachment: null,
    problems: [],
  });
  expect(structure?.children).toMatchObject([
    { path: '1', parameters: { charset: 'UTF-8', format: 'flowed' }, encoding: '7bit', size: 2, shownAs: 'text' },
    {
      path: '2',
      disposition: 'inline',
      filename: 'logo.png',
      encoding: 'base64',
      contentId: 'logo@x',
      size: 5,
      shownAs: 'attachment',
      attachment: 0,
    },
    {
      path: '3',
      filename: 'inner.eml',
      attachment: 1,
      children: [{ path: '3.1', contentType: 'text/plain', size: null, shownAs: null, attachment: null }],
    },
  ]);
  const [first] = structure?.children ?? [];
  expect(raw.slice(first?.bodyAt, first?.end)).toBe('Hi');
});

test('a part that is declined is left out, and the rest is kept', async () => {
  const raw = Buffer.from(mixed('\none', 'Content-Type: a/b\n\nfile', '\ntwo'));
  const { content } = await parseContent(raw, (step) => step !== 'part 2');
  expect(content).toMatchObject({ text: 'one\ntwo', attachments: [] });
  expect(content.structure?.children[1]).toMatchObject({ contentType: 'a/b', shownAs: null });
});

test('any octets give a content', async () => {
  const token = fc.constantFrom(
    ...[
      '\n',
      '\n\n',
      '--B\n',
      '--B--\n',
      'SGVs',
      '=',
      '=41',
      '*',
      'begin 644 a\n',
      '%2&5L;&\\\n',
      '`\nend\n',
      '> a \n',
      '\xff',
    ],
    ...['Content-Type: multipart/mixed; boundary=B\n\n', 'Content-Type: message/rfc822\n\n'],
    ...['base64', 'quoted-printable', 'x-uuencode', 'x'].map((name) => `Content-Transfer-Encoding: ${name}\n`),
    ...['utf-7', 'utf-16', 'iso-2022-jp', 'iso-2022-kr', 'gb18030', 'base64', 'cp437', ''].map(
      (name) => `Content-Type: text/plain; format=flowed; charset=${name}\n`,
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(token, { maxLength: 30 }), async (tokens) => {
      const { content, parts } = await parse(tokens.join(''));
      expect(parts).toHaveLength(content.attachments.length);
      expect(content.structure).not.toBeNull();
    }),
    { numRuns: 1000 },
  );
});

test('a long run of blanks in quoted-printable is kept, except at the end of a line', async () => {
  const blanks = ' \t '.repeat(200);
  const raw = `Content-Transfer-Encoding: quoted-printable\n\n${blanks}a${blanks}b${blanks}\nc${blanks}=\n${blanks}d\n`;
  expect((await contentOf(raw)).text).toBe(`${blanks}a${blanks}b\nc${blanks}${blanks}d\n`);
});

const encoded = (encoding: string, part: string) => (octets: number) =>
  `Content-Type: a/b\nContent-Transfer-Encoding: ${encoding}\n\n${part.repeat(Math.floor(octets / part.length))}`;

describe('decoding takes linear time', () => {
  test.each<[string, (octets: number) => string]>([
    ['soft breaks', encoded('quoted-printable', '=\n')],
    ['lone =', encoded('quoted-printable', '=')],
    ['spaces at the ends of lines', encoded('quoted-printable', ' ')],
    ['spaces within a line', (octets) => `${encoded('quoted-printable', ' ')(octets)}x`],
    ['spaces and tabs within a line', (octets) => `${encoded('quoted-printable', ' \t')(octets)}x`],
    ['many long runs of spaces', encoded('quoted-printable', `${' '.repeat(30_000)}x`)],
    ['short lines of base64', encoded('base64', 'A=\n')],
    ['what is no base64', encoded('base64', '*')],
    ['beginnings of uuencode', (octets) => `Subject: x\n\n${'begin 644 a\n'.repeat(octets / 12)}`],
    ['uuencode without an end', encoded('x-uuencode', 'begin 644 a\n!a\n')],
    ['flowed lines', (octets) => `Content-Type: text/plain; format=flowed\n\n${'> \n'.repeat(octets / 3)}`],
    ['flowed quotes', (octets) => `Content-Type: text/plain; format=flowed\n\n${'>'.repeat(octets)}`],
    ['idle escapes', (octets) => `Content-Type: text/plain; charset=iso-2022-jp\n\n${'\x1b$B'.repeat(octets / 3)}`],
    ['shifts', (octets) => `Content-Type: text/plain; charset=iso-2022-kr\n\n${'\x0e'.repeat(octets)}`],
    ['UTF-7', (octets) => `Content-Type: text/plain; charset=utf-7\n\n${'+'.repeat(octets)}`],
  ])('%s', async (_, make) => {
    const [small, large] = [make(128 * 1024), make(1024 * 1024)].map((raw) => Buffer.from(raw, 'latin1'));
    const read = (raw: Buffer | undefined) =>
      cpuMs(() => parseContent(raw ?? Buffer.alloc(0), (step) => step.startsWith('part')));
    await read(small);
    // Quadratic work would take 64 times as long.
    const limit = 24 * Math.max(await least(5, () => read(small)), 5);
    expect(await least(limit, () => read(large))).toBeLessThan(limit);
  });
});
