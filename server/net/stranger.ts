/** What a client speaks that has come to the wrong port. */
export type Stranger = 'TLS' | 'HTTP';

/**
 * A request line with a method that browsers send, however long its target is, or with any method and a version; and the
 * field that every HTTP/1.1 request has, so that no page can send commands in a request that begins in another way. Any
 * white space may be between the parts (RFC 9112 §3).
 */
const HTTP_REQUEST =
  /^(?:(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI|QUERY|PROPFIND)\s+\S|[!-~]{1,40}\s+\S{1,8000}\s+HTTP\/\d|Host\s*:\s*\S)/i;
/** The content type of a TLS handshake record and its version (RFC 8446 §5.1); no command begins with them. */
const HANDSHAKE = /^\x16(?:\x03|$)/;

/** @param begin the beginning of a connection or of a line, one char per octet; two are enough to know TLS */
export function strangerIn(begin: string): Stranger | null {
  if (HANDSHAKE.test(begin)) return 'TLS';
  return HTTP_REQUEST.test(begin) ? 'HTTP' : null;
}
