import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { MailstopError } from '../errors.ts';

export interface GuardOptions {
  /** Host names to answer to beside the local ones; `*.example.org` admits all below it. */
  readonly allowedHosts: readonly string[];
  /** Origins that may write and read the feed beside our own, like `http://localhost:3000`. */
  readonly allowedOrigins: readonly string[];
}

/**
 * What the inbox may load. Nothing of a mail is ever part of this page: its HTML has a page of its own, see `html-page.ts`.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Inline images are asked for by the framed mail, whose origin is opaque and so foreign to ours. */
const FRAMED_IMAGE = /^\/api\/messages\/[^/]+\/attachments\/\d+$/;

/**
 * Throws unless the request may be answered: the one gate for every route, the feed and the files of the inbox.
 *
 * A page of another site can make a browser send requests to this server. DNS rebinding makes them look same-origin,
 * so the Host is checked against names that no stranger's DNS can claim; whatever writes or listens must come from
 * our own pages or from no page at all.
 *
 * @throws {MailstopError} `forbidden-host`, `forbidden-origin`
 */
export function checkRequest(request: IncomingMessage, { allowedHosts, allowedOrigins }: GuardOptions): void {
  const { host, origin } = request.headers;
  const hostname = hostnameOf(host);
  if (hostname === null || !isLocalName(hostname, allowedHosts)) {
    throw new MailstopError(
      'forbidden-host',
      `Host "${host ?? ''}" is not a name of this server: expected localhost, an IP address, a name without dots, or one given with --allowed-host.`,
    );
  }
  const [path = ''] = (request.url ?? '').split('?');
  const writes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method ?? '');
  const listens = request.headers.upgrade !== undefined;
  if (origin !== undefined && (writes || listens) && !isOurs(origin, request) && !allowedOrigins.includes(origin)) {
    throw new MailstopError(
      'forbidden-origin',
      `Origin "${origin}" may not do this: expected a page of this server or an origin given with --allowed-origin.`,
    );
  }
  if (request.headers['sec-fetch-site'] !== 'cross-site' || allowedOrigins.includes(origin ?? '')) return;
  // A link that somebody follows to here is fine, a page that loads from here is not.
  const follows =
    !writes && request.headers['sec-fetch-mode'] === 'navigate' && request.headers['sec-fetch-dest'] === 'document';
  if (follows || (!writes && FRAMED_IMAGE.test(path))) return;
  throw new MailstopError(
    'forbidden-origin',
    'A page of another site may not load this (Sec-Fetch-Site is "cross-site").',
  );
}

export function guard(options: GuardOptions): RequestHandler {
  return (req, res, next) => {
    checkRequest(req, options);
    res.set({
      'Content-Security-Policy': PAGE_POLICY,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
    // Not on inline images: the framed mail, which is of no origin, could not show them.
    if (!FRAMED_IMAGE.test(req.path)) res.set('Cross-Origin-Resource-Policy', 'same-origin');
    next();
  };
}

/** The name in a Host header, without port, brackets and the root's dot; null when it isn't one. */
function hostnameOf(host: string | undefined): string | null {
  const [, bracketed, plain] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:/?#@\\[\]\s]+))(?::\d{1,5})?$/.exec(host ?? '') ?? [];
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '') ?? null;
}

function isLocalName(hostname: string, allowed: readonly string[]): boolean {
  // A name without a dot is a container or a machine of this network: no public DNS answers for it.
  if (!hostname.includes('.') || isIP(hostname) !== 0 || hostname.endsWith('.localhost')) return true;
  return allowed.some((name) => {
    const wanted = name.toLowerCase();
    return wanted.startsWith('*.') ? hostname.endsWith(wanted.slice(1)) : hostname === wanted;
  });
}

/** Whether an Origin is the page that we serve under the Host that was asked for: scheme, name and port. */
function isOurs(origin: string, request: IncomingMessage): boolean {
  return origin.toLowerCase() === `http://${request.headers.host ?? ''}`.toLowerCase();
}
