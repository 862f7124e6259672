import { type WireMail, wire } from './mails.ts';

const HTML = 'Content-Type: text/html\r\n\r\n';

const groups = (count: number) => `To: ${'g:'.repeat(count)}`;

function nestedParts(depth: number): string {
  const open = Array.from(
    { length: depth },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
  );
  return `${open.join('')}\r\nin the middle`;
}

const parts = (count: number) =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(count)}--b--`;

/** Mails of at most 3 MB, each of which can freeze a parser without limits. */
export const worstMails: readonly WireMail[] = [
  wire('a table of 110,000 rows', `${HTML}<table>${'<tr><td>x</td></tr>\r\n'.repeat(110_000)}</table>`),
  wire('200,000 nested tags', `${HTML}${'<b>'.repeat(200_000)}x`),
  wire('100,000 unclosed tags in a head', `${HTML}<head>${'<a "'.repeat(100_000)}x`),
  wire('50,000 References', `${'References: <x@y.test>\r\n'.repeat(50_000)}\r\nx`),
  wire('one header line of 2 MB', `Subject: ${'x '.repeat(1_000_000)}\r\n\r\nx`),
  wire('120,000 groups in To', `${groups(120_000)}\r\n\r\nx`),
  wire(
    'the same in a part',
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${groups(120_000)}\r\n\r\nx\r\n--b--`,
  ),
  wire('20,000 parts', parts(20_000)),
  wire('5,000 parts within each other', nestedParts(5_000)),
  wire('1,000,000 empty lines', `Subject: empty lines\r\n\r\n${'\r\n'.repeat(1_000_000)}`),
];
