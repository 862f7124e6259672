import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patience, rounds, seed } from '../../soak.ts';
import { all, Disk, large, mail } from './a-disk.ts';

/** A mail as the model knows it. */
interface Known {
  readonly id: string;
  readonly seq: number;
  readonly raw: Buffer;
  read: boolean;
  tags: readonly string[];
  pinned: boolean;
}

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), at: fc.nat(8) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('mark' as const), at: fc.nat(8), tag: fc.constantFrom('a', 'b') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('file' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const), killed: fc.boolean() }) },
);

test(`after any operations in any order, a restart changes nothing; seed ${seed}`, {
  timeout: patience(180_000),
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 30 }), async (operations) => {
      await using disk = new Disk();
      const open = () => disk.open({ limits: { messages: 6 } });
      let store = await open();
      let model: Known[] = [];
      let sent = 0;
      let highest = 0;
      for (const op of operations) {
        if (op.do === 'add') {
          const mails = Array.from({ length: op.count }, () => (++sent % 5 === 0 ? large : mail)(String(sent)));
          const added = await Promise.all(mails.map((incoming) => store.add(incoming)));
          model.push(
            ...added.map(({ id, seq }, i) => ({
              id,
              seq,
              raw: mails[i]?.raw ?? Buffer.alloc(0),
              read: false,
              tags: [],
              pinned: false,
            })),
          );
          model.sort((a, b) => a.seq - b.seq);
          expect(Math.min(...added.map(({ seq }) => seq))).toBeGreaterThan(highest);
          while (model.length > 6) {
            model.splice(
              model.findIndex(({ pinned }) => !pinned),
              1,
            );
          }
        } else if (op.do === 'remove') {
          const gone = model[op.at];
          if (gone) await store.remove([gone.id]);
          model = model.filter((known) => known !== gone);
        } else if (op.do === 'mark') {
          const marked = model[op.at];
          if (marked) {
            await store.update([marked.id], { read: !marked.read, tags: [op.tag], pinned: op.tag === 'a' });
            Object.assign(marked, { read: !marked.read, tags: [op.tag], pinned: op.tag === 'a' });
          }
        } else if (op.do === 'file') {
          await disk.filed();
        } else if (op.do === 'clear') {
          await store.clear();
          model = [];
        } else {
          if (op.killed) await disk.abandon();
          else await disk.close();
          store = await open();
          // The latest marks may be lost, but only if the process was killed.
          const kept = await all(store);
          for (const known of op.killed ? model : [])
            Object.assign(known, marksOf(kept.find(({ id }) => id === known.id)));
        }
        highest = Math.max(highest, (await store.stats()).seq);
        expect((await all(store)).map(({ id, seq, read, tags, pinned }) => ({ id, seq, read, tags, pinned }))).toEqual(
          model.map(({ id, seq, read, tags, pinned }) => ({ id, seq, read, tags, pinned })),
        );
        // The file of an evicted mail is deleted shortly after the mail.
        if (op.do === 'file' || op.do === 'restart')
          await expect.poll(() => disk.mails(), { timeout: 30_000 }).toEqual(model.map(({ id }) => id).sort());
        for (const { id, raw } of model) expect((await store.raw(id))?.equals(raw)).toBe(true);
      }
      expect(disk.names('aside')).toEqual([]);
      expect(disk.reported).toEqual([]);
    }),
    { seed, numRuns: rounds(25) },
  );
});

function marksOf(summary: Partial<Pick<Known, 'read' | 'tags' | 'pinned'>> | undefined) {
  return summary ? { read: summary.read, tags: summary.tags, pinned: summary.pinned } : {};
}
