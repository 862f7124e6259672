import type { Summary } from '../../client/index.ts';
import { NO_FLAGS } from '../../wire/flags.ts';

/** A list row with defaults for all fields not given. */
export function summary(id: string, seq: number, rest: Partial<Summary> = {}): Summary {
  return {
    id,
    seq,
    receivedAt: new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(),
    size: 100,
    from: { name: '', address: 'app@example.test' },
    to: [{ name: '', address: 'ada@example.test' }],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: `Mail ${id}`,
    date: null,
    messageId: null,
    envelope: { from: 'app@example.test', to: ['ada@example.test'] },
    username: null,
    ...NO_FLAGS,
    tags: [],
    attachments: null,
    preview: null,
    warnings: [],
    ...rest,
  };
}
