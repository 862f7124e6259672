import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { MemoryArchive } from '../../server/store/archive.ts';
import { DeflatedTexts } from '../../server/store/deflated-texts.ts';
import { idMaker } from '../../server/store/ids.ts';
import { MemoryStore } from '../../server/store/memory/memory.ts';
import { parseQuery } from '../../wire/query/text.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aStore, PlainContents } from './a-store.ts';

test('texts are read back as they were', async () => {
  const scratch = new DeflatedTexts();
  const texts = ['', 'plain', 'ünïcödé 漢字 😀', 'x'.repeat(100_000), '\0\r\n'];
  const kept = await Promise.all(texts.map((text) => scratch.keep(text)));
  expect(await Promise.all(kept.map((one) => one.read()))).toEqual(texts);
});

test('searches find texts that are not at hand, and parse nothing again', async () => {
  const { contents } = aStore();
  const store = new MemoryStore({
    epoch: 'epoch-1',
    limits: { messages: 100, bytes: 1e6, age: null },
    contents,
    newId: idMaker(
      () => new Date(),
      (octets) => crypto.getRandomValues(new Uint8Array(octets)),
    ),
    now: () => new Date(),
    report: (error) => expect.fail(String(error)),
    archive: new MemoryArchive(new DeflatedTexts(10)),
  });
  const ids: string[] = [];
  for (const word of ['alpha', 'beta', 'gamma', 'delta']) {
    const { id } = await store.add(anIncoming({ raw: `Subject: x\r\n\r\nlorem ipsum ${word}\r\n` }));
    ids.push(id);
    await store.prepare(id, false);
  }
  const parsed = contents.parsed.length;
  expect(await store.ids(parseQuery('alpha'))).toEqual(ids.slice(0, 1));
  expect(await store.ids(parseQuery('text:"ipsum gamma"'))).toEqual(ids.slice(2, 3));
  expect(await store.ids(parseQuery('ipsum'))).toEqual(ids.toReversed());
  expect(contents.parsed).toHaveLength(parsed);
});

test('a search finds what is read in a later turn, newest first', async () => {
  const later = <T>(value: T) => new Promise<T>((resolve) => setImmediate(() => resolve(value)));
  const scratch = {
    charsAtHand: 0,
    keep: async (text: string) => ({ read: () => later(text), release() {} }),
  };
  const archive = new (class extends MemoryArchive {
    override headers = async (ids: readonly string[]) => later(await super.headers(ids));
  })(scratch);
  const contents = new PlainContents();
  const store = new MemoryStore({
    epoch: 'epoch-1',
    limits: { messages: 1000, bytes: 1024 * 1024, age: null },
    contents,
    newId: idMaker(() => new Date(), randomBytes),
    now: () => new Date(),
    report: (error) => expect.fail(String(error)),
    archive,
  });
  const ids: string[] = [];
  for (let i = 0; i < 200; i++) {
    const raw = `Subject: ${i}\r\nX-Even: ${i % 2 === 0}\r\n\r\nfew ${i % 3 === 0 ? 'words' : 'letters'}\r\n`;
    const { id } = await store.add(anIncoming({ raw }));
    ids.unshift(id);
    await store.prepare(id, false);
  }
  await later(null);
  const { length } = contents.parsed;
  const which = (matches: (i: number) => boolean) => ids.filter((_, at) => matches(199 - at));
  expect(await store.ids(parseQuery('few words'))).toEqual(which((i) => i % 3 === 0));
  expect(await store.ids(parseQuery('header:X-Even=true'))).toEqual(which((i) => i % 2 === 0));
  expect(await store.ids(parseQuery('header:X-Even=true text:words'))).toEqual(which((i) => i % 6 === 0));
  expect(await store.ids(parseQuery('subject:7 -text:words'))).toEqual(
    which((i) => `${i}`.includes('7') && i % 3 !== 0),
  );
  expect(await store.ids(parseQuery('text:/wo.ds/'))).toEqual(which((i) => i % 3 === 0));
  // What is in the scratch need not be parsed again.
  expect(contents.parsed).toHaveLength(length);
});
