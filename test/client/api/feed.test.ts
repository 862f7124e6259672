import { expect, test } from 'vitest';
import { openFeed, type Socket } from '../../../client/api/feed.ts';
import type { Counts, Frame } from '../../../client/index.ts';

const counts: Counts = { total: 0, unread: 0, bytes: 0, evicted: 0 };
const hello = (seq: number, resumed: boolean): Frame => ({ type: 'hello', epoch: 'epoch-1', seq, counts, resumed });
const cleared = (seq: number): Frame => ({ type: 'cleared', seq, counts });

/** A feed with a network, clock and randomness that the test controls. */
function feedUnderTest() {
  const log: string[] = [];
  const sockets: (Socket & { url: string; closed: boolean })[] = [];
  let timer: { delay: number; run: () => void } | null = null;
  let wake = () => {};
  const close = openFeed(
    'ws://127.0.0.1:8025/api/feed',
    {
      frame: (frame) => log.push(`${frame.type} ${frame.seq}`),
      up: () => log.push('up'),
      down: () => log.push('down'),
    },
    {
      connect: (url) => {
        const socket = { url, closed: false, onopen: null, onmessage: null, onclose: null, onerror: null, close() {} };
        socket.close = () => {
          socket.closed = true;
        };
        sockets.push(socket);
        return socket;
      },
      after: (delay, run) => {
        timer = { delay, run };
        return () => {
          timer = null;
        };
      },
      random: () => 1,
      onWake: (callback) => {
        wake = callback;
        return () => {
          wake = () => log.push('woken after the end');
        };
      },
    },
  );
  const last = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('Nothing was opened');
    return socket;
  };
  return {
    log,
    sockets,
    close,
    wake: () => wake(),
    open: () => last().onopen?.({} as never),
    receive: (frame: Frame) => last().onmessage?.({ data: JSON.stringify(frame) }),
    lose: () => last().onclose?.({} as never),
    delay: () => timer?.delay ?? null,
    elapse: () => {
      const due = timer;
      timer = null;
      due?.run();
    },
  };
}

test('frames are passed on as they arrive', () => {
  const feed = feedUnderTest();
  feed.open();
  feed.receive(hello(4, false));
  feed.receive(cleared(5));
  expect(feed.log).toEqual(['up', 'hello 4', 'cleared 5']);
});

test('after a lost connection, it resumes after the last event', () => {
  const feed = feedUnderTest();
  expect(feed.sockets[0]?.url).toBe('ws://127.0.0.1:8025/api/feed');
  feed.receive(hello(4, false));
  feed.receive(cleared(5));
  feed.lose();
  feed.elapse();
  expect(feed.sockets[1]?.url).toBe('ws://127.0.0.1:8025/api/feed?after=5&epoch=epoch-1');
});

test('the seq of a hello that resumes is not taken as received', () => {
  const feed = feedUnderTest();
  feed.receive(hello(4, false));
  feed.lose();
  feed.elapse();
  feed.receive(hello(9, true));
  feed.receive(cleared(5));
  feed.lose();
  feed.elapse();
  expect(feed.sockets[2]?.url).toContain('?after=5');
});

test('the seq of a hello that starts over is, since everything is loaded again', () => {
  const feed = feedUnderTest();
  feed.receive(hello(400, false));
  feed.lose();
  feed.elapse();
  feed.receive(hello(3, false));
  feed.lose();
  feed.elapse();
  expect(feed.sockets[2]?.url).toContain('?after=3');
});

test('it waits longer after each failure, up to five seconds; success resets that', () => {
  const feed = feedUnderTest();
  const delays: (number | null)[] = [];
  for (let i = 0; i < 7; i++) {
    feed.lose();
    delays.push(feed.delay());
    feed.elapse();
  }
  expect(delays).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  feed.receive(hello(1, false));
  feed.lose();
  expect(feed.delay()).toBe(250);
});

test('when the network or the page is back, it tries at once', () => {
  const feed = feedUnderTest();
  feed.lose();
  feed.wake();
  expect(feed.sockets).toHaveLength(2);
  expect(feed.delay()).toBeNull();
  feed.wake();
  expect(feed.sockets).toHaveLength(2);
});

test('closed, it is silent and opens nothing more', () => {
  const feed = feedUnderTest();
  feed.open();
  feed.close();
  expect(feed.sockets[0]?.closed).toBe(true);
  feed.receive(cleared(1));
  feed.lose();
  expect(feed.delay()).toBeNull();
  expect(feed.log).toEqual(['up']);
});

test('closed while it waits, it does not reconnect', () => {
  const feed = feedUnderTest();
  feed.lose();
  feed.close();
  expect(feed.delay()).toBeNull();
  expect(feed.sockets).toHaveLength(1);
});
