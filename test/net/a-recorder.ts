import { SessionRecorder } from '../../server/net/sessions.ts';
import type { SessionRecord } from '../../wire/state.ts';

/** A recorder for tests, and what it saved: the latest state of each session, by id. */
export function aRecorder() {
  const saved = new Map<string, SessionRecord>();
  let sessions = 0;
  const recorder = new SessionRecorder({
    now: () => new Date('2026-01-02T03:04:05Z'),
    newId: () => `session-${String(++sessions).padStart(4, '0')}`,
    save: (session) => void saved.set(session.id, session),
  });
  return { recorder, saved };
}
