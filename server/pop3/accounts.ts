import { createHash, timingSafeEqual } from 'node:crypto';
import { saslprep } from './session/saslprep.ts';
import type { Login } from './session/state.ts';

/** Passwords by login name; null if any password is accepted. */
export type Accounts = ReadonlyMap<string, string> | null;

/**
 * Whether a login may open the mailbox it asks for. Like mailboxes, names are compared ignoring case. The response time
 * reveals neither whether the name exists nor how much of the password was right.
 * @param timestamp from the greeting, used for APOP digests
 */
export function admits(accounts: Accounts, login: Login, timestamp: string): boolean {
  if (accounts === null) return true;
  const name = nameOf(login.user);
  let password: string | null = null;
  for (const [user, secret] of accounts) if (nameOf(user) === name) password = saslprep(secret);
  const right = login.by === 'digest' ? digestOf(timestamp, password ?? '') : (password ?? '');
  const given = login.by === 'digest' ? login.digest : (saslprep(login.password) ?? '');
  // A user may only open the mailbox with the same name, whatever authorization identity it asks for (RFC 4616 §2).
  return (
    timingSafeEqual(sha256(given), sha256(right)) &&
    password !== null &&
    name !== null &&
    nameOf(login.mailbox) === name
  );
}

function nameOf(user: string): string | null {
  return saslprep(user)?.toLowerCase() ?? null;
}

/** RFC 1939 §7 */
function digestOf(timestamp: string, password: string): string {
  return createHash('md5').update(timestamp).update(password).digest('hex');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
