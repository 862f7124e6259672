import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { MailstopError } from '../../wire/errors.ts';

export interface GuardOptions {
  /** Host names to answer to beside the local ones; `*.example.org` admits all below it. */
  readonly allowedHosts: readonly string[];
  /** Origins that may do what our own pages may, like `http://localhost:3000`. */
  readonly allowedOrigins: readonly string[];
}

/**
 * What the inbox may load. Nothing of a mail is ever part of this page: its HTML has a page of its own, see `answer/html-page.ts`.
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

/**
 * What every answer carries, the refusals of this file included: a browser doesn't guess its type, doesn't keep it, doesn't
 * show it in a frame and doesn't hand it to a page of another origin.
 */
export const SAFE_HEADERS = {
  'Content-Security-Policy': PAGE_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  // Or the host of each link in a mail's text would be looked up before anybody follows it.
  'X-DNS-Prefetch-Control': 'off',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

/**
 * Inline images are asked for by the framed mail, whose origin is opaque and so foreign to ours. Only by a real id,
 * which nobody can guess (`store/ids.ts`): "latest" and queries would answer questions about mail that a page doesn't know.
 */
const FRAMED_IMAGE = /^\/api\/messages\/[A-Za-z0-9_-]{8,64}\/attachments\/\d{1,9}$/;

/** Pages that are the same whatever mail there is, so that a link from anywhere may lead to them. */
const LINKABLE = /^\/(?:connect|messages\/[A-Za-z0-9_-]{8,64}|api\/docs)?$/;

/**
 * The paths under `/api` that a browser may load when we can't tell which page is asking: those whose answer doesn't depend
 * on mail, and those that the inbox opens in windows and frames by a real id. All other routes are refused.
 */
const NAVIGABLE =
  /^\/api\/(?:docs|openapi\.json|certificate|messages\/[A-Za-z0-9_-]{8,64}(?:\/(?:raw|html(?:\?remote=1)?|text|headers|parts|attachments\/\d{1,9}))?)$/;

/**
 * Throws unless the request may be answered: the one gate for every route, the feed and the files of the inbox.
 *
 * A page of another origin can make a browser send requests to this server, and can tell apart more than it can read:
 * whether something loaded, was downloaded or failed. So it gets nothing that depends on what mail there is. DNS
 * rebinding makes it look same-origin, so the Host is checked against names that no stranger's DNS can claim. A port of
 * the same machine is another origin, too ("same-site"): the app under development must not read its own mail by script.
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
    // An Origin that has come this far is ours.
    if (origin !== undefined || isFromUs(request)) return;
    if (!reads || !isFromBrowser(request) || !isApi(request)) return;
    if (NAVIGABLE.test(request.url ?? '')) return;
    throw new MailstopError(
      'forbidden-origin',
      'A browser may ask for this only at localhost or over HTTPS, where it says which page is asking: the answer depends on ' +
        'the mail here. Expected a page of the inbox, or the id of a mail.',
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
    // The framed mail, which has no origin, could not show its inline images.
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
  // Node takes the first of several; what is in front of us may have taken the last (RFC 9112 §3.2).
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1) throw new MailstopError('bad-request', `Expected one Host, got ${hosts.length}.`);
}

/** The checks here and the router must see the same path, so a target in any other form than a path is refused. */
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

/** As the framed mail loads its pictures: its origin is "null", where a browser sends it at all. */
function loadsMedia({ headers }: IncomingMessage): boolean {
  const { origin = 'null', 'sec-fetch-mode': mode = 'no-cors', 'sec-fetch-dest': dest = 'image' } = headers;
  return origin === 'null' && mode === 'no-cors' && ['image', 'audio', 'video'].includes(dest);
}

/**
 * Over plain HTTP under any other name than localhost, browsers don't say which page asks. But when one navigates, in a
 * window or a frame, it asks for XHTML, and whatever it loads, it says what it is and the languages of its user. A page
 * can change none of that. Programs that call themselves a browser, as those of Cypress and Playwright do, name no language.
 */
function isFromBrowser({ headers }: IncomingMessage): boolean {
  const { accept = '', 'user-agent': agent = '', 'accept-language': languages } = headers;
  return accept.includes('application/xhtml+xml') || (agent.startsWith('Mozilla/') && languages !== undefined);
}

/** Whether a page of ours asks. A page of another origin can leave the Referer out, and no more. */
function isFromUs({ headers: { referer = '', host = '' } }: IncomingMessage): boolean {
  return referer.toLowerCase().startsWith(`http://${host.toLowerCase()}/`);
}

/** Whether a page of another origin may be asking, which is let through where the answer says nothing of what mail there is. */
export function isFromForeignPage(request: IncomingMessage): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin !== undefined) return !isOurs(origin, request);
  return isFromBrowser(request) && !isFromUs(request);
}

/** As the router may, it takes any case and any encoding. */
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

/** The name in a Host header, without port, brackets and the root's dot; null when it isn't one. */
function hostnameOf(host: string | undefined): string | null {
  const [, bracketed, plain] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?$/.exec(host ?? '') ?? [];
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

/** Whether an Origin is that of the page that we serve under this Host: scheme, name and port. */
function isOurs(origin: string, request: IncomingMessage): boolean {
  return origin.toLowerCase() === `http://${request.headers.host ?? ''}`.toLowerCase();
}
