import type { Query } from '../../../wire/query/query.ts';
import type { Summary } from '../../message/message.ts';
import { Inquiry } from '../../message/query/inquiry.ts';
import { asksForRegex, type Candidate, matcherOf } from '../../message/query/matches.ts';
import { Slices } from '../../slices.ts';
import type { Archive } from '../archive.ts';
import { doneOrAborted, inLanes } from '../lanes.ts';
import type { Listing, Page } from '../store.ts';
import { searchError } from '../unfinished.ts';
import { type Bodies, bodyWith } from './bodies.ts';
import { bothInOrder, Doubtful, PackedSeqs, Sorted } from './decided.ts';
import { type Entry, idsOf } from './entry.ts';
import { SearchQueue } from './search-queue.ts';
import type { Shelf } from './shelf.ts';
import { LOOKS_AT_CLOCK, Slice } from './slice.ts';

/** What a recipient counts as. */
const RECIPIENT = 64;
/** Bodies requested at once: enough to keep the parser busy, few enough to stop soon. */
const BODIES_AT_ONCE = 16;
/** Batch size for a thread. A search has only one batch under way, so that searches take turns. */
const SIFTED_AT_ONCE = { mails: 100, chars: 262_144 };

/** Mails whose texts or headers are read together, when they are not at hand. */
const READ_AT_ONCE = { mails: 64, octets: LOOKS_AT_CLOCK };

type AskedBodies = Pick<Bodies, 'sent' | 'sift' | 'texts' | 'charsOf' | 'judgeWhole'>;

interface SearchesOptions {
  readonly shelf: Pick<Shelf, 'entries' | 'has'>;
  readonly bodies: AskedBodies;
  readonly headers: Archive['headers'];
  readonly now: () => Date;
}

/** A mail that can't be decided with what is at hand. */
interface Lacking {
  readonly entry: Entry;
  readonly inquiry: Pick<Inquiry, 'lacksText' | 'lacksHeaders'>;
}

/** What ends a search before it is complete. */
export interface Until {
  /** Ends it with an error. */
  readonly signal?: AbortSignal | undefined;
  /** Ends it with what has been decided so far, once the main thread has examined all mails. */
  readonly cut?: AbortSignal | undefined;
}

export interface Found {
  /** Newest first. */
  readonly found: readonly Entry[];
  /** Mails that may match: a thread had not answered when the search was cut. */
  readonly undecided: readonly Entry[];
}

/** The result of the main thread: the final matches, or the possible matches and which of them are undecided. */
type Looked = { readonly found: readonly Entry[] } | Unknown;

interface Unknown {
  readonly maybe: PackedSeqs;
  readonly unknown: PackedSeqs;
  /** Whether a thread may know more without the octets. */
  readonly sifts: boolean;
}

type Listed = Pick<Listing, 'messages' | 'undecided' | 'matched'>;

/**
 * Finds mails. The main thread decides what it can, in time slices. If the verdict depends on a body that has not been
 * parsed, or is slow to compute, like a regular expression, a worker thread decides. So results are always correct.
 * Searches that need a thread have their own queue, so that they don't hold up the others.
 */
export class Searches {
  readonly #quick = new SearchQueue(1);
  readonly #deep = new SearchQueue(4);
  readonly #slices = new Slices();

  readonly #shelf: Pick<Shelf, 'entries' | 'has'>;
  readonly #bodies: AskedBodies;
  readonly #headers: Archive['headers'];
  readonly #now: () => Date;

