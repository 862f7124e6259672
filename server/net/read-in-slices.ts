import type { Socket } from 'node:net';
import type { Slices } from './slices.ts';

/** Octets that are handed on before the clock is looked at: some 150 of the shortest HTTP requests. */
const PIECE = 4096;

/** What a connection has been asked to do and has not done yet. */
export interface Unfinished {
  /** Whether that is so much that no more is to be read. */
  readonly isMuch: boolean;
  /** Resolves when it is not much any more, or the connection is closed. */
  readonly less: () => Promise<void>;
}

/**
 * Makes a socket emit its `data` in pieces of up to 4 KiB, and pause when a slice is over until it is its turn, or when
 * much is unfinished until less is.
 *
 * A read of Node has up to 64 KiB, and there may be 32 reads in one turn of the event loop. Whoever listens could not
 * stop in the middle of it: Node's HTTP parser, say, which makes thousands of requests of one read.
 */
export function readInSlices(socket: Socket, slices: Slices, unfinished: Unfinished): void {
  const emit = socket.emit.bind(socket);
  let waiting = false;
  /** A piece that has had its turn is handed on, even if the machine was busy meanwhile and the slice is over. */
  let isTurn = false;

  const wait = async () => {
    socket.pause();
    if (waiting) return;
    waiting = true;
    await (unfinished.isMuch ? unfinished.less() : slices.turn());
    waiting = false;
    isTurn = true;
    // Nobody else has paused it: others do that when they are given data, and they got none meanwhile.
    socket.resume();
  };
  const take = (chunk: Buffer) => {
    let rest = chunk;
    // No longer flowing: a listener has paused it, or it is to be a WebSocket.
    while (rest.length > 0 && socket.readableFlowing && !socket.destroyed) {
      if (waiting || unfinished.isMuch || (!isTurn && slices.over)) {
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
