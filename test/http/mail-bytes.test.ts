import { describe, expect, test } from 'vitest';
import { mailPolicy } from '../../server/http/answer/html-page.ts';
import { attachmentDisposition, cleanFilename, pictureType } from '../../server/http/answer/mail-bytes.ts';

describe('a name to save under', () => {
  const table: readonly [given: string, clean: string][] = [
    ['invoice.pdf', 'invoice.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['/abs/path', '_abs_path'],
    ['C:\\temp\\x.exe', 'C__temp_x.exe'],
    ['.bashrc', 'bashrc'],
    ['a\r\nSet-Cookie: x=1', 'aSet-Cookie_ x=1'],
    ['nul\0l.txt', 'null.txt'],
    ['cod.\u202Efdp.exe', 'cod.fdp.exe'],
    ['lone \ud800 half', 'lone  half'],
    ['Grüße 你好.txt', 'Grüße 你好.txt'],
    ['', 'unnamed'],
    ['...', 'unnamed'],
    ['x'.repeat(300), 'x'.repeat(200)],
    // File systems count octets.
    [`${'漢'.repeat(120)}.pdf`, `${'漢'.repeat(65)}.pdf`],
    [`${'😀'.repeat(100)}.tar.gz`, `${'😀'.repeat(49)}.gz`],
  ];
  test.each(table)('%j', (given, clean) => {
    expect(cleanFilename(given)).toBe(clean);
  });

  test('is sent in both forms (RFC 6266 §4.3)', () => {
    expect(attachmentDisposition('Grüße "1"%.txt')).toBe(
      `attachment; filename="Gr__e _1__.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20_1_%25.txt`,
    );
    expect(attachmentDisposition("it's (1)*.txt")).toMatch(/''it%27s%20%281%29_\.txt$/);
  });
});

describe('a picture is recognized by its bytes', () => {
  const table: readonly [bytes: Buffer, type: string | null][] = [
    [Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1'), 'image/png'],
    [Buffer.from('\xff\xd8\xff\xe0', 'latin1'), 'image/jpeg'],
    [Buffer.from('GIF89a'), 'image/gif'],
    [Buffer.from('RIFF\n\0\r\nWEBPVP8 ', 'latin1'), 'image/webp'],
    [Buffer.from('\0\0\0\x1cftypavif', 'latin1'), 'image/avif'],
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), null],
    [Buffer.from('<!doctype html><script>alert(1)</script>'), null],
    [Buffer.from('%PDF-1.7'), null],
    [Buffer.from('RIFF....WAVE'), null],
    [Buffer.from(''), null],
  ];
  test.each(table)('%#: %s', (bytes, type) => {
    expect(pictureType(bytes)).toBe(type);
  });
});

describe('the page of a mail', () => {
  test('loads remote content only if the reader allows it, and never runs anything', () => {
    expect(mailPolicy(false)).not.toMatch(/http/);
    expect(mailPolicy(true)).toMatch(
      /img-src 'self' data: https: http:;.*style-src 'unsafe-inline' https: http:;.*font-src data: https: http:/,
    );
    for (const policy of [mailPolicy(false), mailPolicy(true)]) {
      expect(policy).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';/);
      expect(policy).not.toMatch(/script|allow-same-origin|connect-src|frame-src|object-src/);
      expect(policy).toMatch(/form-action 'none'; base-uri 'none'; frame-ancestors 'self'/);
    }
  });
});
