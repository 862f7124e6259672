import type { SessionRecord } from '../../wire/state.ts';

/** A session for tests: open, without mail, except for the fields given. */
export function aSession(id: string, more: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id,
    protocol: 'SMTP',
    peer: '192.0.2.1:4711',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    outcome: 'open',
    reason: null,
    helo: null,
    username: null,
    tls: null,
    from: null,
    to: [],
    mails: 0,
    refusals: 0,
    refusal: null,
    messages: [],
    transcript: '0 S 220 hello\n',
    ...more,
  };
}
