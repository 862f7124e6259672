import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Query } from '../../../wire/query/query.ts';
import type { Summary } from '../../message/message.ts';
import { Inquiry } from '../../message/query/inquiry.ts';
import type { Sent } from '../../message/query/judging.ts';
import { asksForRegex, matcherOf } from '../../message/query/matches.ts';
import type { Verdict } from '../../message/query/verdict.ts';
import { doneOrAborted, inLanes } from '../lanes.ts';
import type { Listing, Page } from '../store.ts';
import { searchError } from '../unfinished.ts';
import { type Bodies, sentOf } from './bodies.ts';
import type { Entry } from './entry.ts';
import { PackedSeqs } from './packed-seqs.ts';
import { SearchQueue } from './search-queue.ts';
import type { Shelf } from './shelf.ts';

/** How long a search may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 4;
/** The clock is looked at once for this many octets of headers: telling the time takes as long as looking at some mails. */
const LOOKS_AT_CLOCK = 131_072;
/** What a small mail counts as. */
const LEAST_OCTETS = 2048;
/** What a recipient counts as. */
const RECIPIENT = 64;
/** How many bodies are asked for at once: enough to keep the parser busy, few enough to stop soon. */
const BODIES_AT_ONCE = 16;
/** What goes to a thread at a time. A search has one of these under way, so that many go on by turns. */
const SIFTED_AT_ONCE = { mails: 100, chars: 262_144 };

/** What ends a search before all that it hangs on has been found out. */
export interface Until {
  /** Ends it in vain. */
  readonly signal?: AbortSignal | undefined;
  /** Ends it with what has been decided so far, once the main thread has looked at all mails. */
  readonly cut?: AbortSignal | undefined;
}

export interface Found {
  /** In the order of the store, newest first. */
  readonly found: readonly Entry[];
  /** Those that may match: a thread had not answered when the search was cut. */
  readonly undecided: readonly Entry[];
}

/** What the main thread can tell: all, or which mails may match, and of which of them it is unknown. */
type Looked = { readonly found: readonly Entry[] } | Unknown;

interface Unknown {
  readonly maybe: PackedSeqs;
  readonly unknown: PackedSeqs;
  /** Whether a thread may know more without the octets. */
  readonly sifts: boolean;
}

type Listed = Pick<Listing, 'messages' | 'undecided' | 'matched'>;

/**
 * Finds mails. What the main thread can tell at once it tells, in slices; where the answer hangs on a body that has not
 * been parsed, or takes long to find, like a regular expression, a thread is asked: so a search is right at any time.
 * Those that need a thread have a queue of their own, in which they don't hold up the others.
 */
export class Searches {
  readonly #quick = new SearchQueue(1);
  readonly #deep = new SearchQueue(4);

  readonly #shelf: Pick<Shelf, 'entries' | 'has'>;
  readonly #bodies: Pick<Bodies, 'sift' | 'judgeWhole'>;
  readonly #now: () => Date;

  constructor(shelf: Pick<Shelf, 'entries' | 'has'>, bodies: Pick<Bodies, 'sift' | 'judgeWhole'>, now: () => Date) {
    this.#shelf = shelf;
    this.#bodies = bodies;
    this.#now = now;
  }

