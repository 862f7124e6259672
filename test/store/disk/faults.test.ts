import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import type { Incoming } from '../../../server/message/message.ts';
import type { Files } from '../../../server/store/disk/files/files.ts';
import type { Store } from '../../../server/store/store.ts';
import { catchMail } from '../../smtp/sandbox.ts';
import { rounds, seed } from '../../soak.ts';
import { followed } from '../followed.ts';
import { all, Disk, large, mail, plain } from './a-disk.ts';
import { asking, type Step, stoppingAfter, systemError } from './faulty-files.ts';
import { Power } from './power.ts';

/** What a sender knows: the mails it sent, and which were acknowledged. */
interface Sent {
  readonly acknowledged: Map<string, Buffer>;
  readonly sent: Buffer[];
}

/** Sizes of consecutive batches of mail. A long run has more of them, at random. */
const lives: readonly (readonly number[])[] = [
  [1, 3, 1],
  ...fc
    .sample(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }), { seed, numRuns: rounds(1) })
    .slice(1),
];

/** Some activity: single mails, batches, and marks. It continues after failures. */
async function live(disk: Disk, files: Files, bunches: readonly number[]): Promise<Sent> {
  const sent: Sent = { acknowledged: new Map(), sent: [] };
  const send = async (store: Store, incoming: Incoming) => {
    sent.sent.push(incoming.raw);
    const summary = await store.add(incoming).catch(() => null);
    if (summary) sent.acknowledged.set(summary.id, incoming.raw);
  };
  try {
    const store = await disk.open({ files });
    for (const [bunch, count] of bunches.entries()) {
      const mails = Array.from({ length: count }, (_, n) => (n === 1 ? large : mail)(`mail ${n} of bunch ${bunch}`));
      await Promise.all(mails.map((incoming) => send(store, incoming)));
      const [first, ...others] = await all(store);
      if (first) await store.update([first.id], { read: bunch % 2 === 0, tags: [`seen ${bunch}`] });
      const gone = bunch === 1 ? others.slice(1, 2).map(({ id }) => id) : [];
      // It is unknown whether it is deleted until that succeeds.
      for (const id of gone) sent.acknowledged.delete(id);
      await store.remove(gone);
      if (bunch === 1) await disk.filed();
    }
    await disk.close();
  } catch {
    // Opening and closing may be what fails.
  }
  return sent;
}

/** All acknowledged mail is there, complete, and nothing that was never sent. */
async function holdsUp(disk: Disk, { acknowledged, sent }: Sent): Promise<void> {
  const store = await disk.open();
  const stored = await all(store);
  const ids = stored.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([...acknowledged.keys()]));
  for (const { id } of stored) {
    const raw = (await store.raw(id)) ?? Buffer.alloc(0);
    expect(sent.some((one) => one.equals(raw))).toBe(true);
    expect(acknowledged.get(id)?.equals(raw)).not.toBe(false);
  }
  expect(disk.mails()).toEqual([...ids].sort());
  expect(disk.names('incoming')).toEqual([]);
  // Leftovers do not affect new mail.
  const { seq } = await store.add(mail('after'));
  expect(Math.max(0, ...stored.map((summary) => summary.seq))).toBeLessThan(seq);
  await disk.close();
}

async function stepsOf(bunches: readonly number[]): Promise<number> {
  await using disk = new Disk();
  const files = stoppingAfter(Number.POSITIVE_INFINITY);
  const { acknowledged, sent } = await live(disk, files, bunches);
  expect(sent).toHaveLength(bunches.reduce((sum, count) => sum + count, 0));
  expect(acknowledged.size).toBeGreaterThanOrEqual(sent.length - 1);
  expect(files.taken).toBeGreaterThan(10 * bunches.length);
  return files.taken;
}

describe.each(lives.map((bunches) => [bunches.join(', '), bunches] as const))(
  'mails in bunches of %s',
  (_, bunches) => {
    test('killed after any step, nothing acknowledged is lost and nothing half is shown', async () => {
      const steps = await stepsOf(bunches);
      for (let step = 0; step <= steps; step++) {
        await using disk = new Disk();
        const sent = await live(disk, stoppingAfter(step), bunches);
        await disk.abandon();
        await holdsUp(disk, sent);
      }
    });

    test.each(['synced', 'all'] as const)('the same when the power fails; names that are left: %s', async (entries) => {
      const steps = await stepsOf(bunches);
      for (let step = 0; step <= steps; step++) {
        await using before = new Disk();
        await using after = new Disk();
        const power = new Power();
        const sent = await live(before, stoppingAfter(step, power.files()), bunches);
        power.restore(before.folder, after.folder, entries);
        await before.abandon();
        await holdsUp(after, sent);
      }
    });
  },
);

