import type { SessionRecord, SessionSummary } from '../../../wire/state.ts';
import type { Refused, SessionFilter } from '../store.ts';

const REMEMBERED = 1000;
const REMEMBERED_REFUSALS = 200;

/** The latest sessions, and the latest mails that SMTP refused, for the reports of failed waits. */
export class Sessions {
  /** In order of their start: a Map keeps the place of a key that is set again. */
  readonly #latest = new Map<string, SessionRecord>();
  readonly #refusals: Refused[] = [];

  save(session: SessionRecord): void {
    this.#latest.set(session.id, session);
    const [oldest] = this.#latest.keys();
    if (oldest !== undefined && this.#latest.size > REMEMBERED) this.#latest.delete(oldest);
  }

  addRefusal(refused: Refused): void {
    this.#refusals.push(refused);
    if (this.#refusals.length > REMEMBERED_REFUSALS) this.#refusals.shift();
  }

  refusalsSince(time: Date): readonly Refused[] {
    return this.#refusals.filter((refused) => refused.time >= time);
  }

  get(id: string): SessionRecord | null {
    return this.#latest.get(id) ?? null;
  }

  list(filter: SessionFilter, limit: number): { sessions: readonly SessionSummary[]; matched: number } {
    const matching = [...this.#latest.values()].filter((session) => matches(session, filter)).reverse();
    return { sessions: matching.slice(0, limit).map(summaryOf), matched: matching.length };
  }
}

function matches(session: SessionRecord, { protocol, outcome, peer, address, message }: SessionFilter): boolean {
  if (protocol !== undefined && session.protocol !== protocol) return false;
  if (outcome !== undefined && session.outcome !== outcome) return false;
  if (peer !== undefined && session.peer !== peer && session.peer.replace(/:\d+$/, '') !== peer) return false;
  if (message !== undefined && !session.messages.includes(message)) return false;
  if (address === undefined) return true;
  const wanted = address.toLowerCase();
  return [session.from, session.username, ...session.to].some((given) => given?.toLowerCase() === wanted);
}

function summaryOf({ messages: _, transcript: __, ...summary }: SessionRecord): SessionSummary {
  return summary;
}
