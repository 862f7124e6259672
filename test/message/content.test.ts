import { describe, expect, test } from 'vitest';
import { parseContent } from '../../server/message/content.ts';
import { mail, mailFile } from './incoming.ts';

const contentOf = async (raw: Buffer) => (await parseContent(raw)).content;

describe('mails as real programs write them', () => {
  test('text, HTML, an inline image and an attachment with a name in two scripts', async () => {
    const { content, parts } = await parseContent(mailFile('nodemailer-html-inline-image'));
    expect(content).toMatchObject({
      text: 'Bonjour Ada,\n\nvoici le lien.\n',
      attachments: [
        {
          index: 0,
          filename: 'logo.png',
          contentType: 'image/png',
          contentId: 'logo@shop.test',
          inline: true,
          size: 70,
        },
        {
          index: 1,
          filename: 'Rechnung für März – 請求書.pdf',
          contentType: 'application/pdf',
          contentId: null,
          inline: false,
        },
      ],
      searchText: 'Bonjour Ada, voici le lien. Bonjour Ada, voici le lien. logo',
      preview: 'Bonjour Ada, voici le lien.',
      problem: null,
    });
    expect(content.html).toMatch(/^<html><head>.*src="cid:logo@shop.test" alt="logo"><\/body><\/html>$/);
    expect(content.headers[0]).toEqual({ name: 'From', value: '"Shop, The" <no-reply@shop.test>' });
    expect(parts[0]?.subarray(1, 4).toString()).toBe('PNG');
    expect(parts[1]?.toString()).toBe('%PDF-1.4 not really');
  });

  test('a file name in pieces (RFC 2231 §3)', async () => {
    const { content, parts } = await parseContent(mailFile('python-attachment'));
    const name = 'Übersicht mit einem sehr langen Namen, der nach RFC 2231 in Stücke geteilt werden muss.bin';
    expect(content).toMatchObject({
      text: 'Hällo\n',
      html: '<p>Hällo</p>\n',
      attachments: [{ filename: name }],
      problem: null,
    });
    expect(parts).toEqual([Buffer.from([0, 1, 2])]);
  });

  test('ISO-2022-JP', async () => {
    expect(await contentOf(mailFile('python-iso-2022-jp'))).toMatchObject({
      text: 'これは日本語の本文です。\n',
      html: null,
    });
  });

  test('UTF-8 in 8 bits', async () => {
    expect(await contentOf(mailFile('python-smtputf8'))).toMatchObject({ text: 'Привет\n', preview: 'Привет' });
  });

  test('8-bit text without a charset', async () => {
    expect(await contentOf(mailFile('php-8bit-latin1'))).toMatchObject({ text: 'Grüße aus Köln\n', problem: null });
  });

  test('an invitation: the calendar is a file, not a text', async () => {
    const { text, html, attachments } = await contentOf(mailFile('nodemailer-invitation'));
    expect([text, html]).toEqual(['Come to lunch', '<p>Come to lunch</p>']);
    expect(attachments.map(({ contentType }) => contentType)).toEqual(['text/calendar', 'application/ics']);
  });

  test('an attached mail is a file named after its subject, even inline', async () => {
    const { content, parts } = await parseContent(mailFile('nodemailer-forwarded'));
    expect(content).toMatchObject({
      text: 'See below',
      attachments: [{ filename: 'Grüße.eml', contentType: 'message/rfc822' }],
    });
    expect(parts[0]?.toString()).toContain('Inner text');
  });

  test('a bounce: the report is read, the returned mail is a file', async () => {
    const { text, attachments } = await contentOf(mailFile('postfix-bounce'));
    expect(text).toContain('This is the mail system at host mx.example.');
    expect(text).toContain('Final-Recipient: rfc822; nobody@example.net');
    expect(attachments.map(({ filename }) => filename)).toEqual(['Your order 42.eml']);
  });

  test('texts around a file are joined; a text with a file name is a file', async () => {
    const { text, attachments } = await contentOf(mailFile('apple-mail-mixed'));
    expect(text).toBe('Before the file.\n\nAfter the file.\n');
    expect(attachments).toMatchObject([{ filename: 'notes.txt', contentType: 'text/plain', inline: false }]);
  });

  test('an mbox separator in front', async () => {
    expect((await contentOf(mailFile('cron'))).text).toBe('/etc/cron.daily/logrotate: error\n');
  });
});

