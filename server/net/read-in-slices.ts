import type { Socket } from 'node:net';
import type { Slices } from './slices.ts';

/** Octets passed on before checking the clock: about 150 of the shortest HTTP requests. */
const PIECE = 4096;

/** Requests on a connection that are not finished yet. */
export interface Unfinished {
  /** True if there are so many that no more should be read. */
  readonly isMuch: boolean;
  /** Resolves when there are few enough again, or the connection is closed. */
  readonly less: () => Promise<void>;
}

/**
 * Makes a socket emit its `data` in pieces of up to 4 KiB. When a time slice is over it pauses until its next turn;
 * when too much is unfinished, until less is.
 *
 * Node reads up to 64 KiB at a time, and up to 32 times per turn of the event loop. A listener can't stop in the middle
 * of a read; Node's HTTP parser, for example, makes thousands of requests of one.
 */
export function readInSlices(socket: Socket, slices: Slices, unfinished: Unfinished): void {
  const emit = socket.emit.bind(socket);
  let waiting = false;
  /** A piece whose turn it is gets passed on even if the slice is already over because the machine was busy. */
  let isTurn = false;

  const wait = async () => {
    socket.pause();
    if (waiting) return;
    waiting = true;
    await (unfinished.isMuch ? unfinished.less() : slices.turn());
    waiting = false;
    isTurn = true;
    // Nobody else can have paused it: listeners pause when they get data, and they got none in the meantime.
    socket.resume();
  };
  const take = (chunk: Buffer) => {
    let rest = chunk;
    // Not flowing any more: a listener paused it, or it is about to become a WebSocket.
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
