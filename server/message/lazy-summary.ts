import { type Flag, forEachFlag } from '../../wire/flags.ts';
import type { Address, Attachment, DeletedFrom, Summary } from './message.ts';

/** Values from the header block, or derived from it. */
export type FromHeaders = Pick<Summary, 'from' | 'to' | 'cc' | 'bcc' | 'replyTo' | 'subject' | 'date' | 'messageId'>;
type Known = Omit<Summary, keyof FromHeaders>;

/**
 * A summary that reads the header block on first use of one of its values. Under load, most mails are evicted before
 * anybody looks at them, so their headers are never read.
 */
export class LazySummary implements Summary {
  readonly id: string;
  readonly seq: number;
  readonly receivedAt: Date;
  readonly size: number;
  readonly envelope: Summary['envelope'];
  readonly username: string | null;
  readonly read: boolean;
  readonly tags: readonly string[];
  readonly pinned: boolean;
  readonly flagged: boolean;
  readonly deletedFrom: DeletedFrom | null;
  readonly attachments: readonly Attachment[] | null;
  readonly preview: string | null;
  readonly warnings: Summary['warnings'];
  readonly #headers: { readonly read: FromHeaders };

  /** @param headers accessed for each header value; it caches what it has read */
  constructor(known: Known, headers: { readonly read: FromHeaders }) {
    this.id = known.id;
    this.seq = known.seq;
    this.receivedAt = known.receivedAt;
    this.size = known.size;
    this.envelope = known.envelope;
    this.username = known.username;
    this.read = known.read;
    this.tags = known.tags;
    this.pinned = known.pinned;
    this.flagged = known.flagged;
    this.deletedFrom = known.deletedFrom;
    this.attachments = known.attachments;
    this.preview = known.preview;
    this.warnings = known.warnings;
    this.#headers = headers;
  }

  get from(): Address | null {
    return this.#headers.read.from;
  }

  get to(): readonly Address[] {
    return this.#headers.read.to;
  }

  get cc(): readonly Address[] {
    return this.#headers.read.cc;
  }

  get bcc(): readonly Address[] {
    return this.#headers.read.bcc;
  }

  get replyTo(): readonly Address[] {
    return this.#headers.read.replyTo;
  }

  get subject(): string | null {
    return this.#headers.read.subject;
  }

  get date(): Date | null {
    return this.#headers.read.date;
  }

  get messageId(): string | null {
    return this.#headers.read.messageId;
  }

  /** The same as plain data, which can be sent to a thread. */
  plain(): Summary {
    return { ...this, ...this.#headers.read };
  }

  /** The same mail, changed. The headers are read once for all its summaries. */
  with(
    change: Partial<Pick<Summary, Flag | 'tags' | 'deletedFrom' | 'attachments' | 'preview' | 'warnings'>>,
  ): LazySummary {
    const { id, seq, receivedAt, size, envelope, username } = this;
    return new LazySummary(
      {
        id,
        seq,
        receivedAt,
        size,
        envelope,
        username,
        ...forEachFlag((flag) => change[flag] ?? this[flag]),
        tags: change.tags ?? this.tags,
        deletedFrom: change.deletedFrom ?? this.deletedFrom,
        attachments: change.attachments ?? this.attachments,
        preview: change.preview ?? this.preview,
        warnings: change.warnings ?? this.warnings,
      },
      this.#headers,
    );
  }
}
