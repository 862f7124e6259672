import type { Query } from '../../../wire/query/query.ts';
import { declaredBy, warningsAbout } from '../../message/lint/lint.ts';
import type { Content } from '../../message/message.ts';
import type { Digest } from '../../message/query/digest.ts';
import type { Miss } from '../../message/query/explain.ts';
import { type Comparison, type Sent, sent } from '../../message/query/judging.ts';
import { asksForRegex, type Body } from '../../message/query/matches.ts';
import type { Verdict } from '../../message/query/verdict.ts';
import { unparsed } from '../../message/unparsed.ts';
import type { Archive, Kept } from '../archive.ts';
import type { Judged } from '../parse/content-worker.ts';
import type { About, Asking, ContentSource } from '../parse/contents.ts';
import type { Urgency } from '../parse/parser-threads.ts';
import { searchError } from '../unfinished.ts';
import type { Entry } from './entry.ts';

interface BodiesOptions {
  readonly archive: Archive;
  readonly contents: ContentSource;
  /** False for a mail that was removed in the meantime. */
  readonly exists: (entry: Entry) => boolean;
  /** Updates the summary with what parsing found. */
  readonly complete: (id: string, found: Pick<Content, 'attachments' | 'preview' | 'warnings'>) => Promise<void>;
  readonly now: () => Date;
}

const GONE = unparsed(Buffer.alloc(0), 'The mail no longer exists.');

/**
 * What searches need of parsed mails. Only the latest texts are in memory; older ones are in the scratch, and are read
 * only when their signatures can't rule them out.
 */
export class Bodies {
  readonly #options: BodiesOptions;
  /** In insertion order: the oldest go to the scratch first. */
  readonly #atHand = new Map<string, KeptBody>();
  readonly #inScratch = new Map<string, KeptBody>();
  #chars = 0;
  #spilling = false;

  constructor(options: BodiesOptions) {
    this.#options = options;
  }

  /** Parses a mail. `isRead` is false when it can't be parsed right now; try again later. */
  async read(entry: Entry, urgency: Urgency): Promise<{ readonly content: Content; readonly isRead: boolean }> {
    const { archive, contents } = this.#options;
    const { id } = entry.summary;
    const raw = await archive.raw(id);
    if (raw === null) return { content: GONE.content, isRead: true };
    const { content, body } = await contents.read(id, raw, urgency);
    if (body) await this.#take(entry, { ...content, body });
    return { content, isRead: body !== null };
  }

  /** The same for a mail that nobody is reading yet. @returns `isRead` */
  async digest(entry: Entry): Promise<boolean> {
    const { archive, contents } = this.#options;
    const { id } = entry.summary;
    const raw = entry.body === null ? await archive.raw(id) : null;
    if (raw === null) return true;
    const digest = await contents.digest(id, raw);
    if (digest) await this.#take(entry, digest);
    return digest !== null;
  }

