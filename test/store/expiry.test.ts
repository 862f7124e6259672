import { expect, test } from 'vitest';
import type { After } from '../../server/store/after.ts';
import { startExpiry } from '../../server/store/expiry.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aStore } from './a-store.ts';

const HOUR = 3_600_000;

/** A clock that the test advances. */
class Clock {
  time = Date.UTC(2026, 0, 1);
  #due: { readonly at: number; readonly run: () => void } | null = null;

  readonly now = () => new Date(this.time);
  readonly after: After = (delay, run) => {
    this.#due = { at: this.time + delay, run };
    return () => {
      this.#due = null;
    };
  };

  get waits(): number | null {
    return this.#due && this.#due.at - this.time;
  }

  /** Sets the clock ahead without running timers. */
  jump(milliseconds: number): void {
    this.time += milliseconds;
    if (this.#due) this.#due = { ...this.#due, at: this.#due.at + milliseconds };
  }

  /** Runs every due timer at its time, and completes its work before the next. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (let due = this.#due; due && due.at <= end; due = this.#due) {
      this.time = due.at;
      this.#due = null;
      due.run();
      while (this.#due === null) await new Promise((resolve) => setImmediate(resolve));
    }
    this.time = end;
  }
}

test('each mail is removed when it reaches the maximum age, not before', async () => {
  const { store, reported } = aStore({ age: HOUR });
  const clock = new Clock();
  const report = (error: unknown) => reported.push(error);
  const left = async () => (await store.stats()).counts.total;
  await store.add(anIncoming({ receivedAt: new Date(clock.time - 2 * HOUR) }));
  using expiry = await startExpiry(store, { age: HOUR, now: clock.now, after: clock.after, report });
  void expiry;
  expect(await left()).toBe(0);

  await store.add(anIncoming({ receivedAt: clock.now() }));
  await clock.pass(HOUR / 2);
  await store.add(anIncoming({ receivedAt: clock.now() }));
  await clock.pass(HOUR / 2 - 1);
  expect(await left()).toBe(2);
  await clock.pass(1);
  expect(await left()).toBe(1);
  await clock.pass(HOUR / 2 - 1);
  expect(await left()).toBe(1);
  await clock.pass(1);
  expect(await left()).toBe(0);
  expect((await store.stats()).counts.evicted).toBe(3);
  expect(reported).toEqual([]);
});

test('the clock is checked at least once a minute, since it may be set', async () => {
  const { store, reported } = aStore();
  const clock = new Clock();
  await store.add(anIncoming({ receivedAt: clock.now() }));
  using expiry = await startExpiry(store, {
    age: 1000 * HOUR,
    now: clock.now,
    after: clock.after,
    report: (error) => reported.push(error),
  });
  void expiry;
  expect(clock.waits).toBe(60_000);
  await clock.pass(59_999);
  clock.jump(1000 * HOUR);
  await clock.pass(1);
  expect((await store.stats()).counts.total).toBe(0);
});

test('a stop ends the waiting', async () => {
  const { store, reported } = aStore();
  const clock = new Clock();
  const expiry = await startExpiry(store, {
    age: HOUR,
    now: clock.now,
    after: clock.after,
    report: (error) => reported.push(error),
  });
  expiry[Symbol.dispose]();
  expect(clock.waits).toBeNull();
});

test('a failure is reported, and retried', async () => {
  const { store, reported } = aStore();
  const clock = new Clock();
  let failing = true;
  const flaky = Object.assign(Object.create(store), {
    expire: (before: Date) => (failing ? Promise.reject(new Error('no disk')) : store.expire(before)),
  });
  await store.add(anIncoming({ receivedAt: new Date(clock.time - 2 * HOUR) }));
  using expiry = await startExpiry(flaky, {
    age: HOUR,
    now: clock.now,
    after: clock.after,
    report: (error) => reported.push(error),
  });
  void expiry;
  expect(reported).toEqual([new Error('no disk')]);
  failing = false;
  await clock.pass(60_000);
  expect((await store.stats()).counts.total).toBe(0);
});
