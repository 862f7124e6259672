import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { loadTls } from '../../server/net/tls.ts';
import { needs } from '../needs.ts';
import { CLIENT_HELLO, leave, leavings } from '../net/leaving.ts';
import { play } from '../net/play.ts';
import { catchMail, HELLO, TO_DATA } from './sandbox.ts';

const tls = await loadTls({ mode: 'auto' });
const LOST = 'smtp connection lost';
const PEER = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
const HELLO_TALK = ['220', 'EHLO a\r\n', '250 ', ''];
const DATA_TALK = [
  ...HELLO_TALK.slice(0, 2),
  '250 ',
  'MAIL FROM:<>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n',
  '354',
  'half a mail',
];

describe.each(leavings)('a client that leaves with %s', (how) => {
  test.each([
    ['in DATA', DATA_TALK, 'DATA', /the incomplete mail was discarded \(11 octets\)$/],
    [
      'between MAIL and DATA',
      [...HELLO_TALK, '', 'MAIL FROM:<>\r\n', '2.1.0', ''],
      'between MAIL and DATA',
      /^the client/,
    ],
    [
      'in a STARTTLS handshake',
      [...HELLO_TALK, '', 'STARTTLS\r\n', '2.0.0', CLIENT_HELLO],
      'TLS handshake',
      /^the client/,
    ],
    ['before a STARTTLS handshake', [...HELLO_TALK, '', 'STARTTLS\r\n', '2.0.0', ''], 'TLS handshake', /^the client/],
  ])('%s is logged once', async (_, talk, stage, reason) => {
    await using smtp = await catchMail({ tls });
    await leave(smtp.port, talk, how);
    const reasonAsWords = expect.stringMatching(reason);
    expect(await smtp.log.heard(LOST, 1)).toEqual([{ peer: PEER, stage, reason: reasonAsWords }]);
    // The next log line shows that nothing else was logged.
    await play(smtp.port, `${TO_DATA} C: .\n S: 250 *\n C: QUIT\n S: 221 *\n S-eof:`);
    expect(smtp.log.of(LOST)).toHaveLength(1);
    expect(smtp.mails).toHaveLength(1);
  });

  test('in a handshake on the TLS port is logged once', async () => {
    await using smtp = await catchMail({ tls, implicitTls: true });
    await leave(smtp.port, ['', CLIENT_HELLO], how);
    expect(await smtp.log.heard(LOST, 1)).toMatchObject([{ peer: PEER, stage: 'TLS handshake' }]);
  });

  test.each([false, true])(
    'without sending anything is a port check, which is not logged (TLS: %s)',
    async (implicitTls) => {
      await using smtp = await catchMail({ tls, implicitTls });
      await leave(smtp.port, [], how);
      await play(smtp.port, `${HELLO} C: QUIT\n S: 221 *\n S-eof:`, { tls: implicitTls });
      await smtp.stop();
      expect(smtp.log.entries).toEqual([]);
    },
  );
});

test('clean ends are not logged: QUIT, QUIT without waiting for the answer, and closing between two mails', async () => {
  await using smtp = await catchMail();
  await play(smtp.port, `${HELLO} C: QUIT\n S: 221 *\n S-eof:`);
  await leave(smtp.port, [...HELLO_TALK, '', 'QUIT\r\n'], 'RST');
  await leave(smtp.port, HELLO_TALK, 'FIN');
  await smtp.stop();
  expect(smtp.log.entries).toEqual([]);
});

// Of Linux, as is the list of descriptors.
needs('prlimit')('100 clients that leave in a handshake keep no descriptors', async () => {
  const descriptors = () => readdirSync('/proc/self/fd').length;
  await using starttls = await catchMail({ tls });
  await using smtps = await catchMail({ tls, implicitTls: true });
  const before = descriptors();
  for (const how of leavings) {
    const talk = [...HELLO_TALK, '', 'STARTTLS\r\n', '2.0.0', CLIENT_HELLO];
    await Promise.all(Array.from({ length: 50 }, () => leave(starttls.port, talk, how)));
    await Promise.all(Array.from({ length: 50 }, () => leave(smtps.port, ['', CLIENT_HELLO], how)));
  }
  // The client's side closes before the server's.
  while (descriptors() > before) await new Promise((resolve) => setImmediate(resolve));
  // The flood is logged as a count.
  await starttls.stop();
  expect(starttls.log.of(LOST).flatMap(({ more }) => more ?? [])).toEqual([40, 40]);
});