test.each<[string, string, object]>([
  ['text alone, without any header', 'Hello\nthere\n', { text: 'Hello\nthere\n', html: null, headers: [] }],
  ['nothing', '', { text: '', html: null, attachments: [], preview: '', problem: null }],
  [
    'HTML alone',
    'Content-Type: text/html\n\n<p>Hi&nbsp;<b>Ada</b>',
    { text: null, html: '<p>Hi&nbsp;<b>Ada</b>', preview: 'Hi Ada', searchText: 'Hi Ada' },
  ],
  [
    'an attachment alone',
    'Content-Type: application/pdf; name=a.pdf\n\n%PDF',
    { text: null, attachments: [{ filename: 'a.pdf', size: 4 }] },
  ],
  ['an unknown charset', 'Content-Type: text/plain; charset=x-klingon\n\nHello', { text: 'Hello' }],
  ['a charset that only mailparser knows', 'Content-Type: text/plain; charset=cp437\n\n\x81', { text: 'ü' }],
  ['windows-1252', 'Content-Type: text/plain; charset=windows-1252\n\n\x93hi\x94', { text: '“hi”' }],
  ['flowed text (RFC 3676)', 'Content-Type: text/plain; format=flowed\n\none \ntwo\n', { text: 'one two\n' }],
  [
    'two subjects stay two headers',
    'Subject: a\nSubject: b\n\n',
    {
      headers: [
        { name: 'Subject', value: 'a' },
        { name: 'Subject', value: 'b' },
      ],
    },
  ],
  [
    'a content type that is none',
    'Content-Type: x<script>/y\nContent-Disposition: attachment\n\nhi',
    { attachments: [{ contentType: 'application/octet-stream' }] },
  ],
  [
    'a boundary that is nowhere',
    'Content-Type: multipart/mixed; boundary=x\n\nHello',
    { text: 'Hello', problem: 'No parts were found in the body, so it is shown as received.' },
  ],
  [
    'parts that are never closed',
    'Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHello\n--x\nContent-Type: a/b\n\nfile',
    { text: 'Hello', attachments: [{ size: 4 }], problem: 'The final boundary is missing; the mail may be cut off.' },
  ],
])('%s', async (_, text, content) => {
  expect(await contentOf(mail(text))).toMatchObject(content);
});

test.each(['UTF-7', 'utf7', 'unicode-1-1-utf-7', 'U.T.F-7', 'utf-7-imap'])(
  '%s is never decoded to markup',
  async (charset) => {
    const { html } = await contentOf(
      mail(`Content-Type: text/html; charset="${charset}"\n\n+ADw-script+AD4-alert(1)&ADw-b&AD4-`),
    );
    expect(html).toBe('+ADw-script+AD4-alert(1)&ADw-b&AD4-');
  },
);

describe('which parts the HTML shows', () => {
  const related = (html: string, header: string) =>
    mail(
      `Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n${html}\n--x\nContent-Type: image/png\n${header}\n\npng\n--x--\n`,
    );

  test.each<[string, string, string, boolean]>([
    ['by its Content-ID', '<img src="cid:a@x">', 'Content-ID: <a@x>', true],
    ['without quotes', '<img src=cid:a@x>', 'Content-ID: <a@x>', true],
    ['in a style', '<p style="background: url(cid:a@x)">', 'Content-ID: <a@x>', true],
    ['escaped as a URL', '<img src="cid:a%40x">', 'Content-ID: <a@x>', true],
    ['escaped as HTML', '<img src="cid:a&amp;b">', 'Content-ID: <a&b>', true],
    ['a broken escape', '<img src="cid:100%">', 'Content-ID: <100%>', true],
    ['another Content-ID', '<img src="cid:b@x">', 'Content-ID: <a@x>', false],
    ['an inline image beside the HTML', '<p>', 'Content-Disposition: inline', true],
    ['an attached image beside the HTML', '<p>', 'Content-Disposition: attachment; filename=a.png', false],
  ])('%s', async (_, html, header, inline) => {
    expect((await contentOf(related(html, header))).attachments).toMatchObject([{ inline }]);
  });
});

test('file names: paths are kept, line ends are removed', async () => {
  const part = (name: string) => `--x\nContent-Type: a/b\nContent-Disposition: attachment; filename="${name}"\n\n.\n`;
  const names = ['../../etc/passwd', '/abs', 'C:\\\\x', '=?utf-8?q?a=0D=0Ab=00c?='];
  const { attachments } = await contentOf(
    mail(`Content-Type: multipart/mixed; boundary=x\n\n${names.map(part).join('')}--x--\n`),
  );
  expect(attachments.map(({ filename }) => filename)).toEqual(['../../etc/passwd', '/abs', 'C:\\x', 'a b c']);
});

