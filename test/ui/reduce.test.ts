import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame, Summary } from '../../client/index.ts';
import { type Inbox, rowOf, slotOfIndex, unknown, type View, wanted } from '../../ui/src/inbox/inbox.ts';
import { type Action, reduce } from '../../ui/src/inbox/reduce.ts';
import { FakeServer } from './fake-server.ts';

/** The page and its server, with a network that the test controls. */
class Page {
  inbox: Inbox = unknown;
  view: View = { first: 0, last: 9 };
  readonly server = new FakeServer();
  #answers: Action[] = [];

  dispatch(action: Action): void {
    this.inbox = reduce(this.inbox, action);
  }

  connect(): void {
    this.server.frames = [];
    this.server.hello({ resumed: false });
    this.dispatch({ type: 'up' });
    this.deliverFrames(Number.POSITIVE_INFINITY);
  }

  /** Requests missing rows. The response is created now, and delivered by `deliverAnswer`. */
  ask(): boolean {
    const want = wanted(this.inbox, this.view);
    if (want === null) return false;
    const listing = this.server.list(this.inbox.query, want);
    this.#answers.push({ type: 'loaded', asked: this.inbox, offset: want.offset, listing });
    return true;
  }

  deliverAnswer(): void {
    const answer = this.#answers.shift();
    if (answer) this.dispatch(answer);
  }

  deliverFrames(count: number): void {
    const frames: Frame[] = this.server.frames.splice(0, count);
    if (frames.length > 0) this.dispatch({ type: 'frames', frames, around: slotOfIndex(this.inbox, this.view.first) });
  }

