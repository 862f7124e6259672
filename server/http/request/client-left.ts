import type { Response } from 'express';
import type { Slices } from '../../slices.ts';

/** Octets of input that cost about as much as aborting one request. */
const ENDING = 16_384;

/**
 * Aborts when the client disconnects before it has the whole response. When thousands disconnect at once, only a few
 * are aborted at a time.
 */
export function clientLeft(res: Response, slices: Slices): AbortSignal {
  const left = new AbortController();
  const closed = () => {
    if (res.writableFinished) return;
    slices.share(ENDING, () => left.abort(new ClientLeft()));
  };
  // The client may have left before its request was read.
  if (res.closed) closed();
  else res.on('close', closed);
  return left.signal;
}

/** The client is gone, so nobody gets this as an answer. */
export class ClientLeft extends Error {
  constructor() {
    super('the client left');
  }
}