describe('limits', () => {
  test.each<[string, 'text' | 'html', string, string]>([
    ['a long text', 'text', 'plain', '0123456\n'],
    ['a long HTML', 'html', 'html', '0123456\n'],
    ['a long text in Cyrillic', 'text', 'plain', 'Привет\n'],
  ])('%s is cut at 4 MiB, and the content says so', async (_, field, type, line) => {
    const content = await contentOf(Buffer.from(`Content-Type: text/${type}\r\n\r\n${line.repeat(700_000)}`));
    expect(Buffer.byteLength(content[field] ?? '')).toBeGreaterThan(4_194_300);
    expect(Buffer.byteLength(content[field] ?? '')).toBeLessThan(4_194_310);
    expect(content.problem).toContain(
      `The ${field === 'html' ? 'HTML' : 'text'} is longer than 4 MiB and was cut there.`,
    );
    expect(content.searchText.length).toBeLessThanOrEqual(262_144);
  });

  test('it is not cut inside a character', async () => {
    const half = `--x\nContent-Type: text/plain; charset=utf-8\n\na${'\u{1f600}'.repeat(1_040_000)}\n`;
    const { text } = await contentOf(
      Buffer.from(`Content-Type: multipart/mixed; boundary=x\n\n${half.repeat(3)}--x--\n`),
    );
    expect(text).toHaveLength(4_194_304 - 1);
    expect(Buffer.from(text ?? '').toString()).toBe(text);
  });

  test('so are many texts with a long total', async () => {
    const part = `--x\n\n${'0123456\n'.repeat(400_000)}\n`;
    const content = await contentOf(
      Buffer.from(`Content-Type: multipart/mixed; boundary=x\n\n${part.repeat(2)}--x--\n`),
    );
    expect(content.text).toHaveLength(4_194_304);
    expect(content.problem).toContain('The text is longer than 4 MiB and was cut there.');
  });

  test('of too many parts, the first 1,000 are read', async () => {
    const part = '--x\nContent-Type: a/b\n\n.\n';
    const { content, parts } = await parseContent(
      mail(`Content-Type: multipart/mixed; boundary=x\n\n${part.repeat(3000)}--x--\n`),
    );
    expect(parts).toHaveLength(999);
    expect(content.attachments).toHaveLength(999);
    expect(content.problem).toBe('The mail has more than 1,000 parts; the rest of it was not read.');
  });

  test.each<[string, string, string]>([
    [
      'addresses of a kind',
      `To: ${'<a@x.test>,\n '.repeat(1000)}<b@x.test>\n\n`,
      'The header block has more than 1,000 addresses in one kind of field, or 40,000 words and commas in addresses; the rest were not read.',
    ],
    [
      'words in addresses',
      `To: ${'a b c '.repeat(20_000)}<b@x.test>\n\n`,
      'The header block has more than 1,000 addresses in one kind of field, or 40,000 words and commas in addresses; the rest were not read.',
    ],
    [
      'links in the HTML',
      `Content-Type: text/html\n\n${Array.from({ length: 1001 }, (_, n) => `<a href="https://x.test/${n}">`).join('')}`,
      'The HTML has more than 1,000 links; the rest are not listed.',
    ],
    [
      'pictures',
      `Content-Type: text/html\n\n${Array.from({ length: 1001 }, (_, n) => `<img src="${n}.png">`).join('')}`,
      'The HTML has more than 1,000 pictures; the rest are not listed.',
    ],
    [
      'links in the text',
      `Subject: x\n\n${Array.from({ length: 1001 }, (_, n) => `https://x.test/${n}\n`).join('')}`,
      'The text has more than 1,000 links; the rest are not listed.',
    ],
    [
      'parameters',
      `Content-Type: a/b${'; p=1'.repeat(1000)}; name=a.bin\n\n`,
      'A field of the header has more than 1,000 parameters; the rest were not read.',
    ],
    [
      'URLs to unsubscribe',
      `List-Unsubscribe: ${Array.from({ length: 21 }, (_, n) => `<https://x.test/${n}>`).join(',\n ')}\n\n`,
      'List-Unsubscribe has more than 20 URLs; the rest are not listed.',
    ],
    [
      'warnings',
      `Content-Type: multipart/mixed; boundary=x\n\n${'--x\nA: b\rC: d\n\n\n'.repeat(51)}--x--\n`,
      'The mail has more than 50 warnings; the rest are not listed.',
    ],
  ])('of too many %s, the rest is left out, and the content says so', async (_, text, problem) => {
    expect((await contentOf(mail(text))).problem).toBe(problem);
  });

  const longUrl = `https://x.test/${'a'.repeat(8192)}`;
  const longHtml = `Content-Type: text/html\n\n`;
  const word = 'word '.repeat(30_000);
  test.each<[string, string, string | null]>([
    [
      'a link in the HTML',
      `${longHtml}<a href="${longUrl}">A</a>`,
      'The HTML has links of more than 8,192 characters, which are not listed.',
    ],
    [
      'a URL in the text of the HTML',
      `${longHtml}<p>${longUrl}</p>`,
      'The HTML has links of more than 8,192 characters, which are not listed.',
    ],
    [
      'a link in the text',
      `Subject: x\n\n${longUrl}`,
      'The text has links of more than 8,192 characters, which are not listed.',
    ],
    [
      'a link in brackets, on many lines,',
      `Subject: x\n\n<https://x.test/\n${`${'a'.repeat(70)}\n`.repeat(120)}>`,
      'The text has links of more than 8,192 characters, which are not listed.',
    ],
    [
      'a URL to unsubscribe',
      `List-Unsubscribe: <${longUrl}>\n\n`,
      'List-Unsubscribe has URLs of more than 8,192 characters, which are not listed.',
    ],
    [
      'the URL of a picture',
      `${longHtml}<img src="${longUrl.slice(0, 2049)}">`,
      'The HTML has pictures with URLs of more than 2,048 characters, which are not listed.',
    ],
    ['the picture, when it is in its URL', `${longHtml}<img src="data:image/png;base64,${'A'.repeat(4000)}">`, null],
    [
      'a subject',
      `Subject: ${'a'.repeat(16_385)}\n\n`,
      'The subject, the Message-ID, a name or an address has more than 16,384 characters and was cut there; the header has all of it.',
    ],
    [
      'a name',
      `From: ${'a'.repeat(16_385)} <a@x.test>\n\n`,
      'The subject, the Message-ID, a name or an address has more than 16,384 characters and was cut there; the header has all of it.',
    ],
    [
      'the text',
      `Subject: x\n\n${word}${word}`,
      'The mail has more than 262,144 characters of text; the rest of it is not searched, and one-time codes are not looked for in it.',
    ],
    [
      'the text of the HTML',
      `${longHtml}${word}<p>${word}`,
      'The mail has more than 262,144 characters of text; the rest of it is not searched, and one-time codes are not looked for in it.',
    ],
    [
      'the text together with that of the HTML',
      `Content-Type: multipart/alternative; boundary=x\n\n--x\n\n${word}\n--x\n${longHtml}${word}\n--x--\n`,
      'The mail has more than 262,144 characters of text; the rest of it is not searched.',
    ],
    [
      'the name of a file with a gap',
      'Content-Type: a/b; name*0=a; name*2=.pdf\n\n',
      'A header parameter lacks a piece (RFC 2231 §3); the pieces after it were not read.',
    ],
  ])('what is left out of %s is reported', async (_, text, problem) => {
    expect(await contentOf(mail(text))).toMatchObject({ problem, links: [], unsubscribe: [] });
  });

  test('exactly the limits give no problem', async () => {
    const thousand = (one: (n: number) => string) => Array.from({ length: 1000 }, (_, n) => one(n)).join('');
    const html = thousand((n) => `<a href="https://x.test/${n}"><img src="${n}.png">`);
    const again = '<a href="https://x.test/0"><img src="0.png">';
    const header = `To: ${thousand(() => '<a@x.test>,\n ')}\nContent-Type: text/html${'; p=1'.repeat(1000)}`;
    const content = await contentOf(mail(`${header}\n\n${html}${again}`));
    expect(content).toMatchObject({ problem: null, links: { length: 1000 }, images: { length: 1000 } });
  });

  test('a header block over 256 KiB', async () => {
    const content = await contentOf(mail(`Subject: a\n${'References: <x@y.test>\n'.repeat(50_000)}\nHello`));
    expect(content).toMatchObject({
      text: 'Hello',
      problem: 'The header block has more than 256 KiB or 1,000 fields; the rest of it was not read.',
    });
    expect(content.headers).toHaveLength(1000);
  });
});

