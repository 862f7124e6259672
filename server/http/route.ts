import type { RequestHandler } from 'express';
import type { Deliver } from '../message/message.ts';
import type { Refusals } from '../store/refusals.ts';
import type { Store } from '../store/store.ts';
import type { Watches } from '../store/watch.ts';
import type { Server } from './wire.ts';

/** What a body of a request may be; any other is refused before the handler runs. */
export type BodyType = 'none' | 'application/json' | 'message/rfc822';

/**
 * One method of one path. Routes are data, so that the guard, the answer to a wrong method and the tests apply to
 * all of them alike: a route can't be forgotten.
 */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** In Express's notation, as in `/api/messages/:id`. */
  readonly path: string;
  readonly body?: BodyType;
  readonly handle: RequestHandler;
}

/** What the handlers work with. */
export interface Backend {
  readonly store: Store;
  readonly deliver: Deliver;
  /** What is known of the running server but for what the store counts. */
  readonly about: () => Omit<Server, 'counts' | 'seq' | 'uptime'>;
  readonly watches: Watches;
  readonly refusals: Refusals;
  readonly now: () => Date;
  /** Sends a mail to the SMTP port and resolves with its id. */
  readonly sendTestMail: () => Promise<string>;
  /** Asks the SMTP port for its greeting. @throws with the reason */
  readonly greetSmtp: () => Promise<string>;
  /** Octets of the largest mail taken. */
  readonly messageBytes: number;
}
