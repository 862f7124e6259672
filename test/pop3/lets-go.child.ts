/** Serves clients that leave in different ways, then stops the server. If anything stays open, the process never ends. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { aCertificate, aPop3, mailOf } from './a-pop3.ts';

const pop3 = await aPop3({ tls: await aCertificate(), accounts: new Map([['ada', 'secret']]) });
const retrieve = 'USER ada\r\nPASS secret\r\nRETR 1\r\n';
await pop3.deliver(mailOf(20_000_000));

const client = async (script: string) => {
  const socket = connect(pop3.port, '127.0.0.1').on('error', () => {});
  await once(socket, 'data');
  socket.write(script);
  return socket;
};

const polite = await client('QUIT\r\n');
await once(polite.resume(), 'close');

const vanishing = await client(retrieve);
while (vanishing.bytesRead < 1_000_000) await once(vanishing, 'data');
vanishing.resetAndDestroy();

const half = await client('NOOP\r\n');
half.end();
await once(half.resume(), 'close');

const upgraded = await client('STLS\r\n');
await once(upgraded, 'data');
const secure = connectTls({ socket: upgraded, rejectUnauthorized: false }).on('error', () => {});
secure.write(retrieve);
while (upgraded.bytesRead < 1_000_000) await once(secure, 'data');
secure.destroy();

const garbage = await client('STLS\r\n');
await once(garbage, 'data');
garbage.write('garbage\r\n');
await once(garbage.resume(), 'close');

const refused = await client('USER ada\r\nPASS wrong\r\n');
const idle = await client('');
await Promise.all([pop3[Symbol.asyncDispose](), once(refused.resume(), 'close'), once(idle.resume(), 'close')]);
console.log('stopped');