test('a skipped step loses only what it would have read', async () => {
  const raw = Buffer.from(
    'Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee https://x.test/\r\n' +
      '--b\r\nContent-Type: text/html\r\n\r\n<p>Hello\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n',
  );
  const steps: string[] = [];
  const { content: all } = await parseContent(raw, (step) => steps.push(step) > 0);
  for (const [at, last] of steps.entries()) {
    let left = at;
    const { content } = await parseContent(raw, () => left-- > 0);
    expect([last, content.headers]).toEqual([last, all.headers]);
    expect([last, content.text, content.html, content.attachments.length]).toEqual([
      last,
      at > 0 ? all.text : null,
      at > 1 ? all.html : null,
      at > 2 ? 1 : 0,
    ]);
    expect([last, content.links]).toEqual([last, []]);
  }
  expect(steps).toContain('its links and codes');
});

test('a hidden preheader is the preview, as in mail programs, and can be searched, but gives no code', async () => {
  const html = '<p style="display:none">Your code is 111111</p><p>Your code is 482913</p>';
  const { content } = await parseContent(Buffer.from(`Content-Type: text/html\r\n\r\n${html}`));
  expect(content.preview).toBe('Your code is 111111 Your code is 482913');
  expect(content.searchText).toContain('111111');
  expect(content.codes.map(({ code }) => code)).toEqual(['482913']);
});