  /** Delivers everything, and requests rows until none are missing. */
  settle(): void {
    this.deliverFrames(Number.POSITIVE_INFINITY);
    while (this.#answers.length > 0) this.deliverAnswer();
    for (let rounds = 0; this.ask(); rounds++) {
      this.deliverAnswer();
      if (rounds > 10) throw new Error('The page never stops asking');
    }
  }

  shown(): readonly (string | undefined)[] {
    return this.rows().map((row) => row?.id);
  }

  rows(): readonly (Summary | undefined)[] {
    const { first, last } = this.view;
    const end = Math.min(last, this.inbox.matched - 1);
    const positions = Array.from({ length: Math.max(0, end - first + 1) }, (_, i) => first + i);
    return positions.map((index) => this.inbox.rows.get(slotOfIndex(this.inbox, index)));
  }

  expected(): readonly string[] {
    return this.expectedRows().map(({ id }) => id);
  }

  expectedRows(): readonly Summary[] {
    return this.server.matching(this.inbox.query).slice(this.view.first, this.view.last + 1);
  }
}

function pageWith(mails: number): Page {
  const page = new Page();
  for (let i = 0; i < mails; i++) page.server.add();
  page.connect();
  page.settle();
  return page;
}

describe('the live list', () => {
  test('new mail goes on top and moves no loaded row to another slot', () => {
    const page = pageWith(5);
    const before = page.inbox.slots;
    page.server.add();
    page.deliverFrames(1);
    expect(page.shown()).toEqual(['mail-6', 'mail-5', 'mail-4', 'mail-3', 'mail-2', 'mail-1']);
    for (const [id, slot] of before) expect(page.inbox.slots.get(id)).toBe(slot);
    expect(wanted(page.inbox, page.view)).toBeNull();
  });

  test('a page requested before new mail still fits after it', () => {
    const page = pageWith(500);
    page.view = { first: 300, last: 309 };
    page.ask();
    for (let i = 0; i < 50; i++) page.server.add();
    page.deliverFrames(50);
    page.deliverAnswer();
    page.view = { first: 350, last: 359 };
    expect(page.shown()).toEqual(page.expected());
  });

  test('at the limit, the oldest rows are removed without a request', () => {
    const page = pageWith(20);
    page.server.add(20);
    page.deliverFrames(2);
    expect(page.inbox.matched).toBe(20);
    expect(page.shown()).toEqual(page.expected());
    expect(wanted(page.inbox, page.view)).toBeNull();
    expect(rowOf(page.inbox, 'mail-1')).toBeUndefined();
  });

  test('at the limit, pinned rows stay, and move up to the others', () => {
    const page = pageWith(6);
    page.server.pin(0, true);
    page.server.pin(2, true);
    for (let i = 0; i < 3; i++) page.server.add(6);
    page.deliverFrames(Number.POSITIVE_INFINITY);
    expect(page.shown()).toEqual(['mail-13', 'mail-11', 'mail-9', 'mail-6', 'mail-3', 'mail-1']);
    expect(page.shown()).toEqual(page.expected());
    expect(rowOf(page.inbox, 'mail-1')?.pinned).toBe(true);
    page.settle();
    expect(page.shown()).toEqual(page.expected());
  });

  test('a page requested before pinned rows moved up is requested again', () => {
    const page = pageWith(300);
    page.server.pin(0, true);
    page.deliverFrames(1);
    page.view = { first: 270, last: 299 };
    page.ask();
    page.server.add(300);
    page.deliverFrames(2);
    page.deliverAnswer();
    page.settle();
    expect(page.shown()).toEqual(page.expected());
  });

  test('events that are not about mails move no row', () => {
    const page = pageWith(3);
    const { rows, slots, doubt } = page.inbox;
    const { counts } = page.server;
    const disk = { folder: '/data', free: 0, floor: 1, low: true };
    page.server.frames.push({ type: 'searches', seq: 4, searches: [], counts }, { type: 'disk', seq: 5, disk, counts });
    page.deliverFrames(2);
    expect(page.inbox).toMatchObject({ rows, slots, doubt });
  });

  test('a deletion closes the gap at once, and the view is requested again', () => {
    const page = pageWith(20);
    page.server.remove([18]);
    page.deliverFrames(1);
    expect(page.shown()).toEqual(page.expected());
    expect(wanted(page.inbox, page.view)).toEqual({ offset: 0, limit: 100 });
    page.settle();
    expect(page.shown()).toEqual(page.expected());
  });

  test('a deletion far below moves nothing in view', () => {
    const page = pageWith(500);
    page.server.remove([3]);
    page.deliverFrames(1);
    expect(page.shown()).toEqual(page.expected());
    expect(page.inbox.matched).toBe(499);
  });

  test('a response from before a deletion does not bring the mail back', () => {
    const page = pageWith(150);
    page.view = { first: 100, last: 120 };
    page.ask();
    page.server.remove([149]);
    page.deliverFrames(1);
    page.deliverAnswer();
    expect(rowOf(page.inbox, 'mail-150')).toBeUndefined();
    page.settle();
    expect(page.shown()).toEqual(page.expected());
  });

  test('reading changes the row in place', () => {
    const page = pageWith(3);
    page.server.read(1);
    page.deliverFrames(1);
    expect(rowOf(page.inbox, 'mail-2')?.read).toBe(true);
    expect(page.inbox.counts?.unread).toBe(2);
  });

  test('a response from before an update does not undo it', () => {
    const page = pageWith(150);
    page.view = { first: 100, last: 120 };
    page.ask();
    page.server.read(40);
    page.deliverFrames(1);
    page.deliverAnswer();
    expect(rowOf(page.inbox, 'mail-41')?.read).toBe(true);
  });

  test('a resumed feed brings missed events; one that starts over causes a full reload', () => {
    const page = pageWith(3);
    page.dispatch({ type: 'down' });
    page.server.add();
    page.server.frames.unshift({ type: 'hello', epoch: 'epoch-1', seq: 4, counts: page.server.counts, resumed: true });
    page.dispatch({ type: 'up' });
    page.deliverFrames(2);
    expect(page.shown()).toEqual(page.expected());
    expect(wanted(page.inbox, page.view)).toBeNull();

    page.dispatch({ type: 'down' });
    page.server.clear();
    page.server.add();
    page.connect();
    page.settle();
    expect(page.shown()).toEqual(['mail-6']);
  });
});

describe('a search', () => {
  test('keeps the rows of the previous search until its own arrive', () => {
    const page = pageWith(9);
    page.dispatch({ type: 'search', query: 'third' });
    expect(page.inbox.answered).toBe(false);
    expect(page.shown()).toHaveLength(9);
    page.settle();
    expect(page.shown()).toEqual(['mail-9', 'mail-6', 'mail-3']);
  });

  test('asks again when mail arrives, since only the server knows whether it matches', () => {
    const page = pageWith(9);
    page.dispatch({ type: 'search', query: 'third' });
    page.settle();
    for (let i = 0; i < 3; i++) page.server.add();
    page.deliverFrames(3);
    expect(page.shown()).toEqual(['mail-9', 'mail-6', 'mail-3']);
    page.settle();
    expect(page.shown()).toEqual(['mail-12', 'mail-9', 'mail-6', 'mail-3']);
  });

  test('asks again when a mailbox has deleted a mail that others still have', () => {
    const page = pageWith(9);
    page.server.deleteFromMailbox(5);
    page.deliverFrames(1);
    expect(page.shown()).toHaveLength(9);
    expect(wanted(page.inbox, page.view)).toBeNull();
    page.dispatch({ type: 'search', query: 'third' });
    page.settle();
    expect(page.shown()).toEqual(['mail-9', 'mail-3']);
    page.server.deleteFromMailbox(2);
    page.deliverFrames(1);
    page.settle();
    expect(page.shown()).toEqual(['mail-9']);
  });

  test('that is rejected keeps the rows and says why', () => {
    const page = pageWith(2);
    page.dispatch({ type: 'search', query: '(' });
    page.dispatch({ type: 'failed', query: '(', code: 'bad-query', detail: 'column 1: no closing parenthesis' });
    expect(page.inbox.failure?.detail).toContain('column 1');
    expect(page.shown()).toHaveLength(2);
    expect(wanted(page.inbox, page.view)).toBeNull();
    page.dispatch({ type: 'search', query: '' });
    page.settle();
    expect(page.shown()).toEqual(['mail-2', 'mail-1']);
  });

  test('a response to an earlier search is ignored', () => {
    const page = pageWith(9);
    page.dispatch({ type: 'search', query: 'third' });
    page.ask();
    page.dispatch({ type: 'search', query: '' });
    page.deliverAnswer();
    page.settle();
    expect(page.shown()).toHaveLength(9);
  });
});

test('after any events in any order, the view agrees with the server', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant({ do: 'add' as const }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('evict' as const), limit: fc.integer({ min: 1, max: 300 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('remove' as const), at: fc.array(fc.nat(400), { maxLength: 5 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), at: fc.nat(400) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('pin' as const), at: fc.nat(400), pinned: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.constantFrom({ do: 'clear' as const }, { do: 'reconnect' as const }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('scroll' as const), first: fc.nat(400) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('search' as const), query: fc.constantFrom('', 'third') }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('frames' as const), count: fc.integer({ min: 1, max: 20 }) }) },
    { weight: 4, arbitrary: fc.constantFrom({ do: 'ask' as const }, { do: 'answer' as const }) },
  );
  fc.assert(
    fc.property(fc.nat(400), fc.array(step, { maxLength: 60 }), (mails, steps) => {
      const page = pageWith(mails);
      for (const at of steps) {
        if (at.do === 'add') page.server.add();
        if (at.do === 'evict') page.server.add(at.limit);
        if (at.do === 'remove') page.server.remove(at.at);
        if (at.do === 'read') page.server.read(at.at);
        if (at.do === 'pin') page.server.pin(at.at, at.pinned);
        if (at.do === 'clear') page.server.clear();
        if (at.do === 'reconnect') page.connect();
        if (at.do === 'scroll') page.view = { first: at.first, last: at.first + 30 };
        if (at.do === 'search') page.dispatch({ type: 'search', query: at.query });
        if (at.do === 'frames') page.deliverFrames(at.count);
        if (at.do === 'ask') page.ask();
        if (at.do === 'answer') page.deliverAnswer();
        const { rows, slots } = page.inbox;
        expect(slots.size).toBe(rows.size);
        for (const [id, slot] of slots) expect(rows.get(slot)?.id).toBe(id);
      }
      page.settle();
      expect(page.inbox.matched).toBe(page.server.matching(page.inbox.query).length);
      expect(page.inbox.counts).toEqual(page.server.counts);
      expect(page.rows()).toEqual(page.expectedRows());
    }),
    { numRuns: 300 },
  );
});
