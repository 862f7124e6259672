import type { Incoming } from '../message/message.ts';
import type { Refusal } from './refusal.ts';
import type { Reply } from './reply.ts';

/** What a connection needs of its surroundings. Times are milliseconds. */
export interface Surroundings {
  readonly maxOctets: number;
  readonly maxRecipients: number;
  readonly maxClients: number;
  /** From one command to the next. */
  readonly commandTime: number;
  /** From 354 to the end of the data. */
  readonly dataTime: number;
  readonly now: () => Date;
  /** Takes a mail; never rejects. */
  accept(incoming: Incoming): Promise<Reply>;
  refused(refusal: Refusal): void;
}
