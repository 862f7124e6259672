import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { type Doors, openPop3, rest, sendBySmtp } from './doors.ts';
import { type Known, type Marks, Model, marksOf, UNMARKED } from './known.ts';
import { Mirror } from './mirror.ts';
import { type Mail, type Operation, RECIPIENTS } from './operations.ts';

/** A server that can be ended and started again. */
export interface Host {
  readonly doors: Doors;
  restart(how: 'stopped' | 'killed'): Promise<void>;
}

/** A server and its model: every operation is done to both, then they are compared. */
export class World {
  readonly #host: Host;
  readonly #model: Model;
  readonly #mirror = new Mirror(() => this.#rest.list());
  /** Whether the server has been the same since the feed was left. */
  #sameRun = true;

  /** @param limit of the server, in mails */
  constructor(host: Host, limit: number) {
    this.#host = host;
    this.#model = new Model(limit);
  }

  get ids(): readonly string[] {
    return this.#model.mails.map(({ id }) => id);
  }

  async start(): Promise<void> {
    await this.#mirror.open(this.#host.doors.url);
  }

  stop(): void {
    this.#mirror.close();
  }

  get #rest() {
    return rest(this.#host.doors);
  }

  async do(operation: Operation): Promise<void> {
    const model = this.#model;
    switch (operation.do) {
      case 'send': {
        const { doors } = this.#host;
        const ids = await Promise.all(operation.mails.map((mail) => sendBySmtp(doors, mail)));
        return this.#added(ids, operation.mails);
      }
      case 'put':
        return this.#added([(await this.#rest.put(operation.mail)).id], [operation.mail]);
      case 'mark': {
        const known = model.at(operation.at);
        if (!known) return;
        await this.#rest.mark(known.id, operation.change);
        return model.mark([known], operation.change);
      }
      case 'mark many': {
        const { updated } = await this.#rest.markMany(operation.recipient, operation.change);
        const mails = model.of(operation.recipient);
        expect(updated).toBe(mails.length);
        return model.mark(mails, operation.change);
      }
      case 'delete': {
        const known = model.at(operation.at);
        if (!known) return;
        await this.#rest.remove(known.id);
        await expect(this.#rest.raw(known.id)).rejects.toThrow('404');
        return model.remove([known]);
      }
      case 'delete many': {
        const { deleted } = await this.#rest.removeMany(operation.recipient);
        const mails = model.of(operation.recipient);
        expect(deleted).toBe(mails.length);
        return model.remove(mails);
      }
      case 'clear':
        expect(await this.#rest.clear()).toEqual({ deleted: model.mails.length });
        return model.remove(model.mails);
      case 'retrieve': {
        const mails = model.of(operation.recipient);
        const known = mails[operation.at % Math.max(1, mails.length)];
        if (!known) return;
        using pop3 = await openPop3(this.#host.doors, operation.recipient);
        const retrieved = await pop3.retrieve(mails.indexOf(known) + 1);
        expect(retrieved.toString('latin1')).toBe(onTheWire(known.raw).toString('latin1'));
        // Retrieving a mail marks it as read.
        return model.mark([known], { read: true });
      }
      case 'delete by POP3':
        return this.#deleteByPop3(operation.recipient, operation.numbers, operation.ends);
      case 'leave the feed':
        return this.#mirror.close();
      case 'return to the feed':
        return this.#watch();
      case 'restart':
        await this.#ended('stopped');
        return;
      case 'kill':
        return this.#kill(operation.mails);
    }
  }

  async #added(ids: readonly string[], mails: readonly Mail[]): Promise<void> {
    const known = await Promise.all(
      ids.map(async (id, n): Promise<Known> => {
        const { seq } = await this.#rest.message(id);
        const { raw, to } = mails[n] ?? { raw: Buffer.alloc(0), to: [] };
        return { id, seq, raw, to, marks: [UNMARKED] };
      }),
    );
    const newest = this.#model.mails.at(-1)?.seq ?? 0;
    for (const { seq } of known) expect(seq).toBeGreaterThan(newest);
    this.#model.add(...known);
  }

  async #deleteByPop3(recipient: string, numbers: readonly number[], ends: string): Promise<void> {
    const mails = this.#model.of(recipient);
    const chosen = numbers.filter((number) => number < mails.length);
    using pop3 = await openPop3(this.#host.doors, recipient);
    for (const number of chosen) await pop3.say(`DELE ${number + 1}`);
    if (ends === 'drop') return;
    if (ends === 'RSET') await pop3.say('RSET');
    await pop3.say('QUIT');
    if (ends === 'QUIT')
      this.#model.removeFrom(
        recipient,
        chosen.flatMap((number) => mails[number] ?? []),
      );
  }

  async #watch(): Promise<void> {
    if (this.#mirror.watching) return;
    const resumed = await this.#mirror.open(this.#host.doors.url);
    expect(resumed).toBe(this.#sameRun);
    this.#sameRun = true;
  }

  async #ended(how: 'stopped' | 'killed'): Promise<void> {
    this.#mirror.close();
    await this.#host.restart(how);
    this.#sameRun = false;
    this.#model.evicted = 0;
  }

  /** Acknowledged mail is there; mail in progress may be; the latest marks may be lost. */
  async #kill(mails: readonly Mail[]): Promise<void> {
    const { doors } = this.#host;
    const sent = await this.#whileSending(mails, doors);
    const { messages, counts } = await this.#rest.list();
    const before = new Set(this.ids);
    const arrived = messages.filter(({ id }) => !before.has(id));
    const kept: Known[] = [];
    for (const { id, seq, envelope } of arrived) {
      const raw = await this.#rest.raw(id);
      const isSame = ({ mail }: (typeof sent)[number]) =>
        mail.raw.equals(raw) && isDeepStrictEqual(mail.to, envelope.to);
      const mail =
        sent.find((one) => one.id === id && isSame(one)) ?? sent.find((one) => one.id === null && isSame(one));
      if (!mail) throw new Error(`${id} is there, and was not sent like that: ${JSON.stringify(String(raw))}`);
      sent.splice(sent.indexOf(mail), 1);
      kept.push({ id, seq, raw, to: mail.mail.to, marks: [UNMARKED] });
    }
    // No acknowledged mail is missing.
    expect(sent.filter(({ id }) => id !== null)).toEqual([]);
    this.#model.add(...kept);
    // Evictions were done before the end, or are done and counted by the next process.
    expect(counts.evicted).toBeLessThanOrEqual(this.#model.evicted);
    this.#model.evicted = counts.evicted;
    const held = new Map<string, ReadonlySet<string>>();
    for (const recipient of RECIPIENTS) {
      const listing = await this.#rest.of(recipient);
      held.set(recipient, new Set(listing.messages.map(({ id }) => id)));
    }
    for (const known of this.#model.mails) {
      const { read, tags } = messages.find(({ id }) => id === known.id) ?? UNMARKED;
      const deletedBy = known.to.filter((recipient) => !held.get(recipient)?.has(known.id)).sort();
      const marks: Marks = { read, tags, deletedBy };
      expect(known.marks).toContainEqual(marks);
      known.marks.push(marks);
    }
  }

  async #whileSending(mails: readonly Mail[], doors: Doors) {
    const sending = mails.map(async (mail) => ({ mail, id: await sendBySmtp(doors, mail).catch(() => null) }));
    // Kill at the first reply, if any: the other mails are in progress.
    if (sending.length > 0) await Promise.race(sending);
    const ended = this.#ended('killed');
    const [sent] = await Promise.all([Promise.all(sending), ended]);
    return sent;
  }