describe.each([
  ['ENOSPC', 'store-full'],
  ['EIO', 'data-unwritable'],
])('%s', (code, expected) => {
  const files = ['.eml', '.jsonl'] as const;
  const atOnce: readonly (readonly [Step['does'], what: string, journalOctets: number])[] = [
    ...files.flatMap((file) =>
      (['create', 'write', 'sync', 'close', 'rename'] as const).map((does) => [does, file, 0] as const),
    ),
    ['syncFolder', 'mail', 0],
  ];
  const journaled = [
    ...(['create', 'write', 'sync'] as const).map((does) => [does, '.journal', 1e6] as const),
    ['syncFolder', 'mail', 1e6] as const,
  ];
  test.each([...atOnce, ...journaled])(
    'at %s of %s, %i octets of journal: the mail is rejected, nothing of it is left, and the next one is accepted',
    async (does, what, journalOctets) => {
      await using disk = new Disk();
      let failing = false;
      const fails = (step: Step) => step.does === does && step.path.endsWith(what);
      const store = await disk.open({
        journalOctets,
        files: asking((step) => {
          if (failing && fails(step)) throw systemError(code);
        }),
      });
      const before = plain(await store.add(mail('before')));
      // Mail would continue in the open journal, so file it: a new one must be created.
      if (does === 'create' || does === 'syncFolder') await disk.filed();
      failing = true;
      const refused = await Promise.allSettled(['a', 'b', 'c'].map((subject) => store.add(mail(subject))));
      for (const result of refused) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: expected } });
      }
      failing = false;
      await disk.filed();
      expect(disk.mails()).toEqual([before.id]);
      expect(disk.names('mail')).toHaveLength(2);
      expect(disk.names('incoming')).toEqual([]);
      expect(await all(store)).toEqual([before]);
      const after = plain(await store.add(mail('after')));
      await disk.abandon();
      expect(await all(await disk.open())).toEqual([before, after]);
    },
  );
});

test.each([
  ['EDQUOT', 'store-full'],
  ['EMFILE', 'store-full'],
  ['ENFILE', 'store-full'],
  ['EROFS', 'data-unwritable'],
])('%s when creating a file rejects the mail with %s', async (code, expected) => {
  await using disk = new Disk();
  let failing = false;
  const store = await disk.open({
    files: asking(({ does }) => {
      if (failing && does === 'create') throw systemError(code);
    }),
  });
  failing = true;
  await expect(store.add(mail('a'))).rejects.toMatchObject({ code: expected });
  failing = false;
  await store.add(mail('b'));
  await disk.filed();
  expect(disk.mails()).toHaveLength(1);
});

test('the sender reads 452 or 451, and 250 as soon as there is room', async () => {
  await using disk = new Disk();
  let code = '';
  const store = await disk.open({
    files: asking(({ does }) => {
      if (does === 'sync' && code !== '') throw systemError(code);
    }),
  });
  await using smtp = await catchMail({}, (incoming) => store.add(incoming));
  const transport = createTransport({ host: '127.0.0.1', port: smtp.port });
  const send = () => transport.sendMail({ from: 'app@x.test', to: 'ada@x.test', text: 'x' });
  code = 'ENOSPC';
  await expect(send()).rejects.toMatchObject({ responseCode: 452 });
  code = 'EMFILE';
  await expect(send()).rejects.toMatchObject({ responseCode: 452 });
  code = 'EIO';
  await expect(send()).rejects.toMatchObject({ responseCode: 451 });
  expect(disk.names('incoming')).toEqual([]);
  code = '';
  expect((await send()).response).toMatch(/^250 .*queued as /);
  expect(await all(store)).toHaveLength(1);
});

test.each([
  ['rename', '.eml', 0],
  ['write', '.journal', 1e6],
] as const)(
  'a failure in a group, at %s of %s, affects only that group, and no number is used twice',
  async (what, file, journalOctets) => {
    await using disk = new Disk();
    let left = 1;
    const store = await disk.open({
      journalOctets,
      files: asking(({ does, path }) => {
        if (does === what && path.endsWith(file) && left-- === 0) throw systemError('ENOSPC');
      }),
    });
    using told = await followed(store);
    const first = store.add(mail('first'));
    const results = await Promise.allSettled([
      first,
      ...Array.from({ length: 20 }, (_, i) => store.add(mail(String(i)))),
    ]);
    const added = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.seq] : []));
    expect(added.length).toBeGreaterThan(0);
    expect(added.length).toBeLessThan(21);
    const heard = (await told.events()).map(({ seq }) => seq);
    expect(heard).toEqual(heard.map((_, index) => index + 1));
    expect((await all(store)).map(({ seq }) => seq)).toEqual(added.sort((a, b) => a - b));
  },
);

test('a mail that cannot be deleted stays, and the caller gets an error', async () => {
  await using disk = new Disk();
  let stuck = '';
  const store = await disk.open({
    files: asking(({ does, path }) => {
      if (does === 'remove' && stuck !== '' && path.includes(stuck)) throw systemError('EROFS');
    }),
  });
  const added = [];
  for (const subject of ['a', 'b', 'c']) added.push(await store.add(mail(subject)));
  const [a, b, c] = added.map(({ id }) => id);
  await disk.filed();
  stuck = b ?? '';
  await expect(store.remove([a ?? '', b ?? '', c ?? ''])).rejects.toThrow('EROFS');
  expect((await all(store)).map(({ id }) => id)).toEqual([b]);
  expect(disk.mails()).toEqual([b]);
  stuck = '';
  expect(await store.remove([b ?? ''])).toEqual([b]);
});

