import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { MailstopError } from '../../wire/errors.ts';

export interface GuardOptions {
  /** Host names to accept besides the local ones; `*.example.org` matches all its subdomains. */
  readonly allowedHosts: readonly string[];
  /** Origins with the same rights as our own pages, like `http://localhost:3000`. */
  readonly allowedOrigins: readonly string[];
}

/** What the inbox may load. A mail's HTML is never part of this page; it has its own, see `answer/html-page.ts`. */
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

/**
 * Headers of every response, including the errors of this file: a browser must not guess its type, cache it, show it in
 * a frame or expose it to a page of another origin.
 */
export const SAFE_HEADERS = {
  'Content-Security-Policy': PAGE_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  // Otherwise browsers would look up the host of each link in a mail's text before anybody follows it.
  'X-DNS-Prefetch-Control': 'off',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

/**
 * Inline images are requested by the framed mail, whose origin is opaque and so not ours. Only by a real id, which
 * nobody can guess (`store/ids.ts`): "latest" and queries would let a foreign page probe for mail.
 */
const FRAMED_IMAGE = /^\/api\/messages\/[A-Za-z0-9_-]{8,64}\/attachments\/\d{1,9}$/;

/** Pages that do not depend on the stored mail, so any site may link to them. */
const LINKABLE = /^\/(?:connect|messages\/[A-Za-z0-9_-]{8,64}|api\/docs)?$/;

/**
 * Paths under `/api` that a browser may load when we can't tell which page is asking: those whose response doesn't
 * depend on mail, and those that the inbox opens in windows and frames by a real id. All other routes are refused.
 */
const NAVIGABLE =
  /^\/api\/(?:docs|openapi\.json|certificate|messages\/[A-Za-z0-9_-]{8,64}(?:\/(?:raw|html(?:\?remote=1)?|text|headers|parts|attachments\/\d{1,9}))?)$/;

/**
 * Throws unless the request is allowed: the one gate for every route, the feed and the files of the inbox.
 *
 * A page of another origin can make a browser send requests to this server. It can't read the responses, but it can see
 * whether something loaded, was downloaded or failed. So it gets nothing that depends on the stored mail. DNS rebinding
 * makes such a page look same-origin, so the Host is checked against names that an attacker's DNS can't claim. Another
 * port of the same machine is another origin too ("same-site"): scripts of the app under test must not read its mail.
 *
 * @throws {MailstopError} `bad-request`, `forbidden-host`, `forbidden-origin`
 */
export function checkRequest(request: IncomingMessage, { allowedHosts, allowedOrigins }: GuardOptions): void {
  checkHost(request, allowedHosts);
  checkTarget(request);
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest = '' } = request.headers;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (reads && isFramedImage(request) && loadsMedia(request)) return;
  if (origin !== undefined) {
    if (allowedOrigins.includes(origin)) return;
    if (!isOurs(origin, request)) {
      throw new MailstopError(
        'forbidden-origin',
        `Origin "${origin}" may not do this: expected a page of this server or an origin given with --allowed-origin.`,
      );
    }
  }
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined) {
    // An Origin that got this far is ours.
    if (origin !== undefined || isFromUs(request)) return;
    if (!reads || !isFromBrowser(request) || !isApi(request)) return;
    if (NAVIGABLE.test(request.url ?? '')) return;
    throw new MailstopError(
      'forbidden-origin',
      'Open Mailstop at localhost or over HTTPS: elsewhere a browser does not say which page is asking (Sec-Fetch-Site), ' +
        'and may only load the pages of the inbox and mails by their id.',
    );
  }
  if (reads && mode === 'navigate' && dest === 'document' && LINKABLE.test(targetOf(request).path)) return;
  throw new MailstopError(
    'forbidden-origin',
    `A page of another origin may not load this (Sec-Fetch-Site is "${site}"): expected a link to the inbox or to one of its mails.`,
  );
}

export function guard(options: GuardOptions): RequestHandler {
  return (req, res, next) => {
    res.set(SAFE_HEADERS);
    // The framed mail has no origin, so with this header it could not show its inline images.
    if (isFramedImage(req)) res.removeHeader('Cross-Origin-Resource-Policy');
    checkRequest(req, options);
    next();
  };
}

