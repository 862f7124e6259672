import { randomBytes } from 'node:crypto';

const crlf = (text: string) => text.replace(/\r?\n/g, '\r\n');
const base64Lines = (octets: Buffer) => octets.toString('base64').replace(/.{76}/g, '$&\r\n');

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** Mails as clients send them, each ending in CRLF. */
export const samples: Readonly<Record<string, Buffer>> = {
  'bare text without headers': Buffer.from('Hello Bob\r\n'),

  'lines of dots': Buffer.from('Subject: dots\r\n\r\n.\r\n..\r\n...\r\n.a\r\n\r\n.\r\n'),

  'multipart with an inline image and an attachment with a non-ASCII name': Buffer.from(
    crlf(`From: =?utf-8?Q?Ad=C3=A0?= <ada@app.test>
To: Bob <bob@x.test>
Subject: =?utf-8?B?R3LDvMOfZQ==?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/related; boundary=inner

--inner
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Gr=C3=BC=C3=9Fe <img src=3D"cid:pixel">
.a line that begins with a dot
--inner
Content-Type: image/png
Content-ID: <pixel>
Content-Transfer-Encoding: base64

${PIXEL}
--inner--
--outer
Content-Type: application/octet-stream
Content-Disposition: attachment; filename*=utf-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.bin
Content-Transfer-Encoding: base64

AAECAw==
--outer--
`),
  ),

  'ISO-2022-JP': Buffer.from(
    'Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$BF|K\\\x1b(B\r\n',
  ),

  '8-bit text': Buffer.from(
    'Subject: caf\xe9\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nd\xe9j\xe0 vu\r\n',
    'latin1',
  ),

  'an attachment of 20 MB': Buffer.from(
    `Subject: large\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(randomBytes(20_000_000))}\r\n`,
  ),
};
