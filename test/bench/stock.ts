import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Closer } from '../../server/closer.ts';
import { greeted } from './child.ts';
import { getJson } from './http-client.ts';
import { fill } from './load.ts';
import { mails } from './mails.ts';
import { type Mailstop, type MailstopPorts, startMailstop } from './subjects.ts';

/** This many mails have a word that no other has; all of them if there are fewer. */
export const NEEDLES = 10;

/** Each mail is for Ada and for one of these. */
const MAILBOXES = 5;

/** A server with this many mails, all parsed. */
export interface Stocked {
  readonly mailstop: Mailstop;
  /** From the last mail's acceptance until the texts of all were ready, in milliseconds. */
  readonly parsedAfter: number;
}

/** Servers full of mail. Filling one takes longer than measuring it, so that the measurements share them. */
export class Stock implements AsyncDisposable {
  readonly #opened = new Closer();
  readonly #servers = new Map<number, Promise<Stocked>>();

  /** The server with `count` mails of 5 KB in memory; filled when it is first asked for. */
  of(count: number): Promise<Stocked> {
    const server = this.#servers.get(count) ?? this.#fill(count);
    this.#servers.set(count, server);
    return server;
  }

  async #fill(count: number): Promise<Stocked> {
    console.error(`filling a server with ${count.toLocaleString('en')} mails`);
    // One more than there are, so that a mail added for a deletion evicts no other.
    const mailstop = await startMailstop('--max-messages', `${count + 1}`, '--max-bytes', '2g');
    this.#opened.use(mailstop);
    const { smtp } = mailstop.ports;
    await greeted(mailstop, smtp);
    const needles = Math.min(NEEDLES, count);
    const to = (n: number) => ['ada@example.org', `user-${n % MAILBOXES}@example.org`];
    for (let part = 0; part < needles; part++) {
      await fill(smtp, 8, mails.medium, Math.floor(count / needles) - 1, to);
      await fill(smtp, 1, mails.needle, 1, to);
    }
    const over = performance.now();
    await parsed(mailstop.ports);
    return { mailstop, parsedAfter: performance.now() - over };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened[Symbol.asyncDispose]();
  }
}

const server = z.object({ counts: z.object({ total: z.number() }) });
const listing = z.object({ messages: z.array(z.object({ preview: z.string().nullable() })) });

/** Resolves when the oldest mails have a preview: the newest are parsed first, so the oldest come last. */
export async function parsed({ http }: MailstopPorts): Promise<void> {
  const api = `http://127.0.0.1:${http}/api`;
  for (;;) {
    const { counts } = await getJson(`${api}/server`, server);
    const offset = Math.max(0, counts.total - 50);
    const oldest = await getJson(`${api}/messages?limit=50&offset=${offset}`, listing);
    if (oldest.messages.every(({ preview }) => preview !== null)) return;
    await sleep(100);
  }
}
