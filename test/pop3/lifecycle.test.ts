import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { play } from '../net/play.ts';
import { aPop3, mailOf } from './a-pop3.ts';

/** A client that has sent something and read the greeting. */
async function client(port: number, send = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'data');
  socket.write(send);
  return socket;
}

/** All remaining data, until the connection is closed. */
async function rest(socket: Socket): Promise<string> {
  let heard = '';
  socket.setEncoding('latin1').on('data', (text) => {
    heard += text;
  });
  await once(socket, 'close');
  return heard;
}

describe('the end', () => {
  test('closes idle connections and frees the port', async () => {
    const pop3 = await aPop3();
    const sockets = await Promise.all([client(pop3.port), client(pop3.port, 'USER ada\r\n'), client(pop3.port)]);
    await Promise.all([pop3[Symbol.asyncDispose](), ...sockets.map(rest)]);
    await using _again = await aPop3({ port: pop3.port });
  });

  test('waits for a reply in progress', async () => {
    const pop3 = await aPop3();
    const mail = mailOf(20_000_000);
    await pop3.deliver(mail);
    const socket = await client(pop3.port, 'USER ada\r\nPASS x\r\nRETR 1\r\n');
    const reply = rest(socket);
    while (socket.bytesRead < 1_000_000) await once(socket, 'data');
    await pop3[Symbol.asyncDispose]();
    expect((await reply).endsWith(`${mail.subarray(-72).toString()}.\r\n`)).toBe(true);
  });

  test('does not wait forever', async () => {
    const pop3 = await aPop3({ times: { grace: 1 } });
    await pop3.deliver(mailOf(50_000_000));
    const socket = await client(pop3.port, 'USER ada\r\nPASS x\r\nRETR 1\r\n');
    await once(socket, 'data');
    socket.pause(); // reads no more
    await pop3[Symbol.asyncDispose]();
    socket.destroy();
  });

  test('leaves nothing that keeps a process alive', async () => {
    const child = join(import.meta.dirname, 'lets-go.child.ts');
    // The limit is for a child that does not end by itself.
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', child], { timeout: 15_000 });
    expect(stdout).toBe('stopped\n');
  });

  test('can be requested twice', async () => {
    const pop3 = await aPop3();
    await pop3[Symbol.asyncDispose]();
    await pop3[Symbol.asyncDispose]();
  });

  test('releases the store', async () => {
    let readers = 0;
    const pop3 = await aPop3({}, (store) =>
      Object.assign(Object.create(null), {
        changes: async function* (...asked: Parameters<typeof store.changes>) {
          readers++;
          yield* store.changes(...asked);
          readers--;
        },
      }),
    );
    expect(readers).toBe(1);
    await pop3[Symbol.asyncDispose]();
    await expect.poll(() => readers).toBe(0);
  });
});

test('an occupied port is named, and nothing is left behind', async () => {
  await using pop3 = await aPop3();
  await expect(aPop3({ port: pop3.port })).rejects.toMatchObject({
    code: 'cannot-listen',
    message: expect.stringContaining(`POP3 cannot listen on 127.0.0.1:${pop3.port}`),
  });
});

describe('autologout (RFC 1939 §3)', () => {
  test('disconnects a silent client, without a reply and without deleting', async () => {
    await using pop3 = await aPop3({ times: { autologout: 100 } });
    await pop3.deliver('a: 1\r\n');
    const socket = await client(pop3.port, 'USER ada\r\nPASS x\r\nDELE 1\r\n');
    expect((await rest(socket)).split('\r\n').at(-2)).toBe('+OK message 1 deleted');
    expect((await pop3.left()).length).toBe(1);
  });

  test('disconnects a client that sends but never ends a line', async () => {
    await using pop3 = await aPop3({ times: { autologout: 100 } });
    const socket = await client(pop3.port);
    const trickle = setInterval(() => socket.write('x'), 5);
    // Its data may cross the end of the connection, which then is a reset.
    socket.on('error', () => {}).resume();
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(trickle);
  });

  test('disconnects a client that does not read its reply', async () => {
    const pop3 = await aPop3({ times: { autologout: 500, grace: 3_600_000 } });
    await pop3.deliver(mailOf(20_000_000));
    const socket = await client(pop3.port, 'USER ada\r\nPASS x\r\nRETR 1\r\n');
    await once(socket, 'data');
    socket.pause();
    await pop3[Symbol.asyncDispose](); // would wait an hour for the rest of the reply
    socket.destroy();
  });
});

test('clients that vanish at any point do no harm', async () => {
  await using pop3 = await aPop3();
  await pop3.deliver(mailOf(1_000_000));
  const scripts = ['', 'USER ada\r\n', 'USER ada\r\nPASS x\r\n', 'USER ada\r\nPASS x\r\nRETR 1\r\n', 'AUTH PLAIN\r\n'];
  for (const script of [...scripts, ...scripts, ...scripts]) {
    const socket = await client(pop3.port, script);
    socket.resetAndDestroy();
  }
  await play(
    pop3.port,
    'S: +OK *\nC: USER ada\nC: PASS x\nC: QUIT\nS: +OK *\nS: +OK 1 message *\nS: +OK goodbye\nS-eof:',
  );
  expect(new Set(pop3.logged.map(({ event }) => event))).toEqual(new Set(['pop3 login', 'pop3 connection lost']));
});
