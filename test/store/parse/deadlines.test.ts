import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Slices } from '../../../server/slices.ts';
import { type Expectation, expectMail } from '../../../server/store/wait/expect.ts';
import { report } from '../../../server/store/wait/report.ts';
import { Watches } from '../../../server/store/wait/watch.ts';
import { parseQuery } from '../../../wire/query/text.ts';
import { anIncoming } from '../../message/a-summary.ts';
import { aStore, SlowContents } from '../a-store.ts';

const now = () => new Date('2026-01-02T03:04:06Z');
const mail = (subject: string, text: string, to = 'ada@x.test') =>
  anIncoming({ raw: `From: shop@x.test\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\n${text}\r\n`, to: [to] });

/** A store whose parser never reaches the slow mails by itself, and an expectation on it. */
function aSlowStore() {
  const { store, contents, reported } = aStore({}, new SlowContents());
  const watches = new Watches(store, now, (error) => reported.push(error));
  const expecting = (q: string, rest: Partial<Expectation> = {}) => {
    const expectation: Expectation = {
      query: parseQuery(q),
      count: { min: 1, max: Number.POSITIVE_INFINITY },
      within: 0,
      quiet: 0,
      ...rest,
    };
    const outcome = expectMail({ store, watches, slices: new Slices() }, expectation, now);
    return Object.assign(outcome, {
      /** The outcome and its report. */
      text: async () => report(expectation, await outcome, []).replaceAll(/after \d+ ms/g, 'after … ms'),
    });
  };
  const add = (...mails: Parameters<typeof mail>) => store.add(mail(...mails));
  return { store, contents, watches, reported, expecting, add };
}

const none = { min: 0, max: 0 };

// The parser never finishes the slow mails, so whatever settles does not depend on it.
describe('a deadline holds even if the parser is busy', () => {
  test('for mail that was there before', async () => {
    const { expecting, add } = aSlowStore();
    await add('Welcome', 'slow: your code is 123456');
    expect(await expecting('to:ada@x.test text:code').text()).toMatchInlineSnapshot(`
      "Expected at least 1 mail matching  to:ada@x.test text:code
      within 0 ms; none matched so far, but 1 mail was still being parsed and may match.

      ada@x.test got (1, newest first):
           03:04:05.000  shop@x.test  -> ada@x.test  Welcome

      Nearest: "Welcome", id mail-0001
        text:  expected "code",  was not known: it was still being parsed"
    `);
  });

  test('for mail that arrives meanwhile', async () => {
    const { expecting, add, contents } = aSlowStore();
    const outcome = expecting('text:code', { within: 50 });
    await add('Welcome', 'slow: your code is 123456');
    await contents.asked();
    expect(await outcome).toMatchObject({ failure: 'too-few', undecided: 1, matching: [] });
  });

  test('however many mails are ahead', async () => {
    const { expecting, add } = aSlowStore();
    for (let i = 0; i < 40; i++) await add(`hostile ${i}`, 'slow');
    expect(await expecting('text:code')).toMatchObject({ failure: 'too-few', undecided: 40 });
    expect(await expecting('subject:reset')).toMatchObject({ failure: 'too-few', undecided: 0 });
  });

  test('a query without a body field does not wait for parsing', async () => {
    const { expecting, add } = aSlowStore();
    await add('Reset', 'slow');
    expect(await expecting('subject:reset', { within: 60_000 })).toMatchObject({ failure: null });
    expect(await expecting('subject:other', { count: none })).toMatchObject({ failure: null });
  });

  test('a match that arrives while older mail is being parsed is enough', async () => {
    const { expecting, add, contents } = aSlowStore();
    await add('Old', 'slow');
    const outcome = expecting('text:hello OR subject:reset', { within: 60_000 });
    await contents.asked();
    await add('Reset', 'hello');
    expect(await outcome).toMatchObject({ failure: null, matching: [{ subject: 'Reset' }] });
  });
});

