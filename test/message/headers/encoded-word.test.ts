import { describe, expect, test } from 'vitest';
import { parseContent } from '../../../server/message/content.ts';
import { decodeText, HeaderLimit } from '../../../server/message/headers/encoded-word.ts';

const latin1 = (octets: Buffer) => octets.toString('latin1');

test.each<[string, string, string]>([
  ['plain ASCII', 'Reset your password', 'Reset your password'],
  ['Q', '=?UTF-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=', 'Grüße an alle'],
  ['B', '=?utf-8?b?R3LDvMOfZQ==?=', 'Grüße'],
  ['B without padding', '=?utf-8?b?R3LDvMOfZQ?=', 'Grüße'],
  ['B with padding in the middle', '=?utf-8?b?R3I=w7zDn2U=?=', 'Grüße'],
  ['adjacent words are joined without the blank (RFC 2047 §6.2)', '=?utf-8?q?a?= \t =?utf-8?q?b?=', 'ab'],
  ['text between words keeps its blanks', '=?utf-8?q?a?= and =?utf-8?q?b?=', 'a and b'],
  ['a character cut in two by adjacent words', '=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=', 'Grüße'],
  ['a character cut in two between B and Q', '=?utf-8?b?R3LD?= =?utf-8?q?=BCn?=', 'Grün'],
  ['adjacent words of different charsets', '=?iso-8859-1?q?=FC?= =?utf-8?q?=C3=BC?=', 'üü'],
  ['a language (RFC 2231 §5)', '=?utf-8*de?q?Gr=C3=BCn?=', 'Grün'],
  ['ISO-2022-JP', '=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', '日本'],
  ['Shift_JIS', '=?Shift_JIS?B?k/qWew==?=', '日本'],
  ['GB18030', '=?gb18030?B?xOO6ww==?=', '你好'],
  ['GB2312', '=?gb2312?B?xOO6ww==?=', '你好'],
  ['Big5', '=?big5?B?p0Gmbg==?=', '你好'],
  ['EUC-KR under its Windows name', '=?ks_c_5601-1987?B?vsiz5w==?=', '안녕'],
  ['windows-1251', '=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=', 'Привет'],
  ['windows-1252', '=?windows-1252?Q?=93quoted=94?=', '“quoted”'],
  ['KOI8-R', '=?koi8-r?B?8NLJ18XU?=', 'Привет'],
  ['cp932, which the Encoding Standard lacks', '=?cp932?B?k/qWew==?=', '日本'],
  ['octets that nobody could name (Python)', '=?unknown-8bit?q?Gr=FCn?=', 'Grün'],
  ['an unknown charset stays as it is', 'a =?x-klingon?q?b?= c', 'a =?x-klingon?q?b?= c'],
  ['UTF-7, which is text here and never markup', '=?utf-7?q?+ADw-script+AD4-?=', '<script>'],
  ['a code page of DOS', '=?cp437?q?=81?=', 'ü'],
  ['KOI8-R', '=?koi8-r?b?8NLJ18XU?=', 'Привет'],
  ['Big5', '=?big5?b?pKSk5Q==?=', '中文'],
  ['EUC-KR', '=?euc-kr?b?x9Gx2w==?=', '한글'],
  ['ISO-2022-KR', '=?iso-2022-kr?b?GyQpQw5HUTFbDw==?=', '한글'],
  ['GB18030', '=?gb18030?b?1tDOxIEwhDY=?=', '中文\u00a5'],
  ['raw UTF-8 (RFC 6532)', latin1(Buffer.from('Привет 👋')), 'Привет 👋'],
  ['raw octets that are no UTF-8', 'Gr\xfc\xdfe', 'Grüße'],
  ['raw UTF-8 beside an encoded word', `${latin1(Buffer.from('ä'))} =?utf-8?q?=C3=BC?=`, 'ä ü'],
  ['blanks inside of a word', '=?utf-8?q?Hello big World?=', 'Hello big World'],
  ['a word stuck to its neighbour', 'Re:=?utf-8?q?=C3=BC?=!', 'Re:ü!'],
  ['a broken escape', '=?utf-8?q?100=ZZ?=', '100=ZZ'],
  ['no end', '=?utf-8?q?abc', '=?utf-8?q?abc'],
  ['an empty word', '=?utf-8?q??=', ''],
  ['an empty word in base64', '=?utf-8?B??=a=?utf-8?B?=?=', 'a'],
  ['no base64 at all (RFC 2047 §6.3)', '=?utf-8?B?!!!?= =?utf-8?B?YQ==?=', '=?utf-8?B?!!!?= a'],
  ['CR, LF and NUL become a blank', '=?utf-8?q?a=0D=0AX-Evil:_1=00b?=', 'a X-Evil: 1 b'],
  ['escape sequences for terminals', 'a\x1b[31mb', 'a [31mb'],
])('%s', (_, value, text) => {
  expect(decodeText(value)).toBe(text);
});

describe('of one header block, a generous number of words is decoded', () => {
  const words = (count: number, charset: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => `=?${charset(i)}?q?a?=`).join('');

  test('at most 3,000 words', () => {
    const limit = new HeaderLimit();
    expect(
      decodeText(
        words(2999, () => 'utf-8'),
        limit,
      ),
    ).toBe('a'.repeat(2999));
    expect([
      decodeText(
        words(1, () => 'utf-8'),
        limit,
      ),
      limit.problems,
    ]).toEqual(['a', []]);
    expect(decodeText('=?utf-8?q?a?=', limit)).toBe('=?utf-8?q?a?=');
    expect(limit.problems).toEqual([
      'The header block has more than 3,000 encoded words or 50 charsets; the rest are shown as received.',
    ]);
  });

  test('50 charsets, however they are written', () => {
    const limit = new HeaderLimit();
    expect(
      decodeText(
        words(100, (i) => (i % 2 ? 'UTF-8*en' : 'utf-8*de')),
        limit,
      ),
    ).toBe('a'.repeat(100));
    const unknown = words(49, (i) => `x-${i}`);
    expect([decodeText(unknown, limit), limit.problems]).toEqual([unknown, []]);
    expect(decodeText('=?latin1?q?a?= =?utf-8?q?a?=', limit)).toBe('=?latin1?q?a?= =?utf-8?q?a?=');
    expect(limit.problems).toEqual([expect.stringContaining('50 charsets')]);
  });

  test('the mail says so', async () => {
    const raw = Buffer.from(`Subject: ${words(3000, () => 'utf-8')}\r\nX-Last: =?utf-8?q?b?=\r\n\r\ntext`);
    const { content } = await parseContent(raw);
    expect(content.headers[1]).toEqual({ name: 'X-Last', value: '=?utf-8?q?b?=' });
    expect(content.problem).toContain('more than 3,000 encoded words');
  });
});
