import type { Socket } from 'node:net';
import type { Incoming } from '../message/message.ts';
import type { BadEnd } from '../net/bad-ends.ts';
import type { Slices } from '../net/slices.ts';
import type { Reply } from './reply.ts';

/** A command that was refused, for the log. */
export interface Refusal {
  readonly peer: string;
  /** Never holds a secret. */
  readonly command: string;
  readonly reply: string;
}

/** What a connection needs of its surroundings. Times are milliseconds. */
export interface Surroundings {
  readonly maxOctets: number;
  readonly maxRecipients: number;
  readonly maxClients: number;
  /** Whether there is a certificate, so that STARTTLS can be offered. */
  readonly tls: boolean;
  /** From one command to the next. */
  readonly commandTime: number;
  /** From 354 to the end of the data. */
  readonly dataTime: number;
  readonly handshakeTime: number;
  readonly now: () => Date;
  /** By which all connections share the event loop. */
  readonly slices: Slices;
  /** Whether there are too few descriptors left to keep this connection. */
  crowded(socket: Socket): boolean;
  /** Takes a mail; never rejects. */
  accept(incoming: Incoming): Promise<Reply>;
  refused(refusal: Refusal): void;
  /** A connection has ended badly. */
  lost(end: BadEnd): void;
}
