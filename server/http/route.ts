import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { ENVELOPED } from '../../wire/enveloped.ts';
import type { ErrorCode } from '../../wire/errors.ts';
import type { Server } from '../../wire/state.ts';
import type { Deliver } from '../message/message.ts';
import type { Slices } from '../slices.ts';
import type { DiskSpace } from '../store/events.ts';
import type { Store } from '../store/store.ts';
import type { Watches } from '../store/wait/watch.ts';
import { readParameters } from './request/request.ts';

/** What a request body may be; anything else is refused before the handler runs. */
export type BodyType = keyof typeof MEDIA_TYPES;

/** The media types of each. */
export const MEDIA_TYPES = {
  none: [],
  'application/json': ['application/json'],
  'message/rfc822': ['message/rfc822', ENVELOPED],
} as const;

/**
 * One method of one path. Routes are data, so that the guard, the reply to a wrong method and the tests cover all of
 * them: a route can't be forgotten.
 */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In Express's notation, as in `/api/messages/:id`. */
  readonly path: string;
  readonly body?: BodyType;
  readonly doc: RouteDoc;
  readonly handle: RequestHandler;
}

/** A route whose handler gets the query parameters, parsed by `doc.query`. Unknown parameters are refused. */
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

/** What a client has to know about a route; the OpenAPI document is generated from it. */
export interface RouteDoc {
  /** Name of the operation in code generated from the OpenAPI document. */
  readonly id: string;
  /** One sentence. */
  readonly does: string;
  /** The query parameters, as the handler gets them: a number, not its digits. An array is sent by repeating the name. */
  readonly query?: z.ZodObject;
  /** The JSON body. */
  readonly takes?: z.ZodType;
  /** The response: a schema, or its possible media types. */
  readonly gives: z.ZodType | string | readonly string[];
  /** Status of the response; default 200. */
  readonly status?: 201;
  /** Whether `Range` is supported: then the response may also be 206. */
  readonly ranged?: true;
  /** In addition to the errors of every route. */
  readonly fails?: readonly ErrorCode[];
  /** A response other than `gives` that has its own schema. */
  readonly otherwise?: { readonly status: number; readonly type: string; readonly gives: z.ZodType };
}

/** What the handlers work with. */
export interface Backend {
  /** Lets requests share the event loop. */
  readonly slices: Slices;
  readonly store: Store;
  readonly deliver: Deliver;
  readonly version: string;
  /** Facts about the running server, except what the store counts. */
  readonly about: () => Omit<Server, 'counts' | 'epoch' | 'seq' | 'uptime' | 'disk'>;
  /** In milliseconds, even if the clock is set in the meantime. */
  readonly uptime: () => number;
  /** The disk right now; `state` is null when there is no floor of free space, `refusal` while mail is accepted. */
  readonly lookAtDisk: () => Promise<{ readonly state: DiskSpace | null; readonly refusal: string | null }>;
  readonly watches: Watches;
  readonly now: () => Date;
  /** Sends a mail to the SMTP port; resolves with its id. */
  readonly sendTestMail: () => Promise<string>;
  /** Fetches the greeting of the SMTP port. @throws with the reason */
  readonly greetSmtp: () => Promise<string>;
  /** The TLS certificate, PEM; null when TLS is off. */
  readonly certificate: string | null;
  /** Size limit of a mail, in octets. */
  readonly messageBytes: number;
}
