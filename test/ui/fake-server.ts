import type { Counts, Frame, Listing, Summary } from '../../client/index.ts';
import { summary } from './samples.ts';

/** The server as the inbox sees it: mails in order, and a frame for each change. */
export class FakeServer {
  /** Oldest first. */
  mails: Summary[] = [];
  frames: Frame[] = [];
  #seq = 0;
  #evicted = 0;

  get counts(): Counts {
    const { length } = this.mails;
    return { total: length, unread: this.mails.filter(({ read }) => !read).length, bytes: 0, evicted: this.#evicted };
  }

  /** Adds a mail; over `limit`, the oldest are evicted. */
  add(limit = Number.POSITIVE_INFINITY): void {
    const seq = ++this.#seq;
    this.mails.push(summary(`mail-${seq}`, seq, { tags: seq % 3 === 0 ? ['third'] : [] }));
    const message = this.mails.at(-1);
    if (message) this.frames.push({ type: 'added', seq, message, counts: this.counts });
    const loose = this.mails.filter(({ pinned }) => !pinned).map(({ id }) => id);
    const over = loose.slice(0, Math.max(0, this.mails.length - limit));
    if (over.length === 0) return;
    this.mails = this.mails.filter(({ id }) => !over.includes(id));
    this.#evicted += over.length;
    this.frames.push({ type: 'removed', seq: ++this.#seq, ids: over, reason: 'evicted', counts: this.counts });
  }

  remove(indexes: readonly number[]): void {
    const ids = new Set(indexes.flatMap((index) => this.mails[index]?.id ?? []));
    if (ids.size === 0) return;
    this.mails = this.mails.filter(({ id }) => !ids.has(id));
    this.frames.push({ type: 'removed', seq: ++this.#seq, ids: [...ids], reason: 'deleted', counts: this.counts });
  }

  read(index: number): void {
    const mail = this.mails[index];
    if (!mail) return;
    this.mails[index] = { ...mail, read: true };
    const change = { read: true };
    this.frames.push({ type: 'updated', seq: ++this.#seq, ids: [mail.id], change, counts: this.counts });
  }

  pin(index: number, pinned: boolean): void {
    const mail = this.mails[index];
    if (!mail) return;
    this.mails[index] = { ...mail, pinned };
    const change = { pinned };
    this.frames.push({ type: 'updated', seq: ++this.#seq, ids: [mail.id], change, counts: this.counts });
  }

  /** Deletes it over POP3 from the mailbox that the query shows. */
  deleteFromMailbox(index: number): void {
    const mail = this.mails[index];
    if (!mail) return;
    this.mails[index] = { ...mail, tags: [] };
    const change = { deletedBy: 'third' };
    this.frames.push({ type: 'updated', seq: ++this.#seq, ids: [mail.id], change, counts: this.counts });
  }

  clear(): void {
    this.mails = [];
    this.frames.push({ type: 'cleared', seq: ++this.#seq, counts: this.counts });
  }

  hello({ resumed }: { resumed: boolean }): void {
    this.frames.push({ type: 'hello', epoch: 'epoch-1', seq: this.#seq, counts: this.counts, resumed });
  }

  /** Newest first. Only supports queries for a tag. */
  matching(query: string): readonly Summary[] {
    return this.mails.filter(({ tags }) => query === '' || tags.includes(query)).toReversed();
  }

  list(query: string, { offset, limit }: { offset: number; limit: number }): Listing {
    const all = this.matching(query);
    const messages = all.slice(offset, offset + limit);
    return {
      messages,
      matched: all.length,
      total: this.mails.length,
      cursor: null,
      counts: this.counts,
      seq: this.#seq,
    };
  }
}
