import type { Incoming } from '../message/message.ts';
import type { BadEnd } from '../net/bad-ends.ts';
import type { DescriptorGuard } from '../net/descriptors.ts';
import type { SessionRecorder } from '../net/sessions.ts';
import type { Slices } from '../slices.ts';
import type { Accepted } from './accept.ts';

/** A rejected command, for the log. */
export interface Refusal {
  readonly peer: string;
  /** Never contains a secret. */
  readonly command: string;
  readonly reply: string;
  /** The id of its session. */
  readonly session: string;
}

/** Dependencies of a connection. Times are milliseconds. */
export interface Surroundings {
  readonly maxOctets: number;
  readonly maxRecipients: number;
  readonly maxClients: number;
  /** Whether there is a certificate for STARTTLS. */
  readonly tls: boolean;
  /** From one command to the next. */
  readonly commandTime: number;
  /** From 354 to the end of the data. */
  readonly dataTime: number;
  readonly handshakeTime: number;
  readonly now: () => Date;
  readonly sessions: SessionRecorder;
  readonly protocol: 'SMTP' | 'SMTPS';
  /** Shares the event loop between all connections. */
  readonly slices: Slices;
  readonly descriptors: Pick<DescriptorGuard, 'refuses'>;
  /** Takes a mail; never rejects. */
  accept(incoming: Incoming): Promise<Accepted>;
  refused(refusal: Refusal): void;
  /** Called when a connection has ended badly. */
  lost(end: BadEnd): void;
}
