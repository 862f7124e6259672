import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
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
  // Nor may it have half of a surrogate pair, which is no text.
  .regex(/^[^\p{Cc}\p{Cs}<>]*$/u, 'expected an address without control characters and angle brackets');

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
export async function incomingOf(req: Request, inQuery: GivenEnvelope, receivedAt: Date): Promise<Incoming> {
  const { envelope, raw }: Upload = req.body;
  const given = envelope === null ? inQuery : await readEnvelope(envelope, inQuery);
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
/** Most values and keys in its JSON: 10,000 recipients, and a few for the object, the list and the sender. */
const MAX_VALUES = 10_010;
/** Recipients checked per turn of the event loop. */
const CHECKED_AT_ONCE = 1000;
const LF = 0x0a;

/** Removes the first line, the envelope, from the pieces of a body. @throws {MailstopError} `bad-request` */
export function takeEnvelope(pieces: Buffer[]): Buffer {
  const last = pieces.findIndex((piece) => piece.includes(LF));
  const line = Buffer.concat(pieces.splice(0, last + 1));
  const end = line.indexOf(LF);
  if (line.length === 0 && pieces.every(({ length }) => length === 0)) throw noEnvelope('got an empty body');
  if (end === -1) throw noEnvelope('got a body without a line end');
  if (end > MAX_ENVELOPE) throw noEnvelope(`got no line end in its first ${MAX_ENVELOPE} octets`);
  pieces.unshift(line.subarray(end + 1));
  return line.subarray(0, end);
}

/** The recipients are checked one by one. */
const envelopeLine = z.strictObject({ from: path.optional(), to: z.array(z.unknown()).optional() });

/** Takes a few turns of the event loop, since there may be thousands of recipients. */
async function readEnvelope(line: Buffer, inQuery: GivenEnvelope): Promise<GivenEnvelope> {
  if (inQuery.from !== undefined || inQuery.to !== undefined)
    throw new MailstopError('bad-request', `${ENVELOPED} has the envelope in the body: leave out "from" and "to".`);
  checkShape(line, MAX_VALUES);
  if (!isUtf8(line)) throw noEnvelope('got something that is not UTF-8');
  await nextTurn();
  const { from, to } = read(envelopeLine, withFewFields(parsed(line)), 'envelope');
  for (const [index, recipient] of to?.entries() ?? []) {
    if (index % CHECKED_AT_ONCE === 0) await nextTurn();
    if (!path.safeParse(recipient).success)
      read(z.object({ [`to.${index}`]: path }), { [`to.${index}`]: recipient }, 'envelope');
  }
  return { from, to: to as string[] | undefined };
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch (error) {
    throw noEnvelope(`got ${clipped(reasonOf(error), 200)}`);
  }
}

/** An error about unknown fields names each. */
function withFewFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value);
  return fields.length <= 2 ? value : Object.fromEntries(fields.slice(0, 10));
}

function noEnvelope(got: string): MailstopError {
  return new MailstopError(
    'bad-request',
    `The body must begin with a line of JSON like {"from": "a@b.test", "to": ["c@d.test"]}: ${got}.`,
  );
}
