import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { readInSlices } from '../../server/net/read-in-slices.ts';
import { Slices } from '../../server/slices.ts';

const sent = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
const sockets: Socket[] = [];
const nothing = { isMuch: false, less: () => Promise.resolve() };

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** @returns the server's side of a connection to a client that sends all at once, then does this */
async function receiving(octets = sent, then: (client: Socket) => void = (client) => client.end()): Promise<Socket> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  sockets.push(client, socket);
  client.write(octets);
  then(client);
  return socket;
}

/** Holds the event loop for longer than a slice. */
function hold(): void {
  for (const start = performance.now(); performance.now() - start < 6; );
}

test('one read is passed on in pieces, a few per turn of the event loop, and nothing is lost', async () => {
  const socket = await receiving();
  let turns = 0;
  const count = () => {
    turns++;
    if (!socket.readableEnded) setImmediate(count);
  };
  setImmediate(count);
  const pieces: Buffer[] = [];
  const perTurn = new Map<number, number>();
  readInSlices(socket, new Slices(), nothing);
  socket.on('data', (piece) => {
    pieces.push(piece);
    perTurn.set(turns, (perTurn.get(turns) ?? 0) + 1);
    hold();
  });
  await once(socket, 'end');
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(4096);
  expect(Buffer.concat(pieces).equals(sent)).toBe(true);
  expect(Math.max(...perTurn.values())).toBeLessThanOrEqual(2);
});

test('while paused, nothing is passed on, even when the slice is over', async () => {
  const socket = await receiving();
  readInSlices(socket, new Slices(), nothing);
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => {
    pieces.push(piece);
    hold();
    socket.pause();
  });
  let resumed = 0;
  while (!socket.readableEnded) {
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(pieces.length).toBeLessThanOrEqual(resumed + 1);
    if (pieces.length === resumed + 1) resumed++;
    socket.resume();
  }
  expect(Buffer.concat(pieces).equals(sent)).toBe(true);
});

test('while too much is unfinished, nothing is passed on, and only a bounded amount is read', async () => {
  const much = Buffer.concat(Array(10).fill(sent));
  const socket = await receiving(much, () => {});
  const unfinished = { isMuch: false, less: () => new Promise<void>((resolve) => waiting.push(resolve)) };
  const waiting: (() => void)[] = [];
  readInSlices(socket, new Slices(), unfinished);
  const pieces: Buffer[] = [];
  let passed = 0;
  socket.on('data', (piece) => {
    pieces.push(piece);
    passed += piece.length;
    unfinished.isMuch = true;
  });
  for (let expected = 1; passed < much.length; expected++) {
    while (waiting.length === 0 && passed < much.length) await nextTurn();
    socket.resume();
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(pieces.length).toBeLessThanOrEqual(expected);
    expect(socket.bytesRead - passed).toBeLessThan(512 * 1024);
    unfinished.isMuch = false;
    for (const go of waiting.splice(0)) go();
  }
  expect(Buffer.concat(pieces).equals(much)).toBe(true);
});

test.each([
  ['closes', (client: Socket) => void client.end()],
  ['resets', (client: Socket) => void client.resetAndDestroy()],
])('a client that %s the connection while much is unfinished is noticed', async (_, leave) => {
  const socket = await receiving(sent, () => {});
  const unfinished = { isMuch: false, less: () => new Promise<void>((resolve) => waiting.push(resolve)) };
  const waiting: (() => void)[] = [];
  readInSlices(socket, new Slices(), unfinished);
  const closed = new Promise((resolve) => socket.on('end', resolve).on('error', resolve));
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => {
    pieces.push(piece);
    unfinished.isMuch = true;
  });
  while (socket.bytesRead < sent.length) await nextTurn();
  leave(sockets[0] as Socket);
  await closed;
  expect(pieces).toHaveLength(1);
  // What it still wanted is dropped.
  unfinished.isMuch = false;
  for (const go of waiting.splice(0)) go();
  for (let turn = 0; turn < 5; turn++) await nextTurn();
  expect(pieces).toHaveLength(1);
});
