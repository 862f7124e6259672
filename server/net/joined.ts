/**
 * Joins the pieces. Yields after each one, because touching all the fresh memory of a large mail at once would block
 * the event loop for long.
 */
export function* joined(pieces: readonly Buffer[], octets: number): Generator<void, Buffer, undefined> {
  const [only] = pieces;
  if (pieces.length === 1 && only?.length === octets) return only;
  const whole = Buffer.allocUnsafe(octets);
  let at = 0;
  for (const piece of pieces) {
    at += piece.copy(whole, at);
    if (at < octets) yield;
  }
  return whole;
}
