import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { ErrorCode } from '../../wire/errors.ts';
import type { Server } from '../../wire/message.ts';
import type { Deliver } from '../message/message.ts';
import type { Slices } from '../net/slices.ts';
import type { DiskSpace } from '../store/events.ts';
import type { SavedSearches } from '../store/searches.ts';
import type { Store } from '../store/store.ts';
import type { Refusals } from '../store/wait/refusals.ts';
import type { Watches } from '../store/wait/watch.ts';
import { readParameters } from './request/request.ts';

/** What a body of a request may be; any other is refused before the handler runs. */
export type BodyType = 'none' | 'application/json' | 'message/rfc822';

/**
 * One method of one path. Routes are data, so that the guard, the answer to a wrong method and the tests apply to
 * all of them alike: a route can't be forgotten.
 */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In Express's notation, as in `/api/messages/:id`. */
  readonly path: string;
  readonly body?: BodyType;
  readonly doc: RouteDoc;
  readonly handle: RequestHandler;
}

/** A route whose handler is given the query parameters, read as `doc.query` says. Any other is refused. */
export function route<Q extends z.ZodObject = typeof NO_PARAMETERS>({
  handle,
  ...rest
}: Omit<Route, 'handle' | 'doc'> & {
  readonly doc: RouteDoc & { readonly query?: Q };
  readonly handle: (req: Request, res: Response, query: z.output<Q>) => unknown;
}): Route {
  const parameters = rest.doc.query ?? NO_PARAMETERS;
  return { ...rest, handle: (req, res) => handle(req, res, readParameters(parameters, req) as z.output<Q>) };
}

const NO_PARAMETERS = z.object({});

/** What a client has to know of a route; the API's description is made from it. */
export interface RouteDoc {
  /** The name of the operation in code that is generated from the description. */
  readonly id: string;
  /** A sentence. */
  readonly does: string;
  /** The query parameters, as the handler gets them: a number, not its digits. An array is sent by repeating the name. */
  readonly query?: z.ZodObject;
  /** The JSON body. */
  readonly takes?: z.ZodType;
  /** The answer: a schema, or the media types that it may have. */
  readonly gives: z.ZodType | string | readonly string[];
  /** Of the answer; 200 without it. */
  readonly status?: 201;
  /** Whether `Range` is heeded: then 206 is an answer, too. */
  readonly ranged?: true;
  /** Beside what any route may answer. */
  readonly fails?: readonly ErrorCode[];
  /** An answer other than `gives` that has a schema of its own. */
  readonly otherwise?: { readonly status: number; readonly type: string; readonly gives: z.ZodType };
}

/** What the handlers work with. */
export interface Backend {
  /** By which requests share the event loop. */
  readonly slices: Slices;
  readonly store: Store;
  readonly deliver: Deliver;
  readonly version: string;
  /** What is known of the running server but for what the store counts. */
  readonly about: () => Omit<Server, 'counts' | 'seq' | 'uptime' | 'disk'>;
  readonly searches: SavedSearches;
  /** The disk as it is now; `state` is null when nothing is to be left free, `refusal` when mail is taken. */
  readonly lookAtDisk: () => Promise<{ readonly state: DiskSpace | null; readonly refusal: string | null }>;
  readonly watches: Watches;
  readonly refusals: Refusals;
  readonly now: () => Date;
  /** Sends a mail to the SMTP port and resolves with its id. */
  readonly sendTestMail: () => Promise<string>;
  /** Asks the SMTP port for its greeting. @throws with the reason */
  readonly greetSmtp: () => Promise<string>;
  /** What TLS shows, PEM; null when TLS is off. */
  readonly certificate: string | null;
  /** Octets of the largest mail taken. */
  readonly messageBytes: number;
}
