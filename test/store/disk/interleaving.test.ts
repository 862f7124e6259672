import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import type { Incoming } from '../../../server/message/message.ts';
import type { DiskArchive } from '../../../server/store/disk/archive.ts';
import type { Start, StoreEvent } from '../../../server/store/events.ts';
import { follow } from '../../../server/store/follow.ts';
import type { Store } from '../../../server/store/store.ts';
import { patience, rounds, seed } from '../../soak.ts';
import { all, Disk, FAST, mail } from './a-disk.ts';
import { around, type Step, systemError } from './faulty-files.ts';
import { syncFiles } from './sync-files.ts';

afterEach(() => void vi.useRealTimers());

/*
 * Every disk operation, and the start of each store operation, waits until a scheduler runs it, in any order. So a few
 * runs cover more orders than hours of load, and each can be repeated by its seed.
 */

/** The real timers, saved before they are replaced by fake ones. */
const { setTimeout: realTimeout, setImmediate: realImmediate } = globalThis;
const nextTurn = () => new Promise<void>((resolve) => realImmediate(resolve));
/** If nothing has happened in this many checks, 5 ms apart, nothing will. */
const MOST_IDLE = 1000;

const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('add' as const), octets: fc.constantFrom<number[]>(100, 3000, 70_000) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), from: fc.nat(5), count: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('file' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('mark' as const), at: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(50, 500, 5000) }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Any operations and any failures. */
const anything = fc.record({
  operations: fc.array(operation, { minLength: 4, maxLength: 20 }),
  /** Room for no mails, for a few, and for all of them. */
  journalOctets: fc.constantFrom<number[]>(0, 2000, 6000, 1e7),
  limit: fc.constantFrom<number[]>(4, 1000),
  /** How many operations run concurrently. */
  atOnce: fc.integer({ min: 1, max: 20 }),
  /** Which steps on the disk fail, counted from the start. */
  failing: fc.oneof(fc.constant<number[]>([]), fc.uniqueArray(fc.nat(150), { maxLength: 8 })),
  /** After this many steps the process is killed. */
  killedAfter: fc.option(fc.nat(150)),
});

/** Much mail, of which little fits in the journal, so that some is filed while more arrives. */
const flood: fc.Arbitrary<Life> = fc.record({
  operations: fc.array(
    fc.oneof(
      { weight: 9, arbitrary: fc.constant<Operation>({ do: 'add', octets: 60_000 }) },
      { weight: 1, arbitrary: operation },
    ),
    { minLength: 40, maxLength: 70 },
  ),
  journalOctets: fc.constantFrom(1.2e6, 1.6e6, 2e6, 2.4e6),
  limit: fc.constant(1000),
  atOnce: fc.integer({ min: 2, max: 4 }),
  failing: fc.constant([]),
  killedAfter: fc.constant(null),
});

type Life = typeof anything extends fc.Arbitrary<infer T> ? T : never;

/** One run: what senders and readers were told, and what must hold. */
class Run {
  readonly #disk: Disk;
  readonly #scheduler: fc.Scheduler;
  readonly #life: Life;
  /** Acknowledged mails whose removal was not requested. */
  readonly kept = new Map<string, Buffer>();
  /** Mails acknowledged during a clear: unknown yet whether they were cleared. */
  readonly #uncertain = new Map<string, Buffer>();
  #clearing = 0;
  /** Mails that are gone for good. */
  readonly gone = new Set<string>();
  #archive: DiskArchive | null = null;
  #steps = 0;
  #sent = 0;
  #scheduled = false;

  constructor(disk: Disk, scheduler: fc.Scheduler, life: Life) {
    this.#disk = disk;
    this.#scheduler = scheduler;
    this.#life = life;
  }