describe('deadlines are logged with what was missing', () => {
  test('a command', async () => {
    await using smtp = await catchMail({ times: { command: 20 } });
    await play(smtp.port, `${HELLO} S: 421 *\n S-eof:`);
    const reason = 'a command did not come within 0.02 s';
    expect(await smtp.log.heard(LOST, 1)).toEqual([{ peer: PEER, stage: 'waiting for a command', reason }]);
  });

  test('the end of a mail', async () => {
    await using smtp = await catchMail({ times: { data: 20 } });
    await play(smtp.port, `${TO_DATA} S: 421 *\n S-eof:`);
    const reason = 'the end of the mail did not come within 0.02 s';
    expect(await smtp.log.heard(LOST, 1)).toEqual([{ peer: PEER, stage: 'DATA', reason }]);
  });

  test.each([false, true])('a handshake (TLS from the start: %s)', async (implicitTls) => {
    await using smtp = await catchMail({ tls, implicitTls, times: { handshake: 20 } });
    const socket = connect(smtp.port, '127.0.0.1').on('error', () => {});
    if (!implicitTls) socket.write('EHLO a\r\nSTARTTLS\r\n');
    // It waits for the greeting, like a client without TLS.
    for await (const _ of socket);
    const reason = expect.stringMatching(/^it took longer than 0.02 s; .* does not speak TLS$/);
    expect(await smtp.log.heard(LOST, 1)).toEqual([{ peer: PEER, stage: 'TLS handshake', reason }]);
  });
});

test('an overlong line is logged', async () => {
  await using smtp = await catchMail();
  await play(smtp.port, `${HELLO} C: ${'x'.repeat(20_000)}\n S: 421 5.5.2 *\n S-eof:`);
  const reason = 'a line was longer than 16384 octets';
  expect(await smtp.log.heard(LOST, 1)).toEqual([{ peer: PEER, stage: 'waiting for a command', reason }]);
});

describe('clients that speak something else', () => {
  test.each(['cut', 'whole'])('TLS on the plain port ends at once, and the log says what to set (%s)', async (cut) => {
    await using smtp = await catchMail();
    const hello = cut === 'cut' ? CLIENT_HELLO.subarray(0, 1) : CLIENT_HELLO;
    await leave(smtp.port, ['', hello, 'nothing more comes', ''], 'FIN');
    const reason = expect.stringMatching(
      /STARTTLS needs --tls auto.*--smtps-port.*smtplib\.SMTP, not SMTP_SSL; yagmail/,
    );
    expect(await smtp.log.heard(LOST, 1)).toMatchObject([{ peer: PEER, reason }]);
  });

  test('a client of nodemailer with `secure` set fails quickly', async () => {
    await using smtp = await catchMail({ tls });
    const transport = createTransport({ host: '127.0.0.1', port: smtp.port, secure: true });
    await expect(transport.sendMail({ from: 'a@x.test', to: 'b@x.test', text: 'x' })).rejects.toThrow();
    const reason = expect.stringContaining('set it to STARTTLS or no TLS');
    expect(await smtp.log.heard(LOST, 1)).toMatchObject([{ peer: PEER, reason }]);
  });

  test.each([
    'QUERY / HTTP/1.1',
    'host: x.test',
    'POST / HTTP/1.1',
    'GET http://x.test/ HTTP/1.0',
    'CONNECT x.test:25 HTTP/1.1',
    'PRI * HTTP/2.0',
    'POST\t/\tHTTP/1.1',
    'ANY \v\f/path  HTTP/1.0',
    'host:\tx.test',
    'Host :x.test',
  ])('%s ends at once, so that no web page can send mail through a browser', async (request) => {
    await using smtp = await catchMail();
    const mail = 'EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@x.test>\r\nDATA\r\nevil\r\n.\r\n';
    const heard = await leave(
      smtp.port,
      ['220', `${request}\r\nContent-Type: text/plain\r\n\r\n${mail}`, 'nothing more comes', ''],
      'FIN',
    );
    expect(heard).not.toMatch(/^250/m);
    const reason = expect.stringContaining('HTTP request');
    expect(await smtp.log.heard(LOST, 1)).toMatchObject([{ peer: PEER, reason }]);
    expect(smtp.mails).toEqual([]);
  });

  test.each([
    ['EHLO a\r\n', 'plain text where TLS was expected'],
    ['GET / HTTP/1.1\r\n\r\n', 'HTTP request where mail over TLS was expected'],
    ['\x16\x03\x01\0\x05hello', 'not TLS'],
  ])('%j on the TLS port is named', async (say, words) => {
    await using smtp = await catchMail({ tls, implicitTls: true });
    await leave(smtp.port, ['', say, 'nothing more comes', ''], 'FIN');
    const reason = expect.stringContaining(words);
    expect(await smtp.log.heard(LOST, 1)).toMatchObject([{ peer: PEER, stage: 'TLS handshake', reason }]);
  });

  test('a client that does not trust the certificate is told what to do', async () => {
    await using smtp = await catchMail({ tls, implicitTls: true });
    const transport = createTransport({ host: 'localhost', port: smtp.port, secure: true });
    await expect(transport.sendMail({ from: 'a@x.test', to: 'b@x.test', text: 'x' })).rejects.toThrow(/self-signed/);
    const [end] = await smtp.log.heard(LOST, 1);
    expect(JSON.stringify(end)).not.toMatch(/routines|alert|ssl3/i);
  });
});
