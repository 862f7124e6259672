import type { Socket } from 'node:net';
import type { Slices } from './slices.ts';

/** Octets that are handed on before the clock is looked at: some 150 of the shortest HTTP requests. */
const PIECE = 4096;

/**
 * Makes a socket emit its `data` in pieces of up to 4 KiB, and pause when a slice is over until it is its turn.
 *
 * A read of Node has up to 64 KiB, and there may be 32 reads in one turn of the event loop. Whoever listens could not
 * stop in the middle of it: Node's HTTP parser, say, which makes thousands of requests of one read.
 */
export function readInSlices(socket: Socket, slices: Slices): void {
  const emit = socket.emit.bind(socket);
  let waiting = false;

  const wait = async () => {
    socket.pause();
    if (waiting) return;
    waiting = true;
    await slices.turn();
    waiting = false;
    // Nothing was handed on in between, so nobody else has paused it.
    socket.resume();
  };
  const take = (chunk: Buffer) => {
    let rest = chunk;
    // No longer flowing: a listener has paused it, or it is to be a WebSocket.
    while (rest.length > 0 && socket.readableFlowing && !socket.destroyed) {
      if (waiting || slices.over) {
        void wait();
        break;
      }
      emit('data', rest.subarray(0, PIECE));
      rest = rest.subarray(PIECE);
    }
    if (rest.length > 0) socket.unshift(rest);
    return true;
  };
  socket.emit = (event: string | symbol, ...args: unknown[]) =>
    event === 'data' && Buffer.isBuffer(args[0]) ? take(args[0]) : emit(event, ...args);
}
