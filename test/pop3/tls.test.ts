import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { play } from '../net/play.ts';
import { aCertificate, aPop3, mailOf } from './a-pop3.ts';

describe('TLS', () => {
  test('after STLS everything starts again (RFC 2595 §4)', async () => {
    await using pop3 = await aPop3({ tls: await aCertificate() });
    await pop3.deliver('a: 1\r\n');
    const heard = await play(
      pop3.port,
      `
      S: +OK *
      C: CAPA
      S-until: STLS
      S-until: .
      C: USER ada
      S: +OK *
      C: STLS
      S: +OK begin the TLS handshake
      -- tls --
      C: PASS x
      S: -ERR USER comes first
      C: CAPA
      S-until: .
      C: STLS
      S: -ERR TLS is already active
      C: USER ada
      C: PASS x
      C: RETR 1
      C: QUIT
      S-until: a: 1
      S-until: +OK goodbye
      S-eof:
    `,
    );
    expect(heard.filter((line) => line === 'STLS').length).toBe(1);
  });

  test('from the first octet', async () => {
    await using pop3 = await aPop3({ tls: await aCertificate(), implicitTls: true });
    await play(pop3.port, 'S: +OK Mailstop POP3 ready *\nC: STLS\nS: -ERR *\nC: QUIT\nS: +OK *\nS-eof:', { tls: true });
  });

  test('commands in one packet with STLS are dropped', async () => {
    await using pop3 = await aPop3({ tls: await aCertificate() });
    await play(
      pop3.port,
      `
      S: +OK *
      C-raw: "STLS\\r\\nUSER mallory\\r\\nBOGUS\\r\\nPASS"
      S: +OK *
      -- tls --
      C: PASS x
      S: -ERR USER comes first
      C: USER ada
      S: +OK *
      C: PASS x
      S: +OK 0 messages *
      C: QUIT
      S: +OK *
    `,
    );
  });

  test.each([false, true])('garbage instead of a handshake does no harm (implicit: %s)', async (implicitTls) => {
    await using pop3 = await aPop3({ tls: await aCertificate(), implicitTls });
    const socket = connect(pop3.port, '127.0.0.1').on('error', () => {});
    if (!implicitTls) {
      socket.write('STLS\r\n');
      for (let heard = ''; !heard.includes('begin'); ) heard += String((await once(socket, 'data'))[0]);
    }
    socket.resume().write('this is no handshake\r\n'.repeat(100));
    await once(socket, 'close');
    await play(pop3.port, 'S: +OK *\nC: QUIT\nS: +OK *', { tls: implicitTls });
    expect(pop3.logged).toMatchObject([
      {
        event: 'pop3 connection lost',
        fields: { stage: 'TLS handshake', reason: expect.stringContaining('plain text') },
      },
    ]);
  });

  test('a handshake that never comes times out', async () => {
    await using pop3 = await aPop3({ tls: await aCertificate(), implicitTls: true, times: { handshake: 1 } });
    const socket = connect(pop3.port, '127.0.0.1').on('error', () => {});
    await once(socket.resume(), 'close');
  });

  test('stopping the server ends handshakes, too', async () => {
    const hour = 3_600_000;
    const pop3 = await aPop3({ tls: await aCertificate(), times: { handshake: hour, grace: hour } });
    const socket = connect(pop3.port, '127.0.0.1').on('error', () => {});
    socket.write('STLS\r\n');
    for (let heard = ''; !heard.includes('begin'); ) heard += String((await once(socket, 'data'))[0]);
    await Promise.all([pop3[Symbol.asyncDispose](), once(socket.resume(), 'close')]);
  });

  test('a large mail arrives whole over TLS, even if the client reads slowly', async () => {
    await using pop3 = await aPop3({ tls: await aCertificate(), implicitTls: true });
    const mail = mailOf(20_000_000);
    await pop3.deliver(mail);
    const socket = connectTls({ port: pop3.port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.write('USER ada\r\nPASS x\r\nRETR 1\r\nQUIT\r\n');
    const chunks: Buffer[] = [];
    // An async iterator takes a chunk, and stops the flow until it wants the next.
    for await (const chunk of socket) chunks.push(chunk);
    const heard = Buffer.concat(chunks);
    const from = heard.indexOf('octets\r\nSubject') + 'octets\r\n'.length;
    expect(heard.subarray(from, from + mail.length).equals(mail)).toBe(true);
    expect(heard.subarray(from + mail.length).toString()).toBe('.\r\n+OK goodbye\r\n');
  });

  test('needs a valid certificate', async () => {
    const broken = { key: 'nonsense', cert: 'nonsense' };
    await expect(aPop3({ tls: broken })).rejects.toMatchObject({ code: 'bad-config' });
    await expect(aPop3({ implicitTls: true })).rejects.toMatchObject({ code: 'bad-config' });
  });
});