  /** @throws the signal's reason, once it is aborted; {MailstopError} `too-many-searches`, `bad-query`, `search-failed` */
  async search(query: Query, { signal, cut }: Until = {}): Promise<Found> {
    const looked = await this.#quick.take(() => this.#look(query, signal), signal);
    if ('found' in looked) return { found: looked.found.filter((entry) => this.#shelf.has(entry)), undecided: [] };
    const { found, open, missed } = await this.#lookDeeper(query, looked, { signal, cut });
    const there = this.#there(looked.maybe);
    return {
      found: there.filter((entry) => found.has(entry) || !(open.has(entry) || missed.has(entry))),
      undecided: there.filter((entry) => open.has(entry)),
    };
  }

  /** Those that are still in the store. */
  #there(seqs: PackedSeqs): readonly Entry[] {
    return [...seqs.among(this.#shelf.entries.newestFirst())];
  }

  /** A page of what is found. @throws like `search` */
  async page(query: Query, page: Page, signal?: AbortSignal): Promise<Listed> {
    const { found, undecided } = await this.search(query, { signal, cut: page.cut });
    return { messages: summariesOf(pageOf(found, page)), undecided: summariesOf(undecided), matched: found.length };
  }

  /** What has to be asked of threads may wait long for its turn, and is packed for as long. */
  async #look(query: Query, signal: AbortSignal | undefined): Promise<Looked> {
    const matcher = matcherOf(query);
    const now = this.#now().getTime();
    const maybe: Entry[] = [];
    const unknown: Entry[] = [];
    let sifts = asksForRegex(query);
    const slice = new Slice();
    for (const entry of this.#shelf.entries.newestFirst()) {
      // The headers may be all of the mail, and may have to be read; the recipients are not part of it.
      if (slice.isOver(entry.summary.size + RECIPIENT * entry.summary.envelope.to.length)) await slice.next(signal);
      const inquiry = new Inquiry(entry, now);
      const verdict = matcher(inquiry);
      slice.count(inquiry.looked);
      if (verdict !== false) maybe.push(entry);
      if (verdict !== 'unknown') continue;
      unknown.push(entry);
      sifts ||= inquiry.isSpent || entry.head === null;
    }
    if (unknown.length === 0) return { found: maybe };
    return { maybe: new PackedSeqs(maybe), unknown: new PackedSeqs(unknown), sifts };
  }

  /** Asks threads. What is still open at the end has not been decided: the search was cut. */
  async #lookDeeper(query: Query, { unknown, sifts }: Unknown, { signal, cut }: Until): Promise<Doubtful> {
    let begun: Doubtful | null = null;
    const until = AbortSignal.any([signal, cut].filter((one) => one !== undefined));
    try {
      await this.#deep.take(async () => {
        const doubtful = new Doubtful(this.#there(unknown));
        begun = doubtful;
        if (sifts) await this.#sift(query, doubtful, until);
        await inLanes(doubtful.open, { width: BODIES_AT_ONCE, until: [until] }, async (entry) => {
          const answer = await this.#bodies.judgeWhole(entry, [query], { urgency: 'search', signal: until });
          doubtful.decide(entry, answer?.[0] ?? false);
        });
      }, until);
    } catch (error) {
      // What ends it calls off what is under way, which then fails.
      if (!until.aborted) throw searchError(error);
    }
    signal?.throwIfAborted();
    return begun ?? new Doubtful(this.#there(unknown));
  }

  /** Leaves open what only the octets can tell. */
  async #sift(query: Query, doubtful: Doubtful, until: AbortSignal) {
    let batch: Entry[] = [];
    let mails: Sent[] = [];
    let chars = 0;
    const flush = async () => {
      const sifting = this.#bodies.sift(query, mails, until);
      await doneOrAborted([until], () => sifting);
      until.throwIfAborted();
      const verdicts = await sifting;
      for (const [i, entry] of batch.entries()) doubtful.decide(entry, verdicts[i] ?? 'unknown');
      [batch, mails, chars] = [[], [], 0];
    };
    const slice = new Slice();
    for (const entry of [...doubtful.open]) {
      if (slice.isOver(LOOKS_AT_CLOCK)) await slice.next(until);
      const mail = sentOf(entry);
      batch.push(entry);
      mails.push(mail);
      // Without a head the lists that it is made of are long.
      chars += (mail.head?.length ?? SIFTED_AT_ONCE.chars) + (mail.body?.text?.length ?? 0);
      if (batch.length < SIFTED_AT_ONCE.mails && chars < SIFTED_AT_ONCE.chars) continue;
      await flush();
      slice.begin();
    }
    if (batch.length > 0) await flush();
  }
}

/** Mails that the main thread can't tell of, until they are decided. */
class Doubtful {
  readonly open: Set<Entry>;
  readonly found = new Set<Entry>();
  readonly missed = new Set<Entry>();

  constructor(entries: Iterable<Entry>) {
    this.open = new Set(entries);
  }

  decide(entry: Entry, verdict: Verdict): void {
    if (verdict === 'unknown') return;
    this.open.delete(entry);
    (verdict ? this.found : this.missed).add(entry);
  }
}

/** A time that the event loop may be held. */
class Slice {
  #until = performance.now() + SLICE_MS;
  /** Since the clock was looked at. */
  #octets = LOOKS_AT_CLOCK;

  /** Adds what was looked through, which cost about as much. */
  count(octets: number): void {
    this.#octets += octets;
  }

  /** @param octets of the mail that comes next */
  isOver(octets: number): boolean {
    this.#octets += Math.max(octets, LEAST_OCTETS);
    if (this.#octets < LOOKS_AT_CLOCK) return false;
    this.#octets = 0;
    return performance.now() > this.#until;
  }

  /** @throws the signal's reason, once it is aborted */
  async next(signal: AbortSignal | undefined): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
    this.begin();
  }

  begin(): void {
    this.#until = performance.now() + SLICE_MS;
  }
}

/** The window on all mails, newest first. */
export function pageOfAll(entries: Shelf['entries'], page: Page): Listed {
  return { messages: summariesOf(entries.page(page)), undecided: [], matched: entries.size };
}

/** The window on what was found, newest first. */
function pageOf(found: readonly Entry[], { limit, offset = 0, before = Number.POSITIVE_INFINITY, after = -1 }: Page) {
  return found.filter(({ seq }) => seq > after && seq < before).slice(offset, offset + limit);
}

function summariesOf(entries: readonly Entry[]): readonly Summary[] {
  return entries.map(({ summary }) => summary);
}