  constructor({ shelf, bodies, headers, now }: SearchesOptions) {
    this.#shelf = shelf;
    this.#bodies = bodies;
    this.#headers = headers;
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

  /** Mails of these that are still in the store. */
  #there(seqs: PackedSeqs): readonly Entry[] {
    return [...seqs.among(this.#shelf.entries.newestFirst())];
  }

  /** A page of the results. @throws like `search` */
  async page(query: Query, page: Page, signal?: AbortSignal): Promise<Listed> {
    const { found, undecided } = await this.search(query, { signal, cut: page.cut });
    return { messages: summariesOf(pageOf(found, page)), undecided: summariesOf(undecided), matched: found.length };
  }

  /** Examines all mails on the main thread. What needs a thread may wait long, so it is returned packed. */
  async #look(query: Query, signal: AbortSignal | undefined): Promise<Looked> {
    const matcher = matcherOf(query);
    const now = this.#now().getTime();
    const [atHand, later] = [new Sorted(), new Sorted()];
    const slice = new Slice();
    let lacking: Lacking[] = [];
    let octets = 0;
    const complete = async () => {
      for (const { entry, candidate } of await this.#completed(lacking)) {
        const inquiry = new Inquiry(candidate, now);
        later.add(entry, matcher(inquiry), inquiry);
        slice.count(inquiry.looked);
      }
      [lacking, octets] = [[], 0];
    };
    for (const entry of this.#shelf.entries.newestFirst()) {
      // The headers may be the whole mail and may have to be read; the envelope recipients are not part of its size.
      const size = entry.summary.size + RECIPIENT * entry.summary.envelope.to.length;
      if (slice.isOver(size)) await slice.next(signal);
      const inquiry = new Inquiry(entry, now);
      const verdict = matcher(inquiry);
      slice.count(inquiry.looked);
      if (verdict === false) continue;
      if (verdict !== 'unknown' || !(inquiry.lacksText || inquiry.lacksHeaders)) {
        atHand.add(entry, verdict, inquiry);
        continue;
      }
      lacking.push({ entry, inquiry });
      octets += size;
      if (lacking.length >= READ_AT_ONCE.mails || octets >= READ_AT_ONCE.octets) await complete();
    }
    if (lacking.length > 0) await complete();
    const maybe = bothInOrder(atHand.maybe, later.maybe);
    const unknown = bothInOrder(atHand.unknown, later.unknown);
    if (unknown.length === 0) return { found: maybe };
    const sifts = asksForRegex(query) || atHand.sifts || later.sifts;
    return { maybe: new PackedSeqs(maybe), unknown: new PackedSeqs(unknown), sifts };
  }

  /** The mails with what they lack. */
  async #completed(lacking: readonly Lacking[]): Promise<readonly { entry: Entry; candidate: Candidate }[]> {
    const texts = lacking.flatMap(({ entry, inquiry }) => (inquiry.lacksText ? [entry] : []));
    const headers = lacking.flatMap(({ entry, inquiry }) => (inquiry.lacksHeaders ? [entry] : []));
    const read = new Map((await this.#bodies.texts(texts)).map((text, i) => [texts[i], text]));
    const fields = new Map((await this.#headers(idsOf(headers))).map((one, i) => [headers[i], one]));
    return lacking.map(({ entry }) => {
      const { summary, head, body } = entry;
      const text = read.get(entry) ?? body?.text ?? null;
      const known = fields.get(entry);
      const candidate = { summary, head, body: body && bodyWith(body, text), ...(known && { headers: known }) };
      return { entry, candidate };
    });
  }

  /** Asks threads. Mails still open at the end are undecided because the search was cut. */
  async #lookDeeper(query: Query, { unknown, sifts }: Unknown, { signal, cut }: Until): Promise<Doubtful> {
    let begun: Doubtful | null = null;
    const until = AbortSignal.any([signal, cut].filter((one) => one !== undefined));
    try {
      await this.#deep.take(async () => {
        const doubtful = new Doubtful(this.#there(unknown));
        begun = doubtful;
        if (sifts) await this.#sift(query, doubtful, until);
        await inLanes(doubtful.open, { width: BODIES_AT_ONCE, until: [until], slices: this.#slices }, async (entry) => {
          const answer = await this.#bodies.judgeWhole(entry, [query], { urgency: 'search', signal: until });
          doubtful.decide(entry, answer?.[0] ?? false);
        });
      }, until);
    } catch (error) {
      // An abort also cancels the work under way, which then fails.
      if (!until.aborted) throw searchError(error);
    }
    signal?.throwIfAborted();
    return begun ?? new Doubtful(this.#there(unknown));
  }

  /** Decides what it can without the octets; leaves the rest open. */
  async #sift(query: Query, doubtful: Doubtful, until: AbortSignal) {
    let batch: Entry[] = [];
    let chars = 0;
    const flush = async () => {
      const sifting = this.#bodies.sift(query, await this.#bodies.sent(batch), until);
      await doneOrAborted([until], () => sifting);
      until.throwIfAborted();
      const verdicts = await sifting;
      for (const [i, entry] of batch.entries()) doubtful.decide(entry, verdicts[i] ?? 'unknown');
      [batch, chars] = [[], 0];
    };
    const slice = new Slice();
    for (const entry of [...doubtful.open]) {
      if (slice.isOver(LOOKS_AT_CLOCK)) await slice.next(until);
      batch.push(entry);
      // A mail without a head has long address lists.
      chars += (entry.head?.length ?? SIFTED_AT_ONCE.chars) + this.#bodies.charsOf(entry);
      if (batch.length < SIFTED_AT_ONCE.mails && chars < SIFTED_AT_ONCE.chars) continue;
      await flush();
      slice.begin();
    }
    if (batch.length > 0) await flush();
  }
}

/** A page of all mails, newest first. */
export function pageOfAll(entries: Shelf['entries'], page: Page): Listed {
  return { messages: summariesOf(entries.page(page)), undecided: [], matched: entries.size };
}

/** A page of the matches, newest first. */
function pageOf(found: readonly Entry[], { limit, offset = 0, before = Number.POSITIVE_INFINITY, after = -1 }: Page) {
  return found.filter(({ seq }) => seq > after && seq < before).slice(offset, offset + limit);
}

function summariesOf(entries: readonly Entry[]): readonly Summary[] {
  return entries.map(({ summary }) => summary);
}
