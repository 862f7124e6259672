import type { BadEnd } from '../net/bad-ends.ts';
import type { Stranger } from '../net/stranger.ts';
import type { Loss } from './link.ts';
import { countOf, type State } from './session/state.ts';

/** What is known about a connection that has ended. */
interface Ended {
  readonly state: State;
  /** The reply that was being sent. */
  readonly sending: 'RETR' | 'TOP' | null;
  readonly loss: Loss | null;
  readonly stranger: Stranger | null;
  /** Whether STLS is offered here. */
  readonly stls: boolean;
}

/** What to log for a connection that has ended; null if nothing was wrong. */
export function badEndOf({ state, sending, loss, stranger, stls }: Ended): Omit<BadEnd, 'peer'> | null {
  if (state.name === 'closed') return null;
  const stage =
    sending ?? (state.name === 'transaction' || state.name === 'update' ? 'after the login' : 'before the login');
  if (stranger) return { stage, reason: strangeReason(stranger, stls) };
  if (loss) return { stage, ...loss };
  if (state.name === 'transaction' && state.deleted.size > 0)
    return {
      stage,
      reason: `the client left without QUIT, so nothing was deleted (${countOf(state.deleted.size)} marked)`,
    };
  return null;
}

function strangeReason(stranger: Stranger, stls: boolean): string {
  if (stranger === 'HTTP')
    return 'the client sent an HTTP request to the POP3 port; the inbox and REST are on the HTTP port';
  const instead = stls ? 'STLS (STARTTLS) or no TLS' : 'no TLS (STLS needs --tls auto)';
  return `the client began with TLS on the port for plain POP3: set it to ${instead}, or use a port of --pop3s-port (Python: poplib.POP3, not POP3_SSL)`;
}
