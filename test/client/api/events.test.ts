import { expect, test } from 'vitest';
import { followEvents } from '../../../client/api/events.ts';
import type { Socket } from '../../../client/api/feed.ts';
import type { Counts, Frame } from '../../../client/index.ts';

const counts: Counts = { total: 0, unread: 0, bytes: 0, evicted: 0 };
const hello: Frame = { type: 'hello', epoch: 'epoch-1', seq: 4, counts, resumed: false };
const cleared = (seq: number): Frame => ({ type: 'cleared', seq, counts });

/** Events with a network that the test controls. */
function eventsUnderTest({ signal }: { signal?: AbortSignal } = {}) {
  const sockets: (Socket & { closed: boolean })[] = [];
  const closing = new AbortController();
  const connect = () => {
    const socket = { closed: false, onopen: null, onmessage: null, onclose: null, onerror: null, close() {} };
    socket.close = () => {
      socket.closed = true;
    };
    sockets.push(socket);
    return socket;
  };
  const events = followEvents('ws://mail.test:8025/api/feed', connect, closing.signal, signal ? { signal } : {});
  return {
    events,
    sockets,
    closing,
    receive: (frame: Frame) => sockets.at(-1)?.onmessage?.({ data: JSON.stringify(frame) }),
    lose: () => sockets.at(-1)?.onclose?.({} as never),
  };
}

const done = { done: true, value: undefined };

test('past events come in order, new ones as they happen', async () => {
  const { events, receive } = eventsUnderTest();
  receive(hello);
  receive(cleared(5));
  expect([(await events.next()).value, (await events.next()).value]).toEqual([hello, cleared(5)]);
  const reading = [events.next(), events.next()];
  receive(cleared(6));
  receive(cleared(7));
  expect((await Promise.all(reading)).map(({ value }) => value?.seq)).toEqual([6, 7]);
});

test('leaving the loop closes the connection, and drops what was not read', async () => {
  const { events, sockets, receive } = eventsUnderTest();
  receive(hello);
  receive(cleared(5));
  for await (const event of events) {
    expect(event).toEqual(hello);
    break;
  }
  expect(sockets[0]?.closed).toBe(true);
  expect(await events.next()).toEqual(done);
});

test('closing the sandbox ends it, after the pending events', async () => {
  const { events, sockets, receive, closing } = eventsUnderTest();
  receive(hello);
  closing.abort();
  expect(sockets[0]?.closed).toBe(true);
  expect([await events.next(), await events.next()]).toEqual([{ done: false, value: hello }, done]);
});

test('an abort is reported once, and nothing after it', async () => {
  const controller = new AbortController();
  const { events, sockets, receive } = eventsUnderTest({ signal: controller.signal });
  receive(hello);
  controller.abort(new Error('enough'));
  await expect(events.next()).rejects.toThrow('enough');
  expect(await events.next()).toEqual(done);
  expect(sockets[0]?.closed).toBe(true);
});

test('aborted or closed before it begins, it opens nothing', async () => {
  const aborted = eventsUnderTest({ signal: AbortSignal.abort(new Error('enough')) });
  await expect(aborted.events.next()).rejects.toThrow('enough');
  expect(aborted.sockets).toEqual([]);
});

test('a server that never answered is an error; a lost connection is not', async () => {
  const nobody = eventsUnderTest();
  nobody.lose();
  await expect(nobody.events.next()).rejects.toMatchObject({
    code: 'no-answer',
    message: 'No answer from mail.test:8025',
  });

  const { events, receive, lose } = eventsUnderTest();
  receive(hello);
  await events.next();
  const reading = events.next();
  lose();
  await events.return();
  expect(await reading).toEqual(done);
});

test('without a WebSocket, it says what to do', () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket'); // Node 22 has one, Node 20 has none
  Reflect.deleteProperty(globalThis, 'WebSocket');
  try {
    expect(() => followEvents('ws://mail.test', undefined, new AbortController().signal)).toThrow(
      /Failed to follow events: there is no WebSocket here. Please give connect\(\) one/,
    );
  } finally {
    if (own) Object.defineProperty(globalThis, 'WebSocket', own);
  }
});