describe('expecting none includes mail that is still being parsed', () => {
  test('it fails when that cannot be decided', async () => {
    const { expecting, add } = aSlowStore();
    await add('Welcome', 'slow');
    const text = await expecting('to:ada@x.test text:code', { count: none }).text();
    expect(text.split('\n').slice(0, 2).join('\n')).toMatchInlineSnapshot(`
      "Expected no mail matching  to:ada@x.test text:code
      but after … ms 1 mail was still being parsed, so it is not known whether there is one."
    `);
  });

  test('it is waited for, past the deadline: not the one', async () => {
    const { expecting, add, contents } = aSlowStore();
    await add('Welcome', 'slow');
    const outcome = expecting('text:code', { count: none });
    await contents.asked();
    contents.letGo();
    expect(await outcome).toMatchObject({ failure: null, undecided: 0 });
  });

  test('it is waited for, past the deadline: the one', async () => {
    const { expecting, add, contents } = aSlowStore();
    const outcome = expecting('text:code', { count: none, within: 1 });
    await add('Welcome', 'slow code');
    await contents.asked();
    contents.letGo();
    expect(await outcome).toMatchObject({ failure: 'too-many', matching: [{ subject: 'Welcome' }] });
  });

  test('so is an exact count, and quiet', async () => {
    const { expecting, add } = aSlowStore();
    await add('one', 'code');
    await add('two', 'slow');
    expect(await expecting('text:code', { count: { min: 1, max: 1 } })).toMatchObject({ failure: 'undecided' });
    expect(await expecting('text:code', { quiet: 1 })).toMatchObject({ failure: 'undecided', undecided: 1 });
    expect(await expecting('text:code', { count: { min: 0, max: Number.POSITIVE_INFINITY } })).toMatchObject({
      failure: 'undecided',
    });
    expect(await expecting('text:code', { count: { min: 1, max: 2 } })).toMatchObject({ failure: null });
  });
});

describe('mail that came in time but is not parsed in time', () => {
  test('is not reported as expected', async () => {
    const { expecting, add } = aSlowStore();
    await add('Reset', 'slow');
    const outcome = expecting('subject:reset', { message: { text: { contains: 'code' } } });
    expect(await outcome).toMatchObject({ failure: 'unread', undecided: 1 });
    expect(await outcome.text()).toContain('It came, but was still being parsed when time was up.');
  });

  test('is not returned if whole mails are requested', async () => {
    const { expecting, add, contents } = aSlowStore();
    await add('Reset', 'slow');
    expect(await expecting('subject:reset', { full: true })).toMatchObject({ failure: 'unread' });
    contents.letGo();
    const outcome = expecting('subject:reset', { full: true, within: 60_000 });
    await contents.asked();
    contents.letGo();
    expect([...(await outcome).contents.values()]).toMatchObject([{ text: 'slow\r\n' }]);
  });

  test('does not hide one that differs', async () => {
    const { expecting, add } = aSlowStore();
    await add('Reset 1', 'slow');
    await add('Reset 2', 'hello');
    const message = { text: { contains: 'code' } };
    expect(await expecting('subject:reset', { message })).toMatchObject({
      failure: 'different',
      closest: [{ message: { subject: 'Reset 2' } }],
    });
  });
});

test('a wait settles once, and leaves no listener or watch behind', async () => {
  const { expecting, add, watches, reported, contents } = aSlowStore();
  await add('Welcome', 'slow');
  const gone = new AbortController();
  const { signal } = gone;
  for (let i = 0; i < 50; i++) {
    await expecting('subject:reset', { signal });
    await expecting('subject:welcome', { signal });
    await expecting('subject:reset', { count: none, signal });
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  const waiting = expecting('text:code', { within: 60_000, signal });
  await contents.asked();
  const reason = new Error('the test is over');
  gone.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect([watches.size, getEventListeners(signal, 'abort'), reported]).toEqual([0, [], []]);
  contents.letGo();
});
