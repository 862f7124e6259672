import type { Request } from 'express';
import { z } from 'zod';
import { ENVELOPED } from '../../../wire/enveloped.ts';
import { MailstopError, reasonOf } from '../../../wire/errors.ts';
import type { EnvelopePath, Incoming } from '../../message/message.ts';
import { readHeaders } from '../../message/summary.ts';
import { clipped } from '../answer/problem.ts';
import { checkShape } from './json-shape.ts';
import { read } from './request.ts';

/** An address that the envelope of an upload may have: no control characters or angle brackets, which end a command. */
const path = z
  .string()
  .max(320)
  .regex(/^[^\p{Cc}<>]*$/u, 'expected an address without control characters and angle brackets');

/** The query parameters that set the envelope of an upload. */
export const givenEnvelope = z.object({
  from: path.optional().describe('Envelope sender; empty for the null sender.'),
  to: z.array(path).optional().describe('Envelope recipient; may be repeated.'),
});

type GivenEnvelope = z.output<typeof givenEnvelope>;

/** The body of an upload. */
export interface Upload {
  /** The line of JSON in front of the mail; null when the body is only the mail. */
  readonly envelope: Buffer | null;
  readonly raw: Buffer;
}

/**
 * The mail of `POST /api/messages`. Its envelope comes from the body if that has one, from `from` and `to` (repeatable)
 * in the query, or else from the headers, as a submission agent would do it (RFC 5321 §7.2 on Bcc).
 * @throws {MailstopError} `bad-request`
 */
export function incomingOf(req: Request, inQuery: GivenEnvelope, receivedAt: Date): Incoming {
  const { envelope, raw }: Upload = req.body;
  const given = envelope === null ? inQuery : readEnvelope(envelope, inQuery);
  const { from, to, cc, bccHeader } = readHeaders(raw);
  return {
    raw,
    envelope: {
      from: toPath(given.from ?? from?.address ?? ''),
      to: (given.to ?? [...to, ...cc, ...bccHeader].map(({ address }) => address)).map(toPath),
    },
    peer: {
      address: req.socket.remoteAddress ?? '',
      port: req.socket.remotePort ?? 0,
      helo: null,
      protocol: 'HTTP',
      tls: null,
      username: null,
    },
    receivedAt,
    warnings: [],
  };
}

function toPath(address: string): EnvelopePath {
  return { address, parameters: {} };
}

/** Octets of an envelope in a body. As many recipients as SMTP takes, of maximum length, need less. */
export const MAX_ENVELOPE = 4 * 1024 * 1024;
/** Values and keys in it. */
const MAX_VALUES = 20_000;
const LF = 0x0a;

/** Removes the first line, the envelope, from the pieces of a body. @throws {MailstopError} `bad-request` */
export function takeEnvelope(pieces: Buffer[]): Buffer {
  const last = pieces.findIndex((piece) => piece.includes(LF));
  const line = Buffer.concat(pieces.splice(0, last + 1));
  const end = line.indexOf(LF);
  if (end === -1 || end > MAX_ENVELOPE) throw noEnvelope(`got no LF in its first ${MAX_ENVELOPE} octets`);
  pieces.unshift(line.subarray(end + 1));
  return line.subarray(0, end);
}

const envelopeLine = z.strictObject(givenEnvelope.shape);

function readEnvelope(line: Buffer, inQuery: GivenEnvelope): GivenEnvelope {
  if (inQuery.from !== undefined || inQuery.to !== undefined)
    throw new MailstopError('bad-request', `${ENVELOPED} has the envelope in the body: leave out "from" and "to".`);
  checkShape(line, MAX_VALUES);
  let json: unknown;
  try {
    json = JSON.parse(line.toString());
  } catch (error) {
    throw noEnvelope(`got ${clipped(reasonOf(error), 200)}`);
  }
  return read(envelopeLine, json, 'envelope');
}

function noEnvelope(got: string): MailstopError {
  return new MailstopError(
    'bad-request',
    `The body must begin with a line of JSON like {"from": "a@b.test", "to": ["c@d.test"]}: ${got}.`,
  );
}
