import { type BadEnd, reasonOfError } from '../net/bad-ends.ts';
import type { Stranger } from '../net/stranger.ts';

/** What a connection is busy with. */
export type Stage = 'handshake' | 'commands' | 'transaction' | 'data' | 'storing';

const STAGES: Readonly<Record<Stage, string>> = {
  handshake: 'TLS handshake',
  commands: 'waiting for a command',
  transaction: 'between MAIL and DATA',
  data: 'DATA',
  storing: 'storing the mail',
};

/** What is known about a connection that has ended. */
export interface Ended {
  readonly stage: Stage;
  /** Why Mailstop closed it, or why a handshake failed. */
  readonly why: Pick<BadEnd, 'reason' | 'code'> | null;
  readonly error: Error | null;
  /** The client never sent anything: it may have probed whether the port is open. */
  readonly silent: boolean;
  /** How much of a mail had been received. */
  readonly octets: number;
}

/** What to log for a connection that ended without QUIT; null if nothing was wrong. */
export function badEndOf({ stage, why, error, silent, octets }: Ended): Omit<BadEnd, 'peer'> | null {
  const at = { stage: STAGES[stage] };
  if (why) return { ...at, ...why };
  if (silent) return null;
  const failure = error ? reasonOfError(error) : { reason: 'the client closed the connection' };
  switch (stage) {
    case 'data':
      return {
        ...at,
        ...failure,
        reason: `${failure.reason}; the incomplete mail was discarded (${octets} octets)`,
      };
    case 'transaction':
    case 'handshake':
      return { ...at, ...failure };
    // A client that closes cleanly without waiting for a reply or for QUIT does no harm.
    case 'storing':
    case 'commands':
      return error ? { ...at, ...failure } : null;
  }
}

/** Names a client that does not speak SMTP, and what to change in it. @param tls whether STARTTLS is offered here */
export function strangeReason(stranger: Stranger, tls: boolean): string {
  if (stranger === 'HTTP')
    return 'the client sent an HTTP request to the SMTP port; the inbox and REST are on the HTTP port';
  const instead = tls ? 'STARTTLS or no TLS' : 'no TLS (STARTTLS needs --tls auto)';
  return `the client began with TLS on the port for plain SMTP: set it to ${instead}, or use a port of --smtps-port (Python: smtplib.SMTP, not SMTP_SSL; yagmail: smtp_ssl=False${tls ? '' : ', smtp_starttls=False'})`;
}
