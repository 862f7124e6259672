import type { Socket } from 'node:net';
import type { Slices } from '../slices.ts';

/** Octets passed on before checking the clock: about 150 of the shortest HTTP requests. */
const PIECE = 4096;
/**
 * While too much is unfinished, a socket is read on until this many octets wait, because only reading shows that a client
 * has left. If a client sends more than this ahead, it is noticed at the next response.
 */
const MOST_HELD = 256 * 1024;
/** Counted for each piece in addition to its octets: about what a small Buffer takes. */
const EACH = 256;

/** Requests on a connection that are not finished yet. */
export interface Unfinished {
  /** True if there are so many that no more should be read. */
  readonly isMuch: boolean;
  /** Resolves when there are few enough again, or the connection is closed. */
  readonly less: () => Promise<void>;
}

/**
 * Makes a socket emit its `data` in pieces of up to 4 KiB. When a time slice is over it pauses until its next turn.
 * When too much is unfinished, it holds the data back until less is, and pauses when it has read much ahead.
 *
 * Node reads up to 64 KiB at a time, and up to 32 times per turn of the event loop. A listener can't stop in the middle
 * of a read; Node's HTTP parser, for example, makes thousands of requests of one.
 */
export function readInSlices(socket: Socket, slices: Slices, unfinished: Unfinished): void {
  const emit = socket.emit.bind(socket);
  let waiting = false;
  /** A piece whose turn it is gets passed on even if the slice is already over because the machine was busy. */
  let isTurn = false;

  /** What was read while too much was unfinished. */
  const held: Buffer[] = [];
  let size = 0;

  const wait = async () => {
    socket.pause();
    if (waiting) return;
    waiting = true;
    await slices.turn();
    waiting = false;
    isTurn = true;
    // Nobody else can have paused it: listeners pause when they get data, and they got none in the meantime.
    socket.resume();
  };
  const hold = async (chunk: Buffer) => {
    // Somebody resumed it: what is in its own buffer keeps it from reading more.
    if (size >= MOST_HELD) {
      socket.pause();
      socket.unshift(chunk);
      return;
    }
    held.push(chunk);
    size += chunk.length + EACH;
    if (size >= MOST_HELD) socket.pause();
    if (held.length > 1) return;
    await unfinished.less();
    const all = Buffer.concat(held.splice(0));
    size = 0;
    if (socket.destroyed || socket.readableEnded) return;
    socket.resume();
    take(all);
  };
  const take = (chunk: Buffer) => {
    let rest = chunk;
    // Not flowing any more: a listener paused it, or it is about to become a WebSocket.
    while (rest.length > 0 && socket.readableFlowing && !socket.destroyed) {
      if (held.length > 0 || unfinished.isMuch) {
        void hold(rest);
        return true;
      }
      if (waiting || (!isTurn && slices.over)) {
        void wait();
        break;
      }
      isTurn = false;
      emit('data', rest.subarray(0, PIECE));
      rest = rest.subarray(PIECE);
    }
    if (rest.length > 0) socket.unshift(rest);
    return true;
  };
  socket.emit = (event: string | symbol, ...args: unknown[]) =>
    event === 'data' && Buffer.isBuffer(args[0]) ? take(args[0]) : emit(event, ...args);
}
