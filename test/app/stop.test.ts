import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { aSandbox } from '../a-sandbox.ts';

const PLAIN = { host: '127.0.0.1', allowHalfOpen: true };
const HALF_A_MAIL = ['EHLO a', 'MAIL FROM:<a@x.test>', 'RCPT TO:<ada@x.test>', 'DATA', 'Subject: half', '', ''];
const RETRIEVAL = ['USER all', 'PASS x', 'RETR 1', ''];
const FEED = [
  'GET /api/feed HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${'A'.repeat(22)}==`,
  '',
  '',
];

test('all listeners stop at once, whatever holds up each of them, and what is acknowledged then is kept', async () => {
  const data = mkdtempSync(join(tmpdir(), 'mailstop-stop-'));
  try {
    const config = { data, tls: 'auto', smtpsPort: 0, pop3sPort: 0 } as const;
    const sandbox = await aSandbox(config);
    const { smtps, pop3s } = sandbox.about;
    const [smtp, pop3, http] = [sandbox.smtp.port, sandbox.pop3?.port ?? 0, sandbox.http.port];
    await fetch(`${sandbox.url}/api/messages?to=ada@x.test`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: `Subject: large\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(20_000)}`,
    });

    // One client on each listener that would use up the whole time a stop waits for it.
    const halfMails = await Promise.all([
      talk(connect({ ...PLAIN, port: smtp }), HALF_A_MAIL, '354'),
      talk(overTls(smtps?.port), HALF_A_MAIL, '354'),
    ]);
    const readers = await Promise.all([
      talk(connect({ ...PLAIN, port: pop3 }), RETRIEVAL, 'octets'),
      talk(overTls(pop3s?.port), RETRIEVAL, 'octets'),
      talk(connect({ ...PLAIN, port: http }), FEED, '101'),
    ]);
    for (const socket of readers) socket.pause();
    const greeted = await talk(connect({ ...PLAIN, port: pop3 }), [], '+OK');
    const afterGreeting = heardBy(greeted);

    const stopped = sandbox[Symbol.asyncDispose]();
    const ports = [smtp, smtps?.port, pop3, pop3s?.port, http];
    expect(await Promise.all(ports.map(outcomeOfConnecting))).toEqual(ports.map(() => 'ECONNREFUSED'));
    greeted.write('USER ada\r\nPASS x\r\n');
    expect(await afterGreeting).toBe('');

    const replies = Promise.all(halfMails.map(heardBy));
    for (const socket of halfMails) socket.write('the rest\r\n.\r\n');
    for (const reply of await replies) expect(reply).toMatch(/^250 2\.0\.0 Ok: queued as /);
    for (const socket of readers) socket.destroy();
    await stopped;

    await using again = await aSandbox({ data });
    expect((await again.list()).map(({ subject }) => subject).sort()).toEqual(['half', 'half', 'large']);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

function overTls(port = 0): Socket {
  return connectTls({ ...PLAIN, port, rejectUnauthorized: false });
}

/** Sends lines, and resolves once the server has said `until`. */
async function talk(socket: Socket, lines: readonly string[], until: string): Promise<Socket> {
  socket.on('error', () => {}).setEncoding('latin1');
  socket.write(lines.join('\r\n'));
  for (let heard = ''; !heard.includes(until); ) heard += (await once(socket, 'data'))[0];
  return socket;
}

/** All that the server says until it closes its side, or the connection. */
async function heardBy(socket: Socket): Promise<string> {
  let heard = '';
  socket.on('data', (text) => {
    heard += text;
  });
  await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  return heard;
}

/** @returns the code of the error, or `connected` */
async function outcomeOfConnecting(port = 0): Promise<string> {
  const socket = connect({ ...PLAIN, port });
  try {
    await once(socket, 'connect');
    return 'connected';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  } finally {
    socket.destroy();
  }
}