  /** @throws {MailstopError} `bad-query`, `search-failed` */
  async regexFaults(regexes: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#options.contents.regexFaults(regexes).catch((error: unknown) => {
      throw searchError(error);
    });
  }

  /** The mails with what is known of their bodies. */
  async sent(entries: readonly Entry[]): Promise<readonly Sent[]> {
    const texts = await this.texts(entries);
    return entries.map(({ summary, head, body, received }, i) =>
      sent({ summary: summary.plain(), head, body: body && bodyWith(body, texts[i] ?? null) }, declaredBy(received)),
    );
  }

  /** The texts of the bodies, also those in the scratch; null when a mail has to be parsed. */
  texts(entries: readonly Entry[]): Promise<readonly (string | null)[]> {
    return Promise.all(entries.map(({ body }) => (body instanceof KeptBody ? body.read() : (body?.text ?? null))));
  }

  /** Octets to read for a mail's text. */
  charsOf({ body }: Entry): number {
    return body instanceof KeptBody ? body.chars : 0;
  }

  /** Verdicts that don't need the mails' octets. @throws {Unfinished} */
  async sift(query: Query, mails: readonly Sent[], signal: AbortSignal | undefined): Promise<readonly Verdict[]> {
    const { contents, now } = this.#options;
    const verdicts = await contents.sift([query], mails, now().getTime(), { urgency: 'search', signal });
    return verdicts.map(([verdict]) => verdict ?? 'unknown');
  }

  /** Whether the mail matches each of the queries; null when it is gone. @throws {Unfinished} */
  async judge(entry: Entry, queries: readonly Query[], asking: Asking): Promise<readonly boolean[] | null> {
    const { contents, now } = this.#options;
    // Most regular expressions are about the subject, and don't need the octets.
    const sifting = queries.some(asksForRegex)
      ? this.sent([entry]).then((mails) => contents.sift(queries, mails, now().getTime(), asking))
      : null;
    const [verdicts = []] = (await sifting) ?? [];
    const open = queries.filter((_, i) => typeof verdicts[i] !== 'boolean');
    const answers = open.length === 0 ? [] : await this.judgeWhole(entry, open, asking);
    if (answers === null) return null;
    const judged = new Map(open.map((query, i) => [query, answers[i] ?? false]));
    return queries.map((query, i) => judged.get(query) ?? verdicts[i] === true);
  }

  /** The same, but always uses the whole mail. */
  judgeWhole(entry: Entry, queries: readonly Query[], asking: Asking): Promise<readonly boolean[] | null> {
    const { contents, now } = this.#options;
    return this.#ask(entry, asking, (about) => contents.judge(queries, now().getTime(), about));
  }

  /** The expectations that the mail does not meet; null when it is gone. @throws {Unfinished} */
  compare(entry: Entry, comparison: Comparison, asking: Asking): Promise<readonly Miss[] | null> {
    return this.#ask(entry, asking, (about) => this.#options.contents.compare(comparison, about));
  }

  async #ask<T>(entry: Entry, asking: Asking, ask: (about: About) => Promise<Judged<T>>): Promise<T | null> {
    const raw = await this.#options.archive.raw(entry.summary.id);
    if (raw === null) return null;
    const { answer, digest } = await ask({ mail: sentOf(entry), raw, ...asking });
    await this.#take(entry, digest);
    return answer;
  }

  async #take(entry: Entry, { body, ...digest }: Digest): Promise<void> {
    const isNew = entry.body === null;
    if (isNew || (await this.texts([entry]))[0] === null) this.#keep(entry, body);
    if (!isNew) return;
    const { summary, received } = entry;
    const { attachments, preview } = digest;
    const warnings = warningsAbout(received.warnings, digest.warnings, declaredBy(received));
    await this.#options.complete(summary.id, { attachments, preview, warnings });
  }

  /** Forgets mails that were removed. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#drop(id);
    this.#options.contents.forget(ids);
  }

  #drop(id: string): void {
    this.#chars -= this.#atHand.get(id)?.chars ?? 0;
    this.#atHand.delete(id);
    this.#inScratch.get(id)?.release();
    this.#inScratch.delete(id);
  }

  #keep(entry: Entry, body: Body): void {
    if (!this.#options.exists(entry)) return;
    const { id } = entry.summary;
    this.#drop(id);
    const kept = new KeptBody(body);
    entry.body = kept;
    this.#atHand.set(id, kept);
    this.#chars += kept.chars;
    void this.#spill();
  }

  async #spill(): Promise<void> {
    const { scratch } = this.#options.archive;
    if (this.#spilling) return;
    this.#spilling = true;
    for (const [id, body] of this.#atHand) {
      if (this.#chars <= scratch.charsAtHand) break;
      const kept = await scratch.keep(body.text ?? '');
      if (this.#atHand.get(id) !== body) {
        kept.release();
        continue;
      }
      this.#atHand.delete(id);
      this.#chars -= body.chars;
      body.moveTo(kept);
      this.#inScratch.set(id, body);
    }
    this.#spilling = false;
  }
}

/** A mail for a thread that parses it. */
function sentOf({ summary, head, received }: Entry): Sent {
  return sent({ summary: summary.plain(), head, body: null }, declaredBy(received));
}

export function bodyWith({ signature, html, link, code }: Body, text: string | null): Body {
  return { text, signature, html, link, code };
}

/** A body whose text is in memory or in the scratch. */
class KeptBody implements Body {
  readonly signature: Body['signature'];
  readonly html: boolean;
  readonly link: boolean;
  readonly code: boolean;
  readonly chars: number;
  #text: string | Kept;

  constructor({ text, signature, html, link, code }: Body) {
    this.signature = signature;
    this.html = html;
    this.link = link;
    this.code = code;
    this.#text = text ?? '';
    this.chars = this.#text.length;
  }

  /** Null while it is in the scratch. */
  get text(): string | null {
    return typeof this.#text === 'string' ? this.#text : null;
  }

  async read(): Promise<string | null> {
    return typeof this.#text === 'string' ? this.#text : this.#text.read();
  }

  moveTo(kept: Kept): void {
    this.#text = kept;
  }

  release(): void {
    if (typeof this.#text !== 'string') this.#text.release();
  }
}
