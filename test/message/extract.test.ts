import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContent } from '../../server/message/content.ts';
import { extract } from '../../server/message/extract.ts';
import { nothing } from '../../server/message/unparsed.ts';
import { mail } from './incoming.ts';

const none = { subject: null, text: null, html: null, headers: [] };

describe('from octets to codes', () => {
  test('a sign-in mail in two bodies, quoted-printable, with an encoded subject and an inline logo', async () => {
    const { content } = await parseContent(
      mail(`From: Laden <no-reply@laden.test>
To: ada@example.org
Subject: =?utf-8?Q?482913_ist_dein_Best=C3=A4tigungscode?=
List-Unsubscribe: <https://laden.test/u?id=7>,
 <mailto:leave@laden.test>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hallo Ada,

dein Best=C3=A4tigungscode lautet 482=
913.

Oder klicke hier: https://laden.test/login?t=3Dabc&u=3D1

--b
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<p><img src=3D"cid:logo@laden.test" alt=3D"Laden"></p><p>dein Best=E4tigungs=
code</p><h1>482 913</h1><p><a href=3D"https://laden.test/login?t=3Dabc&amp;u=
=3D1">Anmelden</a></p>
--b--
`),
    );
    expect(content).toMatchObject({
      code: '482913',
      codes: [{ code: '482913', reason: 'after "Bestätigungscode" in the text' }],
      links: [
        { url: 'https://laden.test/login?t=abc&u=1', text: 'Anmelden', source: 'html' },
        { url: 'https://laden.test/login?t=abc&u=1', text: 'https://laden.test/login?t=abc&u=1', source: 'text' },
      ],
      images: ['cid:logo@laden.test'],
      unsubscribe: ['https://laden.test/u?id=7', 'mailto:leave@laden.test'],
    });
  });

  test('ISO-2022-JP, with full-width digits', async () => {
    const body = "\x1b$B3NG'%3!<%I!'#4#8#2#9#1#3\x1b(B\n";
    const { content } = await parseContent(
      mail(
        `Subject: =?iso-2022-jp?B?GyRCM05HJyUzITwlSRsoQg==?=\nContent-Type: text/plain; charset=iso-2022-jp\n\n${body}`,
      ),
    );
    expect(content).toMatchObject({ text: '確認コード：４８２９１３\n', code: '482913' });
  });

  test('a newsletter in base64 has links and no code', async () => {
    const html =
      '<p>Save 20% with code SAVE20</p><a href="https://click.shop.test/1200?x=1&amp;y=2">Shop now</a>© 2026';
    const { content } = await parseContent(
      mail(`Subject: Sale\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n
${Buffer.from(html).toString('base64')}\n`),
    );
    expect(content).toMatchObject({
      code: null,
      codes: [],
      links: [{ url: 'https://click.shop.test/1200?x=1&y=2', text: 'Shop now', source: 'html' }],
    });
  });

  test('a mail from a form, without a body', async () => {
    const { content } = await parseContent(mail('Subject: 771 230 is your Shop passcode\n\n'));
    expect(content).toMatchObject({
      code: '771230',
      codes: [{ code: '771230', reason: 'before "passcode" in the subject' }],
      links: [],
    });
  });
});

test.each<[string, string, string]>([
  ['on its line', 'Your code is 482913', 'after "code" in the text'],
  ['in front', '482913 is your login code', 'before "login code" in the text'],
  ['on a line of its own', 'Your login code:\n\n482913', 'alone on its line below "login code" in the text'],
  ['above the words', '482913\nis your login code', 'alone on its line above "login code" in the text'],
])('the reason says where the code was found: %s', (_, text, reason) => {
  expect(extract({ ...none, text }).codes).toEqual([{ code: '482913', reason }]);
});

test('a code that occurs in two places wins over another', () => {
  const text = 'Your code: 482913\nYour code: 305518';
  expect(extract({ ...none, text })).toMatchObject({ code: null, codes: [{ code: '482913' }, { code: '305518' }] });
  expect(extract({ ...none, text, subject: '305518 is your code', html: 'Code: 305518' })).toMatchObject({
    code: '305518',
    codes: [{ code: '305518' }, { code: '482913' }],
  });
});

