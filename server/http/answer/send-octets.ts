import type { Response } from 'express';
import { MailstopError } from '../../../wire/errors.ts';
import { isFromForeignPage } from '../guard.ts';
import { clipped } from './problem.ts';

interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Sends immutable octets, or the requested range of them (RFC 9110 §14), so that an interrupted download can be
 * resumed. A page of another origin always gets all of them: the reply to a range would reveal their number.
 * @param tag the ETag, unique to these octets
 * @param headers that describe the octets
 * @throws {MailstopError} `range-not-satisfiable`
 */
export function sendOctets(
  res: Response,
  tag: string,
  headers: Readonly<Record<string, string>>,
  octets: Buffer,
): void {
  const { req } = res;
  const etag = `"${tag}"`;
  res.set({ 'Accept-Ranges': 'bytes', ETag: etag });
  if (req.fresh) return void res.status(304).end();
  const range = isFromForeignPage(req) ? null : rangeOf(req, etag, octets.length);
  const send = (some: Buffer) => {
    // Node omits the body in a response to HEAD.
    res.set({ ...headers, 'Content-Length': String(some.length) }).end(some);
  };
  if (range === null) return send(octets);
  const { first, last } = range;
  if (first > last) {
    res.set('Content-Range', `bytes */${octets.length}`);
    const asked = clipped(req.headers.range ?? '', 100);
    throw new MailstopError('range-not-satisfiable', `Range "${asked}" has none of the ${octets.length} octets.`);
  }
  res.status(206).set('Content-Range', `bytes ${first}-${last}/${octets.length}`);
  send(octets.subarray(first, last + 1));
}

/**
 * The requested range; empty (`first > last`) when it lies outside the octets. Null for everything, also for several
 * ranges and for an invalid range (RFC 9110 §14.2).
 */
function rangeOf({ method, headers }: Response['req'], etag: string, length: number): Range | null {
  const { range = '', 'if-range': unless = etag } = headers;
  if (method !== 'GET' || unless !== etag) return null;
  const [, from, to, suffix] = /^bytes=[ \t]*(?:(\d+)-(\d*)|-(\d+))[ \t]*$/i.exec(range) ?? [];
  if (suffix !== undefined) return { first: Math.max(0, length - Number(suffix)), last: length - 1 };
  if (from === undefined) return null;
  const [first, last] = [Number(from), to ? Number(to) : Number.POSITIVE_INFINITY];
  return first > last ? null : { first, last: Math.min(last, length - 1) };
}
