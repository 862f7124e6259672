import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../client/node.ts';
import { type Stage, subjects } from './stage.ts';

/** Waiting for mail, and for none. */
export function waitingBehaviour(stage: Stage): void {
  const { send, sendAll } = stage;

  describe('waitFor', () => {
    test('returns existing mail', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await sendAll(ada.address, 'Reset your password', 'Welcome', 'Reset your password again');
      expect((await ada.waitFor()).subject).toBe('Reset your password again');
      expect((await ada.waitFor({ subject: /^reset.*password$/ })).subject).toBe('Reset your password');
      expect((await ada.waitFor('welcome')).subject).toBe('Welcome');
    });

    test('waits for new mail', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const waiting = ada.waitFor({ subject: 'late', text: /code: \d{6}/ });
      await send(ada.address, { subject: 'too early' });
      await send(ada.address, { subject: 'late', text: 'Your code: 123456' });
      expect(await waiting).toMatchObject({ subject: 'late', text: expect.stringContaining('123456') });
    });

    test('with a query for a recipient, still only finds its own mail', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await send('bob@example.test', { subject: 'for bob' });
      await expect(ada.waitFor({ rcpt: 'bob@example.test' }, { timeout: 0 })).rejects.toThrow(/none came/);
      await expect(ada.waitFor('rcpt:bob@example.test OR subject:bob', { timeout: 0 })).rejects.toThrow(/none came/);
    });

    test('on timeout, rejects with a report of what arrived instead', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await send(ada.address, { subject: 'Welcome to the shop' });
      const error = await ada.waitFor({ subject: /reset/ }, { timeout: 20 }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'ExpectationError', code: 'expectation-failed', status: 417 });
      const { message, arrived, closest } = error as Error & { arrived: unknown[]; closest: unknown[] };
      expect(message).toMatch(/^Expected at least 1 mail matching .*reset/);
      expect(message).toContain('within 20 ms; none came.');
      expect(message).toMatch(/subject: {2}expected \/reset\/, {2}was "Welcome to the shop"/);
      expect(arrived.length).toBeGreaterThan(0);
      expect(closest[0]).toMatchObject({ subject: 'Welcome to the shop' });
    });

    test('ends with the signal', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const reason = new Error('the test is over');
      await expect(ada.waitFor('', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const controller = new AbortController();
      const waiting = ada.waitFor('', { signal: controller.signal });
      await send('bob@example.test', { subject: 'something else happens' });
      controller.abort(reason);
      await expect(waiting).rejects.toBe(reason);
    });

    test('settles once, and leaves no listener on a signal shared by many waits', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await send(ada.address, { subject: 'Welcome' });
      const { signal } = new AbortController();
      const warnings: string[] = [];
      const warned = (warning: Error) => warnings.push(warning.message);
      process.on('warning', warned);
      for (let i = 0; i < 30; i++) {
        await ada.waitFor('', { signal });
        await ada.messages('', { signal });
        await expect(ada.waitFor('subject:other', { timeout: 0, signal })).rejects.toThrow(/none came/);
      }
      process.off('warning', warned);
      expect([getEventListeners(signal, 'abort'), warnings]).toEqual([[], []]);
    });

    test.each([
      [{}, /\{\} would match every mail. Please name a field, or leave the query out/],
      [{ subject: '' }, /"subject" is empty, so every mail would match/],
      [{ subject: /(?:)/ }, /"subject" is empty/],
      [{ has: [] }, /"has" is empty/],
      [{ headers: {} }, /"headers" is empty/],
      [{ subject: undefined }, /"subject" is undefined. Please give a value or leave it out/],
      [{ timeout: 200 }, /"timeout" is not a field of a query. Please use .*; options are the next argument/],
      [{ subject: 7 }, /"subject" is 7. Please give a text or a regular expression/],
      [/reset/, /\/reset\/ is not a query. Please give text like/],
      [{ subject: /reset/g }, /the flag "g" of \/reset\/g is not supported by the server. Please use no flag or "i"/],
    ])('refuses %j', async (query, why) => {
      await expect(stage.sandbox.waitFor(query as never)).rejects.toThrow(why);
    });

    test('rejects an invalid time before it waits', async () => {
      for (const timeout of [-1, 1.5, Number.NaN, 1e9]) {
        await expect(stage.sandbox.waitFor('', { timeout })).rejects.toThrow(
          /is not a valid time to wait. Please give whole milli/,
        );
      }
    });

    test('names the column of an error in the query as written', async () => {
      const rejected = stage.sandbox.mailbox().waitFor('subject:reset (');
      await expect(rejected).rejects.toMatchObject({
        code: 'bad-query',
        message: expect.stringContaining('column 16'),
      });
    });

    test('says what the server does not support in a regular expression', async () => {
      await expect(stage.sandbox.waitFor({ subject: /(?!x)y/ })).rejects.toThrow(/RE2 syntax/);
    });
  });

  describe('waitForCount', () => {
    test('returns mails in order of arrival', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const waiting = ada.waitForCount(3);
      await sendAll(ada.address, 'one', 'two', 'three');
      expect(subjects(await waiting)).toEqual(['one', 'two', 'three']);
    });

    test('counts the matching mails, exactly or in a range', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await sendAll(ada.address, 'invoice 1', 'welcome', 'invoice 2');
      expect(await ada.waitForCount(2, { subject: 'invoice' }, { quiet: 20 })).toHaveLength(2);
      expect(await ada.waitForCount({ min: 1 })).toHaveLength(3);
      await expect(ada.waitForCount(2)).rejects.toThrow(/Expected 2 mails.*\n.*there are 3/);
      await expect(ada.waitForCount(4, '', { timeout: 20 })).rejects.toThrow(/only 3 came/);
      await expect(ada.waitForCount(0)).rejects.toThrow(/Please use expectNone/);
      await expect(ada.waitForCount({ min: 2, max: 1 })).rejects.toThrow(/"min" 2 is more than "max" 1/);
    });

    test('returns hundreds of whole mails with few requests', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const asked: string[] = [];
      await using counted = await connect(stage.sandbox.http.url, {
        fetch: (input, init) => {
          asked.push(new URL(String(input)).pathname);
          return fetch(input, init);
        },
      });
      for (let i = 0; i < 250; i++)
        await stage.sandbox.api.deliver(`Subject: ${i}\r\n\r\nbody ${i}\r\n`, { to: [ada.address] });
      asked.length = 0;
      const mails = await counted.mailbox({ address: ada.address }).waitForCount(250, '', { timeout: 60_000 });
      expect(mails.map(({ text }) => text?.trim())).toEqual(Array.from({ length: 250 }, (_, i) => `body ${i}`));
      expect(asked).toEqual(['/api/expect', '/api/messages']);
    });
  });

  describe('expectNone', () => {
    test('passes while nothing arrives, and fails as soon as something does', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await ada.expectNone({ within: 20 });
      const failing = expect(ada.expectNone({ within: 60_000 })).rejects.toThrow(
        /Expected no mail .*\n.*one came after/,
      );
      await send(ada.address, { subject: 'unwelcome' });
      await failing;
    });

    test('ignores mail that the test was already given', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await sendAll(ada.address, 'reset');
      await ada.waitFor({ subject: 'reset' });
      await ada.expectNone({ within: 20 });
      const failing = expect(ada.expectNone({ within: 60_000 })).rejects.toThrow(
        /nothing more for 60000 ms; then another/,
      );
      await sendAll(ada.address, 'other');
      await failing;
      await ada.expectNone({ within: 20, matching: { subject: 'reset' } });
      await expect(ada.expectNone({ within: 20, matching: { subject: 'other' } })).rejects.toThrow(/Expected no mail/);
    });

    test('finds a mail that was sent twice, even if both arrived before the first look', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await sendAll(ada.address, 'reset', 'reset');
      await ada.waitFor({ subject: 'reset' });
      await expect(ada.expectNone()).rejects.toThrow(/Expected 1 mail .*\nbut there are 2/);
    });

    test('rejects a query in place of its options', async () => {
      const call = stage.sandbox.expectNone({ subject: /reset/ } as never);
      await expect(call).rejects.toThrow(
        /"subject" is not an option.*Please write expectNone\(\{ matching: \{ subject/,
      );
    });
  });

  describe('next', () => {
    test('returns each mail once, in order', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await sendAll(ada.address, 'first code', 'second code');
      expect((await ada.next()).subject).toBe('first code');
      expect((await ada.next()).subject).toBe('second code');
      const waiting = ada.next();
      await sendAll(ada.address, 'third code');
      expect((await waiting).subject).toBe('third code');
      await expect(ada.next({ timeout: 20 })).rejects.toThrow(/none came/);
    });

    test('when aborted, ends at once, even behind another call, and takes no mail', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const controller = new AbortController();
      const first = ada.next();
      const second = ada.next({ signal: controller.signal });
      controller.abort(new Error('given up'));
      await expect(second).rejects.toThrow('given up');
      await sendAll(ada.address, 'a', 'b');
      expect(subjects([await first, await ada.next()])).toEqual(['a', 'b']);
    });

    test('concurrent calls get different mails; a failed one takes none from the others', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const failing = expect(ada.next({ signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow(
        'given up',
      );
      const waiting = Promise.all([ada.next(), ada.next(), ada.next()]);
      await sendAll(ada.address, 'a', 'b', 'c');
      expect(subjects(await waiting)).toEqual(['a', 'b', 'c']);
      await failing;
    });
  });
}
