import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patience, rounds, seed } from '../../soak.ts';
import { all, Disk, mail } from './a-disk.ts';

const damage = fc.record({
  /** Of the files in the folder, sorted by name. */
  file: fc.nat(20),
  does: fc.constantFrom('truncate', 'append', 'empty', 'delete', 'garbage', 'folder', 'rename'),
  at: fc.nat(200),
});

const strike = (disk: Disk, { file, does, at }: { file: number; does: string; at: number }): string => {
  const names = disk.names('mail');
  const name = names[file % names.length] ?? '';
  const path = disk.path('mail', name);
  switch (does) {
    case 'truncate':
      truncateSync(path, Math.min(at, readFileSync(path).length - 1));
      break;
    case 'append':
      appendFileSync(path, 'more');
      break;
    case 'empty':
      writeFileSync(path, '');
      break;
    case 'delete':
      rmSync(path);
      break;
    case 'garbage':
      writeFileSync(path, Buffer.alloc(at + 1, 0xfe));
      break;
    case 'folder':
      rmSync(path);
      mkdirSync(path);
      break;
    case 'rename':
      renameSync(path, `${path}.${at}`);
  }
  return name;
};

test(`whatever happens to the files, it starts, and shows all untouched mail; seed ${seed}`, {
  timeout: patience(180_000),
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (blows) => {
      await using disk = new Disk();
      const store = await disk.open({ journalOctets: 0 });
      const added = [];
      for (const subject of ['a', 'b', 'c', 'd', 'e']) added.push(await store.add(mail(subject)));
      await disk.close();
      // Each file only once: it may have become a folder, which can't be emptied.
      const struck = new Set<string>();
      for (const blow of blows) {
        const names = disk.names('mail');
        if (!struck.has(names[blow.file % names.length] ?? '')) struck.add(strike(disk, blow));
      }

      const after = await disk.open();
      const there = await all(after);
      const hit = ({ id }: { id: string }) => struck.has(`${id}.eml`) || struck.has(`${id}.jsonl`);
      expect(there.map(({ id }) => id)).toEqual(
        expect.arrayContaining(added.filter((one) => !hit(one)).map(({ id }) => id)),
      );
      for (const { id, subject, size } of there) {
        const raw = await after.raw(id);
        expect(raw?.length).toBe(size);
        if (!struck.has(`${id}.eml`)) expect(raw).toEqual(mail(subject ?? '').raw);
      }
      // It continues normally, with new numbers.
      const { id, seq } = await after.add(mail('after'));
      expect(Math.max(...added.map((one) => one.seq))).toBeLessThan(seq);
      await disk.close();
      expect((await all(await disk.open())).map((one) => one.id)).toEqual([...there.map((one) => one.id), id]);
    }),
    { seed, numRuns: rounds(15), interruptAfterTimeLimit: patience(45_000) },
  );
});
