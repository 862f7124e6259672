import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import { SmtpClient } from '../bench/smtp-client.ts';
import { needs } from '../needs.ts';
import { Disk } from '../store/disk/a-disk.ts';
import { CLI, flagsFor, Server } from '../store/disk/a-server.ts';
import { CLIENT_HELLO } from './leaving.ts';

/** The first octets that the server sends; empty if it closes without any. */
async function greeting(socket: Socket): Promise<string> {
  const first = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [''])]);
  return String(first[0]);
}

const REFUSED = /^421 4\.3\.2 Too many connections|^-ERR \[SYS\/TEMP\] too many connections/;

/** Resolves when the server accepts connections again: it may not have noticed yet that others were closed. */
async function untilTaken(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    const answer = await greeting(socket);
    socket.destroy();
    if (answer !== '' && !REFUSED.test(answer)) return;
  }
}

// Of Linux, as is /proc.
needs('prlimit')(
  'with 200 descriptors, a crowd is rejected with a reason; afterwards mail is accepted again',
  async () => {
    await using disk = new Disk();
    const started = ['-c', 'ulimit -n 200; exec "$@"', 'sh', process.execPath, CLI, ...flagsFor(disk.folder)];
    await using server = await Server.run('sh', started);
    for (const port of [server.smtp, server.pop3, server.smtp]) {
      const crowd: Socket[] = [];
      let answer = '';
      await untilTaken(port);
      while (!/^421|^-ERR/.test(answer) && crowd.length < 250) {
        const socket = connect(port, '127.0.0.1').on('error', () => {});
        crowd.push(socket);
        answer = await greeting(socket);
      }
      expect(answer).toMatch(REFUSED);
      expect(crowd.length).toBeGreaterThan(100);
      // The inbox and its files still have some.
      expect(await (await server.get('/api/messages')).json()).toMatchObject({ matched: 0 });
      for (const socket of crowd) socket.destroy();
    }
    for (let n = 0; n < 250; n++) {
      const socket = connect(server.smtp, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      socket.write(CLIENT_HELLO);
      socket.destroy();
    }
    await untilTaken(server.smtp);
    await using client = await SmtpClient.open(server.smtp);
    await client.hello();
    const id = SmtpClient.idIn(await client.deliver(Buffer.from('Subject: a\r\n\r\nb\r\n.\r\n')));
    expect(await server.list()).toEqual([id]);
  },
);
