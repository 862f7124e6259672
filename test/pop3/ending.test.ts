import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { CLIENT_HELLO, leave, leavings } from '../net/leaving.ts';
import { play } from '../net/play.ts';
import { aCertificate, aPop3, mailOf } from './a-pop3.ts';

const tls = await aCertificate();
const LOST = 'pop3 connection lost';
const peer = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
const QUIT = 'S: +OK *\nC: QUIT\nS: +OK *\nS-eof:';

describe.each(leavings)('a client that leaves with %s', (how) => {
  test.each([
    ['in a handshake after STLS', ['+OK', 'STLS\r\n', 'begin', CLIENT_HELLO], false],
    ['before a handshake after STLS', ['+OK', 'STLS\r\n', 'begin', ''], false],
    ['in a handshake from the start', ['', CLIENT_HELLO], true],
  ])('%s is logged once', async (_, talk, implicitTls) => {
    await using pop3 = await aPop3({ tls, implicitTls });
    await leave(pop3.port, talk, how);
    const reason = expect.stringMatching(/^the client (closed|reset) the connection/);
    expect(await pop3.log.heard(LOST, 1)).toEqual([{ peer, stage: 'TLS handshake', reason }]);
    await play(pop3.port, QUIT, { tls: implicitTls });
    expect(pop3.log.entries).toHaveLength(1);
  });

  test.each([false, true])(
    'without sending anything is a port check, which is not logged (TLS: %s)',
    async (implicitTls) => {
      const pop3 = await aPop3({ tls, implicitTls });
      await leave(pop3.port, [], how);
      await play(pop3.port, QUIT, { tls: implicitTls });
      await pop3[Symbol.asyncDispose]();
      expect(pop3.logged).toEqual([]);
    },
  );

  test('without QUIT has deleted nothing, and the log says so', async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: 1\r\n');
    await leave(pop3.port, ['+OK', 'USER ada\r\nPASS x\r\nDELE 1\r\n', 'deleted', ''], how);
    const reason = expect.stringMatching(how === 'FIN' ? /without QUIT.*1 message marked/ : /reset the connection/);
    expect(await pop3.log.heard(LOST, 1)).toEqual([{ peer, stage: 'after the login', reason }]);
    expect(await pop3.left()).toHaveLength(1);
  });
});

test('a client that leaves in the middle of a mail is logged with what was being sent', async () => {
  await using pop3 = await aPop3();
  await pop3.deliver(mailOf(20_000_000));
  const socket = connect(pop3.port, '127.0.0.1').on('error', () => {});
  socket.write('USER ada\r\nPASS x\r\nRETR 1\r\n');
  while (socket.bytesRead < 100_000) await once(socket, 'data');
  socket.pause().resetAndDestroy();
  expect(await pop3.log.heard(LOST, 1)).toMatchObject([{ peer, stage: 'RETR' }]);
});

test('clean ends are not logged', async () => {
  const pop3 = await aPop3();
  await play(pop3.port, QUIT);
  await leave(pop3.port, ['+OK', 'QUIT\r\n'], 'RST');
  await leave(pop3.port, ['+OK', 'USER ada\r\nPASS x\r\n', 'messages', ''], 'FIN');
  await pop3[Symbol.asyncDispose]();
  expect(pop3.logged.map(({ event }) => event)).toEqual(['pop3 login']);
});

needs('prlimit')('100 clients that leave in a handshake keep no descriptors', async () => {
  // Of Linux, as is the list of descriptors.
  const descriptors = () => readdirSync('/proc/self/fd').length;
  await using stls = await aPop3({ tls });
  await using pop3s = await aPop3({ tls, implicitTls: true });
  const before = descriptors();
  for (const how of leavings) {
    const talk = ['+OK', 'STLS\r\n', 'begin', CLIENT_HELLO];
    await Promise.all(Array.from({ length: 50 }, () => leave(stls.port, talk, how)));
    await Promise.all(Array.from({ length: 50 }, () => leave(pop3s.port, ['', CLIENT_HELLO], how)));
  }
  await Promise.all([stls.log.heard(LOST, 1), pop3s.log.heard(LOST, 1)]);
  // The client's side closes before the server's.
  while (descriptors() > before) await new Promise((resolve) => setImmediate(resolve));
});

test('deadlines are logged with what was missing', async () => {
  await using silent = await aPop3({ times: { autologout: 20 } });
  await using handshake = await aPop3({ tls, implicitTls: true, times: { handshake: 20 } });
  for (const { port } of [silent, handshake]) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket.resume(), 'close');
  }
  expect(await silent.log.heard(LOST, 1)).toMatchObject([
    { peer, stage: 'before the login', reason: 'no command came, and no reply was read, within 0.02 s' },
  ]);
  expect(await handshake.log.heard(LOST, 1)).toMatchObject([
    { peer, stage: 'TLS handshake', reason: expect.stringMatching(/^it took longer than 0.02 s/) },
  ]);
});

describe('clients that speak something else', () => {
  test('TLS on the plain port ends at once, and the log says what to set', async () => {
    await using pop3 = await aPop3();
    await leave(pop3.port, ['', CLIENT_HELLO, 'nothing more comes', ''], 'FIN');
    const reason = expect.stringMatching(/STLS needs --tls auto.*--pop3s-port.*poplib\.POP3, not POP3_SSL/);
    expect(await pop3.log.heard(LOST, 1)).toEqual([{ peer, stage: 'before the login', reason }]);
  });

  test.each([
    `POST /${'a'.repeat(300)} HTTP/1.1`,
    `POST /${'a'.repeat(70_000)} HTTP/1.1`,
    'QUERY / HTTP/1.1',
    'ANY /path HTTP/1.0',
    'POST\t/\tHTTP/1.1',
    'ANY \v\f/path  HTTP/1.0',
    'host:\tx.test',
    'Host :x.test',
    'host: 127.0.0.1:1110',
  ])('%.30s… ends the session, and no command after it is executed', async (line) => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: 1\r\n');
    const socket = connect(pop3.port, '127.0.0.1');
    socket.on('error', () => {});
    let said = '';
    socket.on('data', (text) => {
      said += text;
    });
    socket.write(`${line}\r\nUSER ada\r\nPASS x\r\nDELE 1\r\nQUIT\r\n`);
    await once(socket, 'close');
    expect(said).toMatch(/^\+OK [^\n]+\n-ERR this is POP3, not HTTP\r\n$/);
    expect(await pop3.left()).toHaveLength(1);
  });

  test('an HTTP request ends at once, whatever commands are in its body', async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: 1\r\n');
    await play(
      pop3.port,
      `
      S: +OK *
      C: POST / HTTP/1.1
      C: USER ada
      C: PASS x
      C: DELE 1
      C: QUIT
      S: -ERR this is POP3, not HTTP
      S-eof:
    `,
    );
    expect(await pop3.log.heard(LOST, 1)).toMatchObject([{ peer, reason: expect.stringContaining('HTTP request') }]);
    expect(await pop3.left()).toHaveLength(1);
  });

  test.each([
    ['USER ada\r\n', 'plain text where TLS was expected'],
    ['GET / HTTP/1.1\r\n\r\n', 'HTTP request where mail over TLS was expected'],
  ])('%j on the TLS port is named', async (say, words) => {
    await using pop3 = await aPop3({ tls, implicitTls: true });
    await leave(pop3.port, ['', say, 'nothing more comes', ''], 'FIN');
    const reason = expect.stringContaining(words);
    expect(await pop3.log.heard(LOST, 1)).toEqual([{ peer, stage: 'TLS handshake', reason }]);
  });
});
