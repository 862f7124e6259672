/** What a client sends with SASL PLAIN (RFC 4616 §2). */
export interface Plain {
  /** Whose mail to open; empty for the user's own. */
  readonly authorization: string;
  readonly user: string;
  readonly password: string;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Decodes `[authzid] NUL authcid NUL passwd` in base64; a lone `=` is an empty response (RFC 5034 §4).
 * @returns null if it is anything else
 */
export function parsePlain(response: string): Plain | null {
  if (!BASE64.test(response)) return null;
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    const [authorization = '', user = '', password, ...more] = utf8.decode(Buffer.from(response, 'base64')).split('\0');
    if (user === '' || password === undefined || more.length > 0) return null;
    return { authorization, user, password };
  } catch {
    return null;
  }
}
