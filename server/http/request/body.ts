import express, { type RequestHandler } from 'express';
import { ENVELOPED } from '../../../wire/enveloped.ts';
import { MailstopError } from '../../../wire/errors.ts';
import { joined } from '../../net/joined.ts';
import type { Slices } from '../../slices.ts';
import { clipped } from '../answer/problem.ts';
import { type Backend, type BodyType, MEDIA_TYPES, type Route } from '../route.ts';
import { checkShape } from './json-shape.ts';
import { MAX_ENVELOPE, takeEnvelope, type Upload } from './upload.ts';

/** Octets of a JSON body; the largest real ones list some tags. */
const MAX_JSON = 64 * 1024;
/** Values and keys in a body. A schema may report several faults for each. */
const MAX_VALUES = 1000;

/** Reads the body of a route; refuses other types and sizes first. */
export function bodyOf({ body = 'none' }: Route, { messageBytes, slices }: Backend): RequestHandler[] {
  switch (body) {
    case 'none':
      return [onlyBody(body)];
    case 'application/json':
      return [
        onlyBody(body),
        express.json({
          limit: MAX_JSON,
          inflate: false,
          strict: false,
          verify: (_req, _res, json) => checkShape(json, MAX_VALUES),
        }),
        refuseProto,
      ];
    case 'message/rfc822':
      return [onlyBody(body), octets(messageBytes, slices)];
  }
}

/** Reads the body of an upload into Buffers, like `express.raw`, but does not join it in one go. */
function octets(messageBytes: number, slices: Slices): RequestHandler {
  return async (req, _res, next) => {
    const limit = messageBytes + (req.is(ENVELOPED) ? MAX_ENVELOPE : 0);
    const encoding = req.headers['content-encoding'] ?? 'identity';
    if (encoding.toLowerCase() !== 'identity')
      throw new MailstopError(
        'unsupported-media-type',
        `Content-Encoding "${clipped(encoding, 200)}" is not supported: send the mail as it is.`,
      );
    const pieces: Buffer[] = [];
    let size = Number(req.headers['content-length'] ?? 0);
    const assertFits = () => {
      if (size > limit)
        throw new MailstopError('body-too-large', `The mail is too large: the limit is ${limit} octets.`);
    };
    assertFits();
    size = 0;
    try {
      // Keep the connection, so that a client that sends too much gets the error.
      for await (const piece of req.iterator({ destroyOnReturn: false })) {
        size += piece.length;
        assertFits();
        pieces.push(piece);
      }
    } catch (error) {
      // The client is gone: nobody would get the response.
      if (req.destroyed && !req.complete) return;
      throw error;
    }
    const envelope = req.is(ENVELOPED) ? takeEnvelope(pieces) : null;
    const rest = pieces.reduce((sum, { length }) => sum + length, 0);
    const raw = await slices.run(joined(pieces, rest));
    req.body = { envelope, raw } satisfies Upload;
    next();
  };
}

/** Refuses a body of any other type: a form on another site can send text/plain, but never these. */
function onlyBody(expected: BodyType): RequestHandler {
  return (req, _res, next) => {
    const given = req.headers['content-type'];
    const empty = !req.headers['transfer-encoding'] && (req.headers['content-length'] ?? '0') === '0';
    // A mail may be empty.
    const filled = !empty || expected === 'message/rfc822';
    const fits = expected === 'none' ? empty || req.method === 'GET' : filled && req.is([...MEDIA_TYPES[expected]]);
    // RFC 8259 §8.1. In UTF-7, say, `checkShape` would not see the brackets. If there are several charsets, all must be
    // UTF-8.
    const otherCharset = /;\s*charset\s*=\s*(?!"?utf-8"?\s*(?:;|$))/i.test(given ?? '');
    const isJson = expected === 'application/json' || req.is(ENVELOPED);
    if (fits && !(isJson && otherCharset)) return next();
    const wanted = {
      none: 'no body',
      'application/json': 'a body of type application/json in UTF-8',
      'message/rfc822': `a body of type ${MEDIA_TYPES['message/rfc822'].join(' or ')}`,
    }[expected];
    const got = empty ? 'none' : `"${given?.slice(0, 200) ?? 'no Content-Type'}"`;
    throw new MailstopError('unsupported-media-type', `${req.method} ${req.path} takes ${wanted}, got ${got}.`);
  };
}

/**
 * Refuses `__proto__`. JSON allows this name, but zod silently drops it from a record, so a test of a header with this
 * name would pass for every mail.
 */
const refuseProto: RequestHandler = (req, _res, next) => {
  const path = pathToProto(req.body);
  if (path === null) return next();
  throw new MailstopError('bad-request', `body "${clipped(path, 200)}": this name can't be used.`);
};

function pathToProto(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    if (name === '__proto__') return name;
    const path = pathToProto(inner);
    if (path !== null) return `${name}.${path}`;
  }
  return null;
}
