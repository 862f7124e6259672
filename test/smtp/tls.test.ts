import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { loadTls } from '../../server/net/tls.ts';
import { play } from '../net/play.ts';
import { catchMail, HELLO, TO_DATA } from './sandbox.ts';

const tls = await loadTls({ mode: 'auto' });
const HOUR = 3_600_000;

describe('STARTTLS (RFC 3207)', () => {
  test('is offered, and the mail records that it was used', async () => {
    await using smtp = await catchMail({ tls });
    await play(
      smtp.port,
      `
      S: 220 *
      C: EHLO plain.test
      S-until: 250-STARTTLS
      S-until: 250 *
      C: STARTTLS
      S: 220 2.0.0 *
      -- tls --
      C: MAIL FROM:<a@x.test>
      S: 503 5.5.1 *
      C: EHLO secure.test
      S-until: 250 SIZE *
      C: STARTTLS
      S: 503 5.5.1 *
      C: MAIL FROM:<a@x.test>
      S: 250 *
      C: RCPT TO:<b@x.test>
      S: 250 *
      C: DATA
      S: 354 *
      C: .
      S: 250 *
      C: QUIT
      S: 221 *
      S-eof:
    `,
    );
    expect(smtp.mail().peer).toMatchObject({
      helo: 'secure.test',
      protocol: 'ESMTPS',
      tls: { protocol: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/), servername: null },
      username: null,
    });
  });

  test('is not offered over TLS or without a certificate', async () => {
    await using secure = await catchMail({ tls });
    await using plain = await catchMail();
    const over = await play(secure.port, `${HELLO} C: STARTTLS\n S: 220 *\n -- tls --\n C: EHLO a\n S-until: 250 *`);
    expect(over.filter((line) => line.includes('STARTTLS'))).toHaveLength(1);
    expect((await play(plain.port, HELLO)).filter((line) => line.includes('STARTTLS'))).toEqual([]);
  });

  test('is optional: plain mail and AUTH still work', async () => {
    await using smtp = await catchMail({ tls });
    await play(
      smtp.port,
      `${HELLO} C: AUTH PLAIN AGIAYw==\n S: 235 *\n ${TO_DATA.slice(HELLO.length)} C: .\n S: 250 *`,
    );
    expect(smtp.mail().peer).toMatchObject({ protocol: 'ESMTPA', username: 'b', tls: null });
  });

  test('resets the session (§4.2)', async () => {
    await using smtp = await catchMail({ tls });
    await play(
      smtp.port,
      `${HELLO}
      C: AUTH PLAIN AGIAYw==
      S: 235 *
      C: MAIL FROM:<a@x.test>
      S: 250 *
      C: STARTTLS
      S: 220 *
      -- tls --
      C: EHLO a
      S-until: 250 *
      C: RCPT TO:<b@x.test>
      S: 503 5.5.1 *
      C: MAIL FROM:<c@x.test>
      S: 250 *
      C: RCPT TO:<d@x.test>
      S: 250 *
      C: DATA
      S: 354 *
      C: .
      S: 250 *
    `,
    );
    expect(smtp.mail()).toMatchObject({
      envelope: { from: { address: 'c@x.test' } },
      peer: { protocol: 'ESMTPS', username: null },
    });
  });

  test('discards plain text after the command', async () => {
    await using smtp = await catchMail({ tls });
    await play(
      smtp.port,
      `${HELLO}
      C: STARTTLS
      C: EHLO evil.test
      C: MAIL FROM:<evil@x.test>
      C: RCPT TO:<evil@x.test>
      S: 220 *
      -- tls --
      C: NOOP
      S: 250 2.0.0 OK
      C: EHLO good.test
      S: 250-mailstop greets *
      S-until: 250 *
      C: RCPT TO:<b@x.test>
      S: 503 5.5.1 *
    `,
    );
  });

  test('takes no argument', async () => {
    await using smtp = await catchMail({ tls });
    await play(smtp.port, `${HELLO} C: STARTTLS now\n S: 501 5.5.4 *\n C: NOOP\n S: 250 *`);
  });
});

test('TLS from the first octet (RFC 8314)', async () => {
  await using smtp = await catchMail({ tls, implicitTls: true });
  const heard = await play(smtp.port, `${TO_DATA} C: Hi\n C: .\n S: 250 *`, { tls: true });
  expect(heard.filter((line) => line.includes('STARTTLS'))).toEqual([]);
  expect(smtp.mail()).toMatchObject({
    raw: Buffer.from('Hi\r\n'),
    peer: { protocol: 'ESMTPS', tls: { servername: null } },
  });
});

test('the name that the client asked for is kept', async () => {
  await using smtp = await catchMail({ tls, implicitTls: true });
  const socket = connect({ port: smtp.port, host: '127.0.0.1', servername: 'mail.x.test', rejectUnauthorized: false });
  socket.end('EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n.\r\nQUIT\r\n');
  await once(socket.resume(), 'close');
  expect(smtp.mail().peer.tls?.servername).toBe('mail.x.test');
});

for (const implicitTls of [false, true])
  describe(implicitTls ? 'SMTPS' : 'SMTP with STARTTLS', () => {
    const start = implicitTls ? '' : `${HELLO} C: STARTTLS\n S: 220 *\n -- packet --\n`;
    const alive = async (port: number) => play(port, HELLO, { tls: implicitTls });

    test('garbage instead of a handshake ends that connection only', async () => {
      await using smtp = await catchMail({ tls, implicitTls });
      await play(smtp.port, `${start} C: MAIL FROM:<a@x.test>\n C: no TLS at all\n`).catch(() => {});
      const socket = connectPlain(smtp.port, '127.0.0.1').on('error', () => {});
      socket.write(implicitTls ? 'GET / HTTP/1.0\r\n\r\n' : 'EHLO a\r\nSTARTTLS\r\n');
      for await (const data of socket)
        if (String(data).includes('220 2.0.0')) socket.write('\x16\x03\x01garbage\r\n'.repeat(9));
      await alive(smtp.port);
      expect(smtp.mails).toEqual([]);
    });

    test('a client that leaves in the middle of the handshake ends that connection only', async () => {
      await using smtp = await catchMail({ tls, implicitTls });
      for (let n = 0; n < 20; n++)
        await play(smtp.port, `${start} C-raw: "\\u0016\\u0003\\u0001"\n -- packet --\n C-reset:\n`);
      await alive(smtp.port);
    });

    test('a stalled handshake is ended', async () => {
      await using smtp = await catchMail({ tls, implicitTls, times: { handshake: 100 } });
      const socket = connectPlain(smtp.port, '127.0.0.1').on('error', () => {});
      if (!implicitTls) socket.write('EHLO a\r\nSTARTTLS\r\n');
      for await (const data of socket) if (String(data).includes('220 2.0.0')) socket.write('\x16\x03\x01');
    });

    test('stopping does not wait for a handshake', async () => {
      const smtp = await catchMail({ tls, implicitTls, times: { grace: HOUR } });
      const socket = connectPlain(smtp.port, '127.0.0.1').on('error', () => {});
      const closed = new Promise((resolve) => socket.once('close', resolve));
      if (!implicitTls) {
        socket.write('EHLO a\r\nSTARTTLS\r\n');
        for (let heard = ''; !heard.includes('220 2.0.0'); ) heard += String((await once(socket, 'data'))[0]);
      } else await once(socket, 'connect');
      socket.write('\x16\x03\x01');
      await smtp.stop();
      socket.resume();
      await closed;
    });
  });
