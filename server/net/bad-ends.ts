import type { Socket } from 'node:net';
import { type Log, Repeats } from '../log.ts';

/** A connection that ended badly. */
export interface BadEnd {
  readonly peer: string;
  /** What was going on, like `TLS handshake` or `DATA`. */
  readonly stage: string;
  /** The likely reason, in words. */
  readonly reason: string;
  /** The error code, for developers, if the reason is a guess. */
  readonly code?: string | undefined;
}

/** How many ends with the same stage and reason are logged one by one. */
const ONE_BY_ONE = 10;

/** Logs connections that ended badly: each one, but a flood of equal ones as a count. */
export class BadEnds implements Disposable {
  readonly #repeats: Repeats;
  readonly #event: string;

  /** @param protocol prefix of the event names: `smtp`, `pop3` */
  constructor(log: Log, protocol: string) {
    this.#repeats = new Repeats(log, ONE_BY_ONE);
    this.#event = `${protocol} connection lost`;
  }

  add(end: BadEnd): void {
    this.#repeats.add('warn', this.#event, `${end.stage}\n${end.reason}`, { ...end });
  }

  /** Logs the ends counted since the last line. */
  [Symbol.dispose](): void {
    this.#repeats[Symbol.dispose]();
  }
}

/** For a session's record. */
export function reasonOfEnd({ stage, reason }: Omit<BadEnd, 'peer'>): string {
  return `${reason} (${stage})`;
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

/** The peer's address for the log; a client that has already left has none. */
export function nameOf({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined ? 'unknown' : `${remoteAddress}:${remotePort}`;
}
