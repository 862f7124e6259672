import type { Socket } from 'node:net';
import type { Log } from '../log.ts';

/** A connection that did not end as it should have. */
export interface BadEnd {
  readonly peer: string;
  /** What was going on, like `TLS handshake` or `DATA`. */
  readonly stage: string;
  /** The likely reason, in words. */
  readonly reason: string;
  /** For a developer, where the words are a guess. */
  readonly code?: string | undefined;
}

interface Flood {
  count: number;
  untold: BadEnd | null;
}

/** How many with the same stage and reason are logged one by one within `WITHIN_MS`; more are only counted. */
const ONE_BY_ONE = 10;
const WITHIN_MS = 10_000;

/** Logs connections that ended badly: each once, and a flood of equal ones as a number. */
export class BadEnds implements Disposable {
  readonly #log: Log;
  readonly #event: string;
  readonly #floods = new Map<string, Flood>();
  #timer: NodeJS.Timeout | null = null;

  /** @param protocol as in the names of other events: `smtp`, `pop3` */
  constructor(log: Log, protocol: string) {
    this.#log = log;
    this.#event = `${protocol} connection lost`;
  }

  add(end: BadEnd): void {
    const key = `${end.stage}\n${end.reason}`;
    const flood = this.#floods.get(key) ?? { count: 0, untold: null };
    this.#floods.set(key, flood);
    this.#timer ??= setTimeout(() => this.#sumUp(), WITHIN_MS).unref();
    flood.count += 1;
    if (flood.count <= ONE_BY_ONE) this.#log.warn(this.#event, { ...end });
    else flood.untold = end;
  }

  /** Logs what was only counted so far. */
  [Symbol.dispose](): void {
    this.#sumUp();
  }

  #sumUp(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (const { count, untold } of this.#floods.values()) {
      // The peer is the latest of them.
      if (untold) this.#log.warn(this.#event, { ...untold, more: count - ONE_BY_ONE });
    }
    this.#floods.clear();
  }
}

const SOCKET_ERRORS: Readonly<Record<string, string>> = {
  ECONNRESET: 'the client reset the connection: it crashed, was killed, or closed without reading the answers',
  EPIPE: 'the client had closed the connection before it read the answers',
  ETIMEDOUT: 'the client no longer answers',
  EHOSTUNREACH: 'the client can no longer be reached',
  ENETUNREACH: 'the client can no longer be reached',
};

/** Why a socket failed, in words. */
export function reasonOfError({ code = 'unknown' }: NodeJS.ErrnoException): Pick<BadEnd, 'reason' | 'code'> {
  const reason = SOCKET_ERRORS[code];
  return reason === undefined ? { reason: 'the connection failed', code } : { reason };
}

/** For the log; a client that has left before it was looked at has no address any more. */
export function nameOf({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined ? 'unknown' : `${remoteAddress}:${remotePort}`;
}
