import { expect, test } from 'vitest';
import { MemoryArchive } from '../../../server/store/archive.ts';
import { idMaker } from '../../../server/store/ids.ts';
import { DeflatedTexts } from '../../../server/store/memory/deflated-texts.ts';
import { MemoryStore } from '../../../server/store/memory/memory.ts';
import { parseQuery } from '../../../wire/query/text.ts';
import { anIncoming } from '../../message/a-summary.ts';
import { aStore } from '../a-store.ts';

test('texts are read back unchanged', async () => {
  const scratch = new DeflatedTexts();
  const texts = ['', 'plain', 'ünïcödé 漢字 😀', 'x'.repeat(100_000), '\0\r\n'];
  const kept = await Promise.all(texts.map((text) => scratch.keep(text)));
  expect(kept.map((one) => one.read())).toEqual(texts);
});

test('searches find compressed texts without parsing again', async () => {
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
