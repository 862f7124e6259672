/** What a client on the wrong port speaks. */
export type Stranger = 'TLS' | 'HTTP';

/**
 * Matches a request line, either with a method that browsers send, however long its target, or with any method and a
 * version; and the field that every HTTP/1.1 request has, so that no page can send commands in a request that begins
 * differently. Any white space may separate the parts (RFC 9112 §3).
 */
const HTTP_REQUEST =
  /^(?:(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI|QUERY|PROPFIND)\s+\S|[!-~]{1,40}\s+\S{1,8000}\s+HTTP\/\d|Host\s*:\s*\S)/i;
/** The content type of a TLS handshake record and its version (RFC 8446 §5.1); no command begins with these. */
const HANDSHAKE = /^\x16(?:\x03|$)/;

/** @param begin the start of a connection or of a line, one char per octet; two are enough to detect TLS */
export function strangerIn(begin: string): Stranger | null {
  if (HANDSHAKE.test(begin)) return 'TLS';
  return HTTP_REQUEST.test(begin) ? 'HTTP' : null;
}
