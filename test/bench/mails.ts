/** A mail as sent after DATA: dot-stuffed, with the final dot (RFC 5321 §4.5.2). */
export interface WireMail {
  readonly name: string;
  readonly body: Buffer;
}

const HEADER = [
  'Date: Mon, 05 Oct 2026 14:02:07 +0200',
  'From: The shop <no-reply@shop.example>',
  'To: Ada Lovelace <ada@example.org>',
  'Message-ID: <20261005140207.4711@shop.example>',
  'Subject: Your order is on its way',
  'MIME-Version: 1.0',
];

/** A note in plain text. */
const plain = (octets: number) =>
  [
    ...HEADER,
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...lines(octets, 'Hello Ada, your order has left us.'),
  ].join('\r\n');

/** A newsletter: a table of products in HTML, with the plain text beside it. */
function newsletter(octets: number): string {
  const row =
    '<tr><td style="padding:4px 8px">Tea, loose, 250 g</td><td><a href="https://shop.example/t">=E2=82=AC 7</a></td></tr>';
  return [
    ...HEADER,
    'Content-Type: multipart/alternative; boundary="=_part"',
    '',
    '--=_part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Hello Ada, your order has left us.',
    '--=_part',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<!doctype html><html><body><table>',
    ...lines(octets - 900, row),
    '</table></body></html>',
    '--=_part--',
  ].join('\r\n');
}

/** A note with a file. */
function attachment(octets: number): string {
  const line = Buffer.alloc(57, 'mailstop').toString('base64');
  return [
    ...HEADER,
    'Content-Type: multipart/mixed; boundary="=_part"',
    '',
    '--=_part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Hello Ada, here is your invoice.',
    '--=_part',
    'Content-Type: application/pdf; name="invoice.pdf"',
    'Content-Disposition: attachment; filename="invoice.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    ...lines(octets - 700, line),
    '--=_part--',
  ].join('\r\n');
}

function lines(octets: number, line: string): readonly string[] {
  return Array.from({ length: Math.ceil(octets / (line.length + 2)) }, () => line);
}

export const wire = (name: string, mail: string): WireMail => ({ name, body: Buffer.from(`${mail}\r\n.\r\n`) });

export const mails = {
  small: wire('3 KB text', plain(3_000)),
  medium: wire('5 KB text', plain(5_000)),
  needle: wire('5 KB text with a word of its own', `${plain(5_000)}\r\nThe haystackneedle is here.`),
  html: wire('30 KB HTML', newsletter(30_000)),
  large: wire('1.4 MB attachment', attachment(1_400_000)),
} as const;
