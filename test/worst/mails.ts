/** Mails made to cost as much as they can. Each is made when it is wanted: together they would take much memory. */
export const mails: Readonly<Record<string, () => Buffer>> = {
  // Letters and marks: sorting the marks on one letter is quadratic.
  'marks in the text': () => text(MARKS.repeat(40_000)),
  'marks in the subject': () => header(`Subject: ${encoded(MARKS.repeat(2000))}`),
  'marks in many headers': () => header(...many(900, (i) => `X-${i}: ${encoded(MARKS.repeat(30))}`)),
  'marks in the HTML': () => html(`<p>${MARKS.repeat(60_000)}`),
  'short runs of marks': () => text(`a${MARKS.repeat(9)}`.repeat(9000)),
  'half-width kana marks': () => html('\uff9e'.repeat(200_000)),
  'letters that become eighteen': () => text('\ufdfa'.repeat(200_000)),
  'Hangul in pieces': () => text('\u1100\u1161\u11a8'.repeat(80_000)),
  'letters without case pairs': () => html('İıŞſẞ'.repeat(400_000)),
  'four bytes each': () => html('\u{1f600}'.repeat(500_000)),
  'lone surrogates in UTF-16': () => raw('Content-Type: text/plain; charset=utf-16le', Buffer.alloc(400_000, 0xd8)),
  // Headers and addresses.
  'a header of 256 KiB': () => header(`X-Long: ${'x'.repeat(262_000)}`),
  'a folded header of short lines': () => header(`X-Long: ${'a\r\n '.repeat(60_000)}`),
  'a folded header of 20 MB': () => header(`X-Long: x${'\n '.repeat(10_000_000)}`),
  '1,000 headers': () => header(...many(1000, (i) => `X-${i}: ${'y'.repeat(200)}`)),
  '50,000 headers': () => header(...many(50_000, (i) => `X-${i}: y`)),
  'encoded words': () => header(`Subject: ${many(3500, () => encoded('ж'.repeat(15))).join('\r\n ')}`),
  'encoded words of gb18030': () => header(`Subject: ${'=?gb18030?Q?=81=30=81=30?=\r\n '.repeat(8000)}`),
  'beginnings of encoded words': () => header(`Subject: ${'=?'.repeat(120_000)}`),
  'encoded words of an unknown charset': () => header(`Subject: ${'=?x-none?B?4pyT?= '.repeat(12_000)}`),
  'encoded words of as many unknown charsets': () =>
    header(`Subject: ${many(23_000, (i) => `=?${i.toString(36)}?q??=`).join('')}`),
  'encoded words of unknown charsets in 900 fields': () =>
    header(...many(900, (i) => `X-${i}: ${many(20, (j) => `=?${(20 * i + j).toString(36)}?q??= y`).join('')}`)),
  'encoded words of unknown charsets in names': () =>
    header(`To: ${many(12_000, (i) => `=?%${i.toString(36)}?q?y?= <a>`).join(',')}`),
  'encoded words in 300 names': () =>
    header(`To: ${many(300, (i) => `=?utf-8?B?${'w6nD'.repeat(10)}?= <u${i}@x.test>`).join(',\r\n ')}`),
  'encoded words of two charsets by turns': () =>
    header(`Subject: ${many(13_000, (i) => `=?${['gb18030', 'big5'][i % 2]}?q?=81?=`).join('')}`),
  'encoded words of rare charsets by turns': () =>
    header(
      ...['Subject', 'From', 'To', 'Cc'].map((name) => `${name}: ${'=?utf-7?q?+AGE-?= =?cp437?q?=81?= '.repeat(1600)}`),
    ),
  'an encoded word of escapes': () => header(`Subject: =?utf-8?Q?${'=41'.repeat(80_000)}?=`),
  'an encoded word of padding': () => header(`Subject: =?utf-8?B?${'QQ=A'.repeat(60_000)}?=`),
  'question marks': () => header(`Subject: =?utf-8?Q?${'?'.repeat(250_000)}`),
  '10,000 addresses': () => header(`To: ${many(10_000, (i) => `a${i}@x.test`).join(', ')}`),
  '3,000 addresses with names': () =>
    header(`To: ${many(3000, (i) => `${encoded(`Ж${i}`)} <a${i}@x.test>`).join(',\r\n ')}`),
  'groups in groups': () => header(`To: ${'g:'.repeat(120_000)}`),
  'comments in comments': () => header(`To: ${'('.repeat(250_000)}`),
  'comments that end': () => header(`To: ${'('.repeat(120_000)}${')'.repeat(120_000)} a@b.test`),
  'quoted strings': () => header(`To: ${'"a" '.repeat(60_000)}`),
  'backslashes in quotes': () => header(`To: "${'\\'.repeat(250_000)}`),
  'angle brackets': () => header(`From: ${'<'.repeat(250_000)}`),
  'angle brackets for recipients': () => header(`To: ${'<'.repeat(250_000)}`),
  'angle brackets around comments': () => header(`To: ${'<()'.repeat(80_000)}`),
  'empty addresses': () => header(...['To', 'Cc', 'Bcc', 'Reply-To'].map((name) => `${name}: ${'<>,'.repeat(20_000)}`)),
  'one word to each address': () => header(`Cc: ${'a . '.repeat(60_000)}@b.test`),
  'a domain of labels': () => header(`From: a@${'x.'.repeat(100_000)}test`),
  'a domain of Chinese labels': () => header(`From: a@${'例.'.repeat(50_000)}test`),
  '50,000 References': () => header(...many(50_000, () => 'References: <x@y.test>')),
  'one long Message-ID': () => header(`Message-ID: <${'a.'.repeat(120_000)}@x.test>`),
  'a date of spaces': () => header(`Date: ${' '.repeat(250_000)}Mon`),
  'a date of numbers': () => header(`Date: ${'1 '.repeat(120_000)}`),
  'a date of comments': () => header(`Date: ${'(a) '.repeat(60_000)}`),
  'List-Unsubscribe': () => header(`List-Unsubscribe: ${'<http://a>,'.repeat(20_000)}`),
  // MIME.
  '1,000 attachments': () => mixed(many(1000, (i) => `Content-Disposition: attachment; filename=f${i}.txt\r\n\r\nx`)),
  '30,000 parts': () => mixed(many(30_000, () => 'Content-Type: text/plain\r\n\r\nx')),
  '1,000 parts of long names': () =>
    mixed(many(300, () => `Content-Disposition: attachment; filename="${'n'.repeat(20_000)}"\r\n\r\nx`)),
  '200 names of marks': () =>
    mixed(many(200, () => `Content-Disposition: attachment; filename="${MARKS.repeat(1000)}"\r\n\r\nx`)),
  '500 levels': () => nested(500),
  '20,000 levels': () => nested(20_000),
  'boundaries that nearly match': () =>
    mixed([`Content-Type: text/plain\r\n\r\n${'--b \r\n--bb\r\n'.repeat(100_000)}`]),
  '20,000 parameters of the mail': () =>
    header(`Content-Type: text/plain; ${many(15_000, (i) => `p${i}="=?${i}?q??="`).join('; ')}`),
  'parameters in unknown charsets': () =>
    header(`Content-Disposition: attachment; ${many(15_000, (i) => `f${i}*=%${i}''a`).join('; ')}`),
  'long Received lines': () => header(...many(500, (i) => `Received: from ${'(a '.repeat(160)}by x.test; ${i}`)),
  'parameters in pieces': () =>
    mixed([`Content-Type: text/plain; ${many(20_000, (i) => `name*${i}*=a`).join('; ')}\r\n\r\nx`]),
  'a mail in a mail in a mail': () => raw(...rfc822(300)),
  'short base64 lines': () =>
    raw('Content-Transfer-Encoding: base64\r\nContent-Type: application/zip; name=a', 'QQ==\r\n'.repeat(400_000)),
  'broken quoted-printable': () => raw('Content-Transfer-Encoding: quoted-printable', '='.repeat(3_000_000)),
  'quoted-printable of escapes': () => raw('Content-Transfer-Encoding: quoted-printable', '=41'.repeat(1_000_000)),
  uuencode: () => raw('Content-Transfer-Encoding: x-uuencode', `begin 644 a\r\n${'#0V%T\r\n'.repeat(200_000)}`),
  'uuencode of 4 MiB': () =>
    raw('Content-Transfer-Encoding: x-uuencode', `begin 644 a\r\n${'#0V%T\r\n'.repeat(600_000)}`),
  'empty lines': () => raw('', '\n'.repeat(4_000_000)),
  'lines of one char': () => raw('', 'x\r\n'.repeat(1_000_000)),
  'lines of a dot': () => raw('', '.\r\n'.repeat(1_000_000)),
  'one line of 8 MB': () => raw('', 'x'.repeat(8_000_000)),
  'format=flowed': () => raw('Content-Type: text/plain; format=flowed', '> > > x \r\n'.repeat(200_000)),
  // Charsets.
  'UTF-16 without a mark': () => raw('Content-Type: text/plain; charset=utf-16', Buffer.alloc(6_000_000, '\n\r')),
  'nothing that is Big5': () => raw('Content-Type: text/plain; charset=big5', Buffer.alloc(8_000_000, 0xff)),
  'an unknown charset': () => raw('Content-Type: text/plain; charset=euc-tw', Buffer.alloc(4_000_000, 0x8e)),
  // HTML.
  'nested tags': () => html('<b>'.repeat(200_000)),
  'closing tags': () => html('</b>'.repeat(500_000)),
  'an end tag with many attributes': () => html(`<b>x</b${' x=1'.repeat(1_000_000)}`),
  'an end tag with a long attribute': () => html(`<b>x</b x="${'>'.repeat(4_000_000)}`),
  'a table of 2 MB': () => html(`<table>${'<tr><td>x</td></tr>'.repeat(110_000)}`),
  'angle brackets in the HTML': () => html('<'.repeat(4_000_000)),
  'comments without end': () => html('<!--'.repeat(500_000)),
  'declarations without end': () => html('<!'.repeat(1_000_000)),
  attributes: () => html(`<a ${'x=1 '.repeat(500_000)}`),
  'quotes without end': () => html('<a href="'.repeat(200_000)),
  entities: () => html('&amp;'.repeat(600_000)),
  'entities without end': () => html('&#'.repeat(1_000_000)),
  'scripts without end': () => html('<script>'.repeat(300_000)),
  styles: () => html(`<style>${'a{b:url(c)}'.repeat(300_000)}</style>`),
  'drawings in drawings': () => html('<svg><desc>'.repeat(300_000)),
  'names in drawings': () => html(many(200_000, (i) => `<svg><t${i}>`).join('')),
  'shapes that end at once': () => html(`<svg>${'<g>'.repeat(500_000)}${'</g>'.repeat(200_000)}</svg><p>`),
  '20,000 links': () => html(many(20_000, (i) => `<a href="https://x.test/${i}">link ${i}</a>`).join('')),
  'links in links': () => html('<a href="https://x.test/">'.repeat(100_000)),
  '20,000 pictures': () => html(many(20_000, (i) => `<img src="cid:${i}@x">`).join('')),
  'one link of 3 MB': () => html(`<a href="https://x.test/${'a'.repeat(3_000_000)}">x</a>`),
  'cid: and nothing': () => html('cid:'.repeat(800_000)),
  // Links and codes in text.
  'http:// and nothing': () => text('http://'.repeat(400_000)),
  'a URL of brackets': () => text(`https://x.test/${'('.repeat(1_000_000)}`),
  'full stops after a URL': () => text(`https://x.test/${'.'.repeat(1_000_000)}`),
  numbers: () => text(many(200_000, (i) => `word${i} ${100_000 + i}`).join(' ')),
  'your code is': () => text('your code is '.repeat(200_000)),
  codes: () => text(many(100_000, (i) => `Your code: ${100_000 + (i % 900_000)}`).join('\n')),
  'letters and hyphens': () => text('A-'.repeat(1_000_000)),
  'mail addresses': () => text('a@b.test '.repeat(300_000)),
  'invisible letters': () => text('\u200c\u00ad\u2060'.repeat(400_000)),
  'white space': () => text(' \t\u00a0'.repeat(800_000)),
};

