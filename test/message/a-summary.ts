import type { Incoming, Summary } from '../../server/message/message.ts';
import { NO_FLAGS } from '../../wire/flags.ts';

/** The summary of a plain mail, with the given fields changed. */
export function aSummary(facts: Partial<Summary> = {}): Summary {
  return {
    id: 'summary-1',
    seq: 1,
    receivedAt: new Date('2026-01-02T03:04:05Z'),
    size: 100,
    from: null,
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: null,
    date: null,
    messageId: null,
    envelope: { from: '', to: [] },
    username: null,
    ...NO_FLAGS,
    tags: [],
    deletedFrom: null,
    attachments: null,
    preview: null,
    warnings: [],
    ...facts,
  };
}

interface MailFacts {
  readonly raw?: string | Buffer;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly username?: string | null;
  readonly receivedAt?: Date;
}

/** A mail on its way in, with an envelope and the given bytes. */
export function anIncoming({
  raw = 'Subject: hello\r\n\r\nHi.\r\n',
  from = 'app@x.test',
  to = ['ada@x.test'],
  username = null,
  receivedAt = new Date('2026-01-02T03:04:05Z'),
}: MailFacts = {}): Incoming {
  return {
    raw: Buffer.from(raw),
    envelope: { from: { address: from, parameters: {} }, to: to.map((address) => ({ address, parameters: {} })) },
    peer: { address: '127.0.0.1', port: 50000, helo: 'app', protocol: 'ESMTP', tls: null, username },
    receivedAt,
    warnings: [],
  };
}
