import type { Request } from 'express';
import { z } from 'zod';
import type { EnvelopePath, Incoming } from '../../message/message.ts';
import { readHeaders } from '../../message/summary.ts';

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

/**
 * The mail in the body of `POST /api/messages`. Its envelope comes from `from` and `to` (repeatable) in the query, or
 * else from the headers, as a submission agent would do it (RFC 5321 §7.2 on Bcc).
 */
export function incomingOf(req: Request, given: z.output<typeof givenEnvelope>, receivedAt: Date): Incoming {
  const raw = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
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