  /** All interfaces agree with the model. */
  async agrees(): Promise<void> {
    const { mails, evicted } = this.#model;
    const shown = mails.map((known) => ({
      id: known.id,
      seq: known.seq,
      size: known.raw.length,
      to: known.to,
      read: marksOf(known).read,
      tags: marksOf(known).tags,
    }));
    const listing = await this.#rest.list();
    expect(listing.messages.map(seen).reverse()).toEqual(shown);
    const counts = {
      total: mails.length,
      unread: shown.filter(({ read }) => !read).length,
      bytes: shown.reduce((sum, { size }) => sum + size, 0),
      evicted,
    };
    expect(listing).toMatchObject({ matched: mails.length, counts });
    expect((await this.#rest.server()).counts).toMatchObject(counts);
    const { addresses } = await this.#rest.mailboxes();
    expect(addresses.map(({ name, total, unread }) => ({ name, total, unread }))).toEqual(this.#mailboxes());
    const octets = await Promise.all(mails.map(({ id }) => this.#rest.raw(id)));
    expect(octets).toEqual(mails.map(({ raw }) => raw));

    using pop3 = await openPop3(this.#host.doors, 'all');
    expect(await pop3.uidl()).toEqual(mails.map(({ id }, n) => `${n + 1} ${id}`));
    expect(await pop3.sizes()).toEqual(mails.map(({ raw }, n) => `${n + 1} ${onTheWire(raw).length}`));

    if (!this.#mirror.watching) return;
    await this.#mirror.reached(listing.seq);
    expect(this.#mirror.mails.map(seen)).toEqual(shown);
  }

  #mailboxes() {
    return RECIPIENTS.flatMap((name) => {
      const mails = this.#model.of(name);
      const unread = mails.filter((known) => !marksOf(known).read).length;
      return mails.length === 0 ? [] : [{ name, total: mails.length, unread }];
    });
  }
}

/** In POP3 every line ends with CRLF (RFC 1939 §3), even if the mail has a bare LF. */
function onTheWire(raw: Buffer): Buffer {
  return Buffer.from(raw.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1');
}

function seen(summary: {
  id: string;
  seq: number;
  size: number;
  envelope: { to: readonly string[] };
  read: boolean;
  tags: readonly string[];
}) {
  const { id, seq, size, read, tags, envelope } = summary;
  return { id, seq, size, to: envelope.to, read, tags };
}
