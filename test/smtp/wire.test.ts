import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Fields, Log } from '../../server/log.ts';
import { play } from '../net/play.ts';
import { catchMail, HELLO, TO_DATA } from './sandbox.ts';

const SESSION = 'EHLO a\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n';

describe('one mail, whatever its line ends (RFC 5321 §2.3.8)', () => {
  for (const odd of ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r\n\0.\r\n', '\n..\r\n'])
    test(`${JSON.stringify(odd)}, cut at every octet`, async () => {
      await using smtp = await catchMail();
      const smuggled = 'MAIL FROM:<evil@x.test>\r\nRCPT TO:<evil@x.test>\r\nDATA\r\nevil';
      const mail = `Subject: x\r\n\r\na${odd}${smuggled}\r\n`;
      const from = mail.indexOf(odd);
      for (let cut = from; cut <= from + odd.length; cut++) {
        const [before, after] = [mail.slice(0, cut), `${mail.slice(cut)}.\r\n`].map((text) => JSON.stringify(text));
        await play(
          smtp.port,
          `${TO_DATA} C-raw: ${before}\n -- packet --\n C-raw: ${after}\n S: 250 *\n C: NOOP\n S: 250 *`,
        );
      }
      expect(smtp.mails).toHaveLength(odd.length + 1);
      for (const { raw } of smtp.mails) expect(raw.toString()).toBe(mail);
    });
});

test('NUL and 8-bit octets are kept', async () => {
  await using smtp = await catchMail();
  const octets = Buffer.from(Array.from({ length: 256 }, (_, n) => n).filter((n) => n !== 10 && n !== 13));
  const socket = await open(smtp.port);
  socket.write(Buffer.concat([Buffer.from(SESSION), octets, Buffer.from('\r\n.\r\nQUIT\r\n')]));
  await heardFrom(socket);
  expect(smtp.mail().raw).toEqual(Buffer.concat([octets, Buffer.from('\r\n')]));
});

test('a whole session in one packet (RFC 2920), before the greeting', async () => {
  await using smtp = await catchMail();
  const mail = (name: string) => `MAIL FROM:<${name}@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n..${name}\r\n.\r\n`;
  const socket = await open(smtp.port);
  socket.write(`EHLO a\r\n${mail('one')}${mail('two')}${mail('three')}QUIT\r\n`);
  const codes = (await heardFrom(socket)).split('\r\n').filter((line) => / /.test(line.slice(3, 4)));
  expect(codes.map((line) => line.slice(0, 3)).join(' ')).toBe(
    '220 250 250 250 354 250 250 250 354 250 250 250 354 250 221',
  );
  expect(smtp.mails.map(({ raw }) => raw.toString())).toEqual(['.one\r\n', '.two\r\n', '.three\r\n']);
});

test('a client that sends everything and closes its side gets all replies', async () => {
  await using smtp = await catchMail({}, async () => {
    // Long enough for the server to see that the client has closed.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    return { id: 'slow-mail' };
  });
  const socket = await open(smtp.port);
  socket.end(`${SESSION}Hello\r\n.\r\nQUIT\r\n`);
  expect(await heardFrom(socket)).toMatch(/250 2\.0\.0 Ok: queued as slow-mail\r\n221 .*\r\n$/);
});

describe('the largest mail (RFC 1870)', () => {
  const limit = 1000;
  const fill = (octets: number) => `${'x'.repeat(octets - 2)}`;

  test('declared too large: refused before it is sent', async () => {
    await using smtp = await catchMail({ maxOctets: limit });
    await play(
      smtp.port,
      `${HELLO}
      C: MAIL FROM:<a@x.test> SIZE=1001
      S: 552 5.3.4 The mail is too large: at most 1000 octets are accepted
      C: MAIL FROM:<a@x.test> SIZE=1000
      S: 250 *
    `,
    );
  });

  test('exactly at the limit: accepted', async () => {
    await using smtp = await catchMail({ maxOctets: limit });
    await play(smtp.port, `${TO_DATA} C: ${fill(limit)}\n C: .\n S: 250 *`);
    expect(smtp.mail().raw).toHaveLength(limit);
  });

  test('one octet more: rejected after it was sent, and the session continues', async () => {
    await using smtp = await catchMail({ maxOctets: limit });
    const again = TO_DATA.slice(HELLO.length);
    await play(
      smtp.port,
      `${TO_DATA} C: ${fill(limit + 1)}\n C: .\n S: 552 5.3.4 *\n ${again} C: small\n C: .\n S: 250 *`,
    );
    expect(smtp.mail().raw.toString()).toBe('small\r\n');
  });

  test('a mail without an end takes no more memory than the limit', async () => {
    await using smtp = await catchMail({ maxOctets: limit });
    const socket = await open(smtp.port);
    socket.write(SESSION);
    const line = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(1000));
    const before = process.memoryUsage().arrayBuffers;
    for (let megabytes = 0; megabytes < 200; megabytes++) if (!socket.write(line)) await once(socket, 'drain');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(80_000_000);
    socket.end('.\r\nQUIT\r\n');
    expect(await heardFrom(socket)).toContain('552 5.3.4');
    expect(smtp.mails).toEqual([]);
  });
});

test('a mail of only dots is read as fast as any other', async () => {
  await using smtp = await catchMail();
  const socket = await open(smtp.port);
  socket.end(`${SESSION}${'..\r\n'.repeat(500_000)}.\r\nQUIT\r\n`);
  expect(await heardFrom(socket)).toContain('queued');
  expect(smtp.mail().raw.equals(Buffer.from('.\r\n'.repeat(500_000)))).toBe(true);
});

test('a command line of 100 KB is refused', async () => {
  await using smtp = await catchMail();
  await play(
    smtp.port,
    `${HELLO} C: MAIL FROM:<${'a'.repeat(100_000)}@x.test>\n S: 421 5.5.2 The line is too long: at most 16384 octets are accepted\n S-eof:`,
  );
});

test('too many bad commands end the session', async () => {
  await using smtp = await catchMail();
  await play(smtp.port, `${HELLO} ${'C: nonsense\n'.repeat(12)} S-until: 421 *\n S-eof:`);
});

test('300 clients that drop the connection in the middle of their mail leave nothing', async () => {
  const told: [string, Fields?][] = [];
  const tell = (event: string, fields?: Fields) => void told.push(fields ? [event, fields] : [event]);
  const log: Log = { info: tell, warn: tell, error: tell };
  // The grace period is longer than any test: the stop ends only if no connection is left.
  const smtp = await catchMail({ log, times: { grace: 3_600_000 } });
  const drop = async (n: number) => {
    const socket = await open(smtp.port);
    socket.write(`${SESSION}Subject: ${n}\r\n\r\nhalf a mail`);
    for await (const data of socket) if (data.includes('354')) break;
    socket.resetAndDestroy();
  };
  for (let n = 0; n < 300; n += 50) await Promise.all(Array.from({ length: 50 }, (_, i) => drop(n + i)));
  await play(smtp.port, `${TO_DATA} C: .\n S: 250 *\n C: QUIT\n S: 221 *\n S-eof:`);
  expect(smtp.mails).toHaveLength(1);
  expect(told.filter(([event]) => event === 'smtp accepted')).toHaveLength(1);
  await smtp.stop();
});

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Everything that the server says until it closes. */
async function heardFrom(socket: Socket): Promise<string> {
  let heard = '';
  for await (const data of socket) heard += data;
  return heard;
}
