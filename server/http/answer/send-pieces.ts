import { once } from 'node:events';
import type { Response } from 'express';
import type { Slices } from '../../slices.ts';

/** In chars. Longer responses are streamed. */
const LONG = 262_144;
/** The longest piece of a text, in chars. */
const PIECE = 65_536;

/**
 * Sends a text that is produced in pieces, letting other requests run in between. A long text is streamed as fast as
 * the client reads, without a Content-Length. Stops when the client is gone.
 */
export async function sendPieces(
  res: Response,
  pieces: Iterable<string> | AsyncIterable<string>,
  slices: Slices,
): Promise<void> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > LONG) {
      if (!res.write(text)) await drained(res);
      text = '';
    }
    if (slices.over) await slices.turn();
    if (res.destroyed) return;
  }
  if (res.headersSent) res.end(text);
  else res.send(text);
}

/** Resolves when more may be written, or when the client is gone. */
async function drained(res: Response): Promise<void> {
  if (res.destroyed) return;
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(res, 'drain', { signal }), once(res, 'close', { signal })]);
  over.abort();
}

/** A long text in pieces, never cut within a surrogate pair. */
export function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = at + PIECE;
    const cutsPair = end < text.length && /^[\ud800-\udbff]$/.test(text.charAt(end - 1));
    const piece = text.slice(at, cutsPair ? end - 1 : end);
    yield piece;
    at += piece.length;
  }
}