function checkHost(request: IncomingMessage, allowedHosts: readonly string[]): void {
  const { host } = request.headers;
  const hostname = hostnameOf(host);
  if (hostname === null || !isLocalName(hostname, allowedHosts)) {
    throw new MailstopError(
      'forbidden-host',
      `Host "${host ?? ''}" is not a name of this server: expected localhost, an IP address, a name without dots, or one given with --allowed-host.`,
    );
  }
  // Node takes the first of several; a proxy in front of us may have taken the last (RFC 9112 §3.2).
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1) throw new MailstopError('bad-request', `Expected one Host header, got ${hosts.length}.`);
}

/** The checks here and the router must see the same path, so a target that is not a plain path is refused. */
function checkTarget({ url = '' }: IncomingMessage): void {
  if (url.startsWith('/') ? !url.includes('#') : url === '*') return;
  throw new MailstopError(
    'bad-request',
    `Request target "${url.slice(0, 100)}": expected a path that begins with "/".`,
  );
}

function targetOf({ url = '' }: IncomingMessage): { readonly path: string; readonly query: string | null } {
  const [path = '', ...query] = url.split('?');
  return { path, query: query.length > 0 ? query.join('?') : null };
}

function isFramedImage(request: IncomingMessage): boolean {
  const { path, query } = targetOf(request);
  return query === null && FRAMED_IMAGE.test(path);
}

/**
 * Whether the request looks like a framed mail loading its images: Origin is "null", if the browser sends it at all.
 */
function loadsMedia({ headers }: IncomingMessage): boolean {
  const { origin = 'null', 'sec-fetch-mode': mode = 'no-cors', 'sec-fetch-dest': dest = 'image' } = headers;
  return origin === 'null' && mode === 'no-cors' && ['image', 'audio', 'video'].includes(dest);
}

/**
 * Over plain HTTP under a name other than localhost, browsers don't say which page is asking. But when a browser
 * navigates, in a window or a frame, it accepts XHTML; and it always sends User-Agent and Accept-Language. A page can
 * change none of these. HTTP clients with a browser's User-Agent (Cypress, Playwright) send no Accept-Language.
 */
function isFromBrowser({ headers }: IncomingMessage): boolean {
  const { accept = '', 'user-agent': agent = '', 'accept-language': languages } = headers;
  return accept.includes('application/xhtml+xml') || (agent.startsWith('Mozilla/') && languages !== undefined);
}

/** Whether one of our pages is asking. A page of another origin can omit the Referer, but can't forge it. */
function isFromUs({ headers: { referer = '', host = '' } }: IncomingMessage): boolean {
  return referer.toLowerCase().startsWith(`http://${host.toLowerCase()}/`);
}

/**
 * Whether a page of another origin may be asking. It is allowed where the response reveals nothing about stored mail.
 */
export function isFromForeignPage(request: IncomingMessage): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin !== undefined) return !isOurs(origin, request);
  return isFromBrowser(request) && !isFromUs(request);
}

/** Accepts any case and percent-encoding, as the router may. */
function isApi(request: IncomingMessage): boolean {
  return /^\/api(?:\/|$)/i.test(decoded(targetOf(request).path));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The name in a Host header, without port, brackets and trailing dot; null when invalid. */
function hostnameOf(host: string | undefined): string | null {
  const [, bracketed, plain] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?$/.exec(host ?? '') ?? [];
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '') ?? null;
}

function isLocalName(hostname: string, allowed: readonly string[]): boolean {
  // A name without a dot is a container or a machine on this network: public DNS does not resolve it.
  if (!hostname.includes('.') || isIP(hostname) !== 0 || hostname.endsWith('.localhost')) return true;
  return allowed.some((name) => {
    const wanted = name.toLowerCase();
    return wanted.startsWith('*.') ? hostname.endsWith(wanted.slice(1)) : hostname === wanted;
  });
}

/** Whether an Origin is our own under this Host: same scheme, name and port. */
function isOurs(origin: string, request: IncomingMessage): boolean {
  return origin.toLowerCase() === `http://${request.headers.host ?? ''}`.toLowerCase();
}