/** The mails that cost most to send over POP3. */
export const namesForPop3 = [
  'uuencode of 4 MiB',
  'empty lines',
  'lines of one char',
  'lines of a dot',
  'one line of 8 MB',
  '1,000 headers',
  'a mail in a mail in a mail',
] as const;

/** Marks of different classes by turns: their order has to be found out. */
export const MARKS = '\u0301\u0316\u0327';

export const encoded = (value: string) => `=?utf-8?B?${Buffer.from(value).toString('base64')}?=`;

export function many<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function raw(head: string, body: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`From: a@x.test\r\n${head}${head && '\r\n'}\r\n`), Buffer.from(body as string)]);
}

function header(...lines: string[]): Buffer {
  return raw(lines.join('\r\n'), 'body\r\n');
}

function text(body: string): Buffer {
  return raw('Content-Type: text/plain; charset=utf-8', body);
}

function html(body: string): Buffer {
  return raw('Content-Type: text/html; charset=utf-8', body);
}

function mixed(parts: readonly string[]): Buffer {
  return raw(
    'Content-Type: multipart/mixed; boundary=b',
    `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`,
  );
}

function nested(levels: number): Buffer {
  const open = many(levels, (i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`);
  return raw('Content-Type: multipart/mixed; boundary=b0', open.join(''));
}

function rfc822(levels: number): [string, string] {
  return ['Content-Type: message/rfc822', `Content-Type: message/rfc822\r\n\r\n`.repeat(levels)];
}
