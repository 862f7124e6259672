import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a search may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 4;
/** Check the clock once per this many octets of headers: reading the clock costs as much as examining some mails. */
export const LOOKS_AT_CLOCK = 131_072;
/** What a small mail counts as. */
const LEAST_OCTETS = 2048;

/** A span of time in which a search may hold the event loop. */
export class Slice {
  #until = performance.now() + SLICE_MS;
  /** Since the clock was last checked. */
  #octets = LOOKS_AT_CLOCK;

  /** Adds octets that were scanned; they cost about as much as octets of headers. */
  count(octets: number): void {
    this.#octets += octets;
  }

  /** @param octets of the next mail */
  isOver(octets: number): boolean {
    this.#octets += Math.max(octets, LEAST_OCTETS);
    if (this.#octets < LOOKS_AT_CLOCK) return false;
    this.#octets = 0;
    return performance.now() > this.#until;
  }

  /** @throws the signal's reason, once it is aborted */
  async next(signal: AbortSignal | undefined): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
    this.begin();
  }

  begin(): void {
    this.#until = performance.now() + SLICE_MS;
  }
}