  get #killed(): boolean {
    return this.#life.killedAfter !== null && this.#steps > this.#life.killedAfter;
  }

  readonly #files = around(async (step, work) => {
    // Cleared mail is deleted in the background, outside of the scheduler.
    if (!this.#scheduled || step.path.includes('cleared-')) return work();
    await this.#scheduler.schedule(Promise.resolve(), label(step));
    this.#steps += 1;
    if (this.#killed) throw new Error('the process was killed');
    if (this.#life.failing.includes(this.#steps)) throw systemError('EIO');
    return work();
  }, syncFiles);

  async live(): Promise<void> {
    const { operations, atOnce, journalOctets, limit } = this.#life;
    const store = await this.#disk.open({ files: this.#files, journalOctets, limits: { messages: limit } });
    const { archive } = this.#disk;
    this.#archive = archive;
    const take = (event: Start | StoreEvent) => {
      if (event.type === 'removed') for (const id of event.ids) this.#forget(id, event.reason === 'deleted');
    };
    using _following = follow(store, take, (error) => expect.fail(String(error)));
    this.#scheduled = true;
    try {
      const left = operations.values();
      const someone = async () => {
        for (const operation of left) {
          await this.#scheduler.schedule(Promise.resolve(), operation.do);
          await this.#do(store, operation).catch(() => {});
        }
      };
      await this.#run(Promise.all(Array.from({ length: atOnce }, someone)));
      if (this.#killed) return;
      await this.#run(archive[Symbol.asyncDispose]());
      // The folder now belongs to another process.
      if (!this.#killed && this.#scheduler.count() > 0) throw new Error('something goes on after the stop');
    } finally {
      while (this.#scheduler.count() > 0) await this.#step();
      this.#scheduled = false;
    }
  }

  async #do(store: Store, operation: Operation): Promise<void> {
    switch (operation.do) {
      case 'add': {
        const incoming = aMail(++this.#sent, operation.octets);
        const { id } = await store.add(incoming);
        if ((await store.get(id)) === null) return;
        (this.#clearing > 0 ? this.#uncertain : this.kept).set(id, incoming.raw);
        return;
      }
      case 'remove': {
        const ids = [...this.kept.keys()].slice(operation.from, operation.from + operation.count + 1);
        for (const id of ids) this.kept.delete(id);
        for (const id of await store.remove(ids)) this.gone.add(id);
        return;
      }
      case 'clear':
        return this.#clear(store);
      case 'file':
        return this.#disk.filed();
      case 'mark':
        await store.update([[...this.kept.keys()][operation.at] ?? ''], { tags: ['seen'] });
        return;
      case 'wait':
        vi.advanceTimersByTime(operation.ms);
    }
  }

  async #clear(store: Store): Promise<void> {
    this.#clearing += 1;
    for (const [id, raw] of this.kept) this.#uncertain.set(id, raw);
    this.kept.clear();
    try {
      await store.clear();
    } finally {
      this.#clearing -= 1;
      const listed = new Set((await all(store)).map(({ id }) => id));
      // If the process is killed meanwhile, the outcome is unknown.
      for (const [id, raw] of this.#clearing > 0 || this.#killed ? [] : this.#uncertain) {
        this.#uncertain.delete(id);
        if (listed.has(id)) this.kept.set(id, raw);
        else this.gone.add(id);
      }
    }
  }

  #forget(id: string, forGood: boolean): void {
    this.kept.delete(id);
    this.#uncertain.delete(id);
    // An evicted mail that can't be deleted is back after a restart, and is evicted again.
    if (forGood) this.gone.add(id);
  }

  /** Runs the scheduler until this is done, or the process is killed. */
  async #run(work: Promise<unknown>): Promise<void> {
    let done = false;
    const over = () => {
      done = true;
    };
    work.then(over, over);
    for (let idle = 0; !done && !this.#killed; ) {
      if (this.#scheduler.count() > 0) {
        await this.#step();
        idle = 0;
        await this.#readable();
      } else {
        // Some operations, like closing, are not scheduled; others wait for a timer.
        await (idle < 50 ? nextTurn() : new Promise((resolve) => realTimeout(resolve, 5)));
        if (++idle % 50 === 0) vi.advanceTimersByTime(5000);
        if (idle > MOST_IDLE) throw new Error('nothing goes on any more');
      }
    }
  }

  /** Runs one step, and everything after it up to the next. */
  async #step(): Promise<void> {
    await this.#scheduler.waitOne();
    await nextTurn();
  }

  /** Must hold at all times. */
  async #readable(): Promise<void> {
    // If clearing fails and so does restoring the folder, the next start restores it.
    if (!existsSync(this.#disk.path('mail'))) return;
    for (const [id, raw] of this.kept) {
      const [[subject] = []] = (await this.#archive?.headers([id])) ?? [];
      if (!subject || !raw.includes(subject.value)) throw new Error(`${id} was acknowledged, and can't be read`);
    }
  }
}

function label({ does, path }: Step): string {
  return `${does} ${path.split('/').slice(-2).join('/')}`;
}

function aMail(number: number, octets: number): Incoming {
  return mail('', { raw: `Subject: mail-${number}-\r\n\r\n${'x'.repeat(octets)}\r\n` });
}

test(`in any order of events, acknowledged mail is there and removed mail is not; seed ${seed}`, {
  timeout: patience(600_000),
}, async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.oneof({ weight: 3, arbitrary: anything }, { weight: 1, arbitrary: flood }),
      async (scheduler, life) => {
        await using disk = new Disk(FAST);
        const run = new Run(disk, scheduler, life);
        await run.live();
        await disk.abandon();
        vi.clearAllTimers();
        const store = await disk.open({ limits: { messages: 1000 } });
        const ids = (await all(store)).map(({ id }) => id);
        expect(ids).toEqual(expect.arrayContaining([...run.kept.keys()]));
        expect(ids.filter((id) => run.gone.has(id))).toEqual([]);
        for (const [id, raw] of run.kept) expect((await store.raw(id))?.equals(raw)).toBe(true);
        // Leftovers of a failed cleanup are set aside.
        if (life.failing.length === 0) expect(disk.names('aside')).toEqual([]);
      },
    ),
    { seed, numRuns: rounds(300) },
  );
});