test('an empty mail has nothing', () => {
  expect(extract(none)).toEqual(nothing);
  expect(extract({ ...none, subject: '', text: '', html: '' })).toEqual(nothing);
});

describe('whatever the mail', () => {
  const soup = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...[
            '<a href="',
            "<a href='",
            '<a href=',
            '">',
            "'>",
            '>',
            '</a>',
            '<a',
            '<area href=https://x.test/ ',
            '<img src=',
          ],
          ...[
            '<!--',
            '-->',
            '<!-->',
            '<![if',
            '<script>',
            '</script>',
            '<template>',
            '</template>',
            '<td>',
            '<p>',
            '<br>',
            '</',
          ],
          ...[
            'https://x.test/',
            'mailto:a@x.test',
            '&amp;',
            '&#0;',
            '&#x110000;',
            '&copy=',
            '=',
            '"',
            "'",
            '<',
            '\0',
            '\ufdfa',
          ],
          ...[
            'Your code is ',
            '验证码',
            'OTP:',
            'order ',
            '482913',
            '482 913',
            'K7X2QP',
            'WDJB-MJHT',
            '2026',
            '٤٨٢٩',
            '\n',
            '\t',
            ' ',
            '](',
            ')',
            '[',
          ],
        ),
        fc.string({ unit: 'binary', maxLength: 8 }),
      ),
      { maxLength: 60 },
    )
    .map((pieces) => pieces.join(''));
  const field = fc.option(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 300 })));

  test('it never throws, and its result matches its type', () => {
    fc.assert(
      fc.property(field, field, field, fc.string(), (subject, text, html, value) => {
        const found = extract({ subject, text, html, headers: [{ name: 'List-Unsubscribe', value }] });
        for (const { url } of found.links) expect(url).toMatch(/^(?:https?:\/\/|mailto:)/i);
        for (const { code } of found.codes) expect(code).toMatch(/^[A-Za-z0-9]{4,15}$|^[A-Z]{1,3}-\d{4,8}$/);
        if (found.code !== null) expect(found.codes[0]?.code).toBe(found.code);
        expect(new Set(found.codes.map(({ code }) => code)).size).toBe(found.codes.length);
      }),
      { numRuns: 2000 },
    );
  });

  // Each of these took quadratic time in some mail program. With a megabyte that would be longer than the
  // timeout; in proportion to the mail it is a part of a second.
  test.each<[string, string]>([
    ['tags without an end', '<a href="https://x.test/'],
    ['quotes without an end', `<a b=' c="`],
    ['comments without an end', '<!-- <a '],
    ['scripts without an end', '<script><a href='],
    ['templates without an end', '<template>'],
    ['nested links', '<a href=https://x.test/>'],
    ['nested cells', '<table><tr><td>1'],
    ['blanks', ' \t'],
    ['blank lines', '\n'],
    ['codes on one line', 'code 482913 '],
    ['codes on lines of their own', 'code\n482913\n'],
    ['digits', '1'],
    ['digits with blanks', '1 '],
    ['digits in cells', '1\t'],
    ['letters and hyphens', 'A1B-'],
    ['words about codes', 'verification code '],
    ['letters that might begin a compound', 'bestellnumme'],
    ['URLs in brackets', '(https://x.test/)'],
    ['URLs without an end', '<https://x.test/'],
    ['opening brackets in a URL', 'https://x.test/([{'],
    ['Markdown', '[a](https://x.test/)'],
    ['addresses', 'a.b@'],
    ['references', '&amp;&#'],
    ['piled up accents', '\u0316\u0301'],
    ['a ligature of eighteen letters', '\ufdfa'],
    ['sentence ends', '.) '],
    ['decoration', '* > '],
  ])('a megabyte of %s', (_, unit) => {
    const much = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const headers = [{ name: 'List-Unsubscribe', value: much }];
    const found = extract({ subject: much, text: much, html: much, headers });
    expect(found.links.length).toBeLessThanOrEqual(2000);
    const lines = much.replaceAll(' ', '\n');
    expect(
      extract({ ...none, text: lines, html: `<pre href="${much}"><a href="${much}">` }).codes.length,
    ).toBeLessThanOrEqual(20);
  });
});
