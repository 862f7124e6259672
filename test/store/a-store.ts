import type { Content } from '../../server/message/message.ts';
import { Problems } from '../../server/message/mime/problems.ts';
import { structureOf } from '../../server/message/mime/structure.ts';
import { mimeTree } from '../../server/message/mime/tree.ts';
import { type Digest, digestOf } from '../../server/message/query/digest.ts';
import { type Comparison, compare, judge, type Sent, sift } from '../../server/message/query/judging.ts';
import { regexFault } from '../../server/message/query/term.ts';
import { decodedHeaders } from '../../server/message/summary.ts';
import { nothing } from '../../server/message/unparsed.ts';
import { MemoryStore } from '../../server/store/memory/memory.ts';
import type { About, ContentSource, Read } from '../../server/store/parse/contents.ts';
import type { Limits } from '../../server/store/store.ts';
import type { Query } from '../../wire/query/query.ts';

/** Contents that are just the text after the header block; counts requests. */
export class PlainContents implements ContentSource {
  readonly parsed: string[] = [];
  readonly forgotten: string[] = [];

  async content(id: string, raw: Buffer): Promise<Content> {
    this.parsed.push(id);
    const text = raw.toString().split('\r\n\r\n').slice(1).join('\r\n\r\n');
    const filename = /attached: (\S+)/.exec(text)?.[1];
    const attachments = filename
      ? [{ index: 0, filename, contentType: 'text/plain', size: 1, contentId: null, inline: false }]
      : [];
    return {
      text,
      html: null,
      headers: decodedHeaders(raw),
      attachments,
      structure: structureOf(mimeTree(raw), new Map(), new Problems()),
      searchText: text,
      preview: text.trim(),
      ...nothing,
      warnings: [],
      problem: null,
    };
  }

  async read(id: string, raw: Buffer): Promise<Read> {
    const content = await this.content(id, raw);
    return { content, body: digestOf(content).body };
  }

  async digest(id: string, raw: Buffer): Promise<Digest | null> {
    return digestOf(await this.content(id, raw));
  }

  async regexFaults(regexes: readonly string[]) {
    return regexes.map(regexFault);
  }

  async sift(queries: readonly Query[], mails: readonly Sent[], now: number) {
    return sift(queries, mails, now);
  }

  async judge(queries: readonly Query[], now: number, { mail, raw }: About) {
    const content = await this.content(mail.summary.id, raw);
    const digest = digestOf(content);
    return { answer: judge(queries, mail, content, digest.body, now), digest };
  }

  async compare(comparison: Comparison, { mail, raw }: About) {
    const content = await this.content(mail.summary.id, raw);
    const digest = digestOf(content);
    return { answer: await compare(comparison, mail, content, digest.body, []), digest };
  }

  async attachment(): Promise<Buffer | null> {
    return null;
  }

  forget(ids: readonly string[]): void {
    this.forgotten.push(...ids);
  }
}

export interface TestStore<C extends PlainContents = PlainContents> {
  readonly store: MemoryStore;
  readonly contents: C;
  readonly reported: unknown[];
}

/** The same, but a mail with the text `slow` is not parsed until released, like with a busy or starting parser. */
export class SlowContents extends PlainContents {
  readonly #held: (() => void)[] = [];
  #asked = () => {};

  override async content(id: string, raw: Buffer): Promise<Content> {
    if (raw.includes('slow')) {
      await new Promise<void>((resolve) => {
        this.#held.push(resolve);
        this.#asked();
      });
    }
    return super.content(id, raw);
  }

  /** Resolves once the parser has been asked for a mail that it holds. */
  asked(): Promise<void> {
    return new Promise((resolve) => {
      this.#asked = resolve;
      if (this.#held.length > 0) resolve();
    });
  }

  letGo(): void {
    for (const go of this.#held.splice(0)) go();
  }
}

/** A store in memory whose ids are `mail-0001`, `mail-0002`, ... */
export function aStore<C extends PlainContents = PlainContents>(
  limits: Partial<Limits> = {},
  contents = new PlainContents() as C,
): TestStore<C> {
  const reported: unknown[] = [];
  let ids = 0;
  const store = new MemoryStore({
    limits: { messages: 1000, bytes: 1024 * 1024, age: null, ...limits },
    contents,
    epoch: 'epoch-1',
    newId: () => `mail-${String(++ids).padStart(4, '0')}`,
    now: () => new Date('2026-01-02T03:04:05Z'),
    report: (error) => reported.push(error),
  });
  return { store, contents, reported };
}