test.each(['makeFolder', 'rename', 'syncFolder'] as const)(
  'when clearing fails at %s, nothing is lost that should be kept',
  async (does) => {
    await using disk = new Disk();
    let failing = false;
    const store = await disk.open({
      files: asking((step) => {
        if (failing && step.does === does) throw systemError('EIO');
      }),
    });
    await store.add(mail('a'));
    failing = true;
    await expect(store.clear()).rejects.toThrow('EIO');
    failing = false;
    if (does !== 'syncFolder') expect(await all(store)).toHaveLength(1);
    expect(await store.clear()).toBe(1);
    await store.add(mail('b'));
    await disk.abandon();
    expect((await all(await disk.open())).map(({ subject }) => subject)).toEqual(['b']);
  },
);

test('marks that cannot be saved are an error for a waiting caller, and are saved as soon as possible', async () => {
  await using disk = new Disk();
  let failing = false;
  const store = await disk.open({
    files: asking(({ path }) => {
      if (failing && path.includes('state.json')) throw systemError('ENOSPC');
    }),
  });
  const { id } = await store.add(mail('a', { to: ['ada@x.test', 'bob@x.test'] }));
  failing = true;
  await store.update([id], { read: true });
  await expect(store.saved()).rejects.toMatchObject({ code: 'store-full' });
  // A deletion from one mailbox is a mark, too.
  await expect(store.removeDeliveries('ada@x.test', [id])).rejects.toMatchObject({ code: 'store-full' });
  failing = false;
  await store.update([id], { tags: ['later'] });
  await store.saved();
  expect(disk.logged.map(({ event }) => event)).toEqual(['state not saved']);
  const before = (await store.get(id))?.summary;
  await disk.abandon();
  const after = (await (await disk.open()).get(id))?.summary;
  expect(after).toMatchObject({ read: true, tags: ['later'], deletedFrom: { recipients: ['ada@x.test'] } });
  expect(after?.deletedFrom).toEqual(before?.deletedFrom);
});

test('what was reported as saved survives a kill, even with concurrent saves', async () => {
  await using disk = new Disk();
  const store = await disk.open();
  const ids = [];
  for (let n = 0; n < 20; n++) ids.push((await store.add(mail(`${n}`))).id);
  await Promise.all(
    ids.map(async (id, n) => {
      await store.update([id], { tags: [`${n}`] });
      await store.saved();
    }),
  );
  await disk.abandon();
  expect((await all(await disk.open())).map(({ tags }) => tags)).toEqual(ids.map((_, n) => [`${n}`]));
});

test('marks that could not be saved at a stop are lost, and the stop says so', async () => {
  await using disk = new Disk();
  let failing = false;
  const store = await disk.open({
    files: asking(({ path }) => {
      if (failing && path.includes('state.json')) throw systemError('ENOSPC');
    }),
  });
  const { id } = await store.add(mail('a'));
  failing = true;
  await store.update([id], { read: true });
  await expect(disk.close()).rejects.toThrow('ENOSPC');
  failing = false;
  // The lock was still released, and the mail is there.
  expect((await (await disk.open()).get(id))?.summary.read).toBe(false);
});

test('a stop that cannot save but has nothing to save loses nothing and reports nothing', async () => {
  await using disk = new Disk();
  let failing = false;
  const store = await disk.open({
    files: asking(({ path }) => {
      if (failing && path.includes('state.json')) throw systemError('EMFILE');
    }),
  });
  const { id, seq } = await store.add(mail('a'));
  await store.update([id], { read: true });
  await store.saved();
  failing = true;
  await disk.close();
  failing = false;
  const again = await disk.open();
  expect((await again.get(id))?.summary.read).toBe(true);
  expect((await again.add(mail('b'))).seq).toBeGreaterThan(seq);
});

test('when the folder vanishes, mail is rejected, lost mail is not shown, and the server keeps running', async () => {
  await using disk = new Disk();
  const store = await disk.open();
  const { id } = await store.add(mail('a'));
  await disk.filed();
  const elsewhere = `${disk.folder}-elsewhere`;
  renameSync(disk.folder, elsewhere);
  await expect(store.add(mail('b'))).rejects.toThrow('ENOENT');
  expect(await store.raw(id)).toBeNull();
  expect((await store.content(id))?.problem).toBe('The mail no longer exists.');
  expect(await all(store)).toHaveLength(1);
  renameSync(elsewhere, disk.folder);
  await store.add(mail('c'));
  expect(await store.raw(id)).toEqual(mail('a').raw);
  await disk.filed();
  expect(disk.mails()).toHaveLength(2);
});

test('a folder that cannot be created or written is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailstop-disk-'));
  try {
    await using disk = new Disk();
    const readOnly = asking(() => {
      throw systemError('EROFS');
    });
    await expect(disk.open({ files: readOnly })).rejects.toMatchObject({
      code: 'cannot-open-data',
      message: expect.stringContaining(disk.folder),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
